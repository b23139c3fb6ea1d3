import { css } from "lit";

export const statusStyles = css`
  :host {
    display: grid;
    min-block-size: 100%;
    padding: 1.5rem 1.25rem;
    place-items: center;
    align-content: center;
  }

  .card {
    inline-size: min(100%, 25rem);
    display: grid;
    justify-items: center;
    gap: 0.6rem;
    text-align: center;
  }

  .badge {
    display: grid;
    place-items: center;
    inline-size: 3.5rem;
    block-size: 3.5rem;
    margin-block-end: 0.5rem;
    border-radius: 50%;
    background: var(--_hover);
  }

  .badge .icon {
    inline-size: 1.6rem;
    block-size: 1.6rem;
  }

  h2 {
    font-size: 1.25rem;
    font-weight: 650;
    line-height: 1.3;
    text-wrap: balance;
  }

  .button {
    margin-block-start: 0.9rem;
  }

  details {
    margin-block-start: 1rem;
    overflow-wrap: anywhere;
  }

  summary {
    min-block-size: 2.75rem;
    line-height: 2.75rem;
    cursor: pointer;
  }

  .shimmer {
    display: block;
    border-radius: var(--_radius-small);
    background: var(--_hover);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }

  .tile {
    inline-size: 4rem;
    block-size: 4rem;
    margin-block-end: 0.35rem;
    border-radius: 1.25rem;
  }

  .line {
    inline-size: 45%;
    block-size: 0.9rem;
  }

  .line.title {
    inline-size: 65%;
    block-size: 1.6rem;
  }

  .box {
    inline-size: 100%;
    block-size: 15rem;
    margin-block: 0.75rem;
    border-radius: var(--_radius);
  }

  .control {
    inline-size: 100%;
    block-size: 2.75rem;
  }

  @keyframes breathe {
    from {
      opacity: 1;
    }
    to {
      opacity: 0.45;
    }
  }
`;
