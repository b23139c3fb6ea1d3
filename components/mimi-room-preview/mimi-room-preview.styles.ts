import { css } from "lit";

export const previewStyles = css`
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
    gap: 1.5rem;
  }

  .head {
    display: grid;
    justify-items: center;
    gap: 0.35rem;
    text-align: center;
  }

  .tile {
    display: grid;
    place-items: center;
    inline-size: 4rem;
    block-size: 4rem;
    margin-block-end: 0.5rem;
    border-radius: 1.25rem;
    background: color-mix(in srgb, var(--_hue) 16%, transparent);
    color: var(--_hue);
    font-size: 1.75rem;
    font-weight: 650;
  }

  h2 {
    font-size: 1.5rem;
    font-weight: 650;
    line-height: 1.25;
    letter-spacing: -0.01em;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }

  .about {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 0.15rem 0.9rem;
  }

  .inside {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
  }

  .inside .icon {
    inline-size: 1rem;
    block-size: 1rem;
  }

  .facts {
    display: grid;
    gap: 0.7rem;
    padding: 1rem 1.1rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    font-size: 0.9375rem;
    line-height: 1.4;
  }

  .facts li {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0.8rem;
  }

  .facts .icon {
    color: var(--_muted);
  }

  .facts li:first-child .icon {
    color: var(--_accent-text);
  }

  form {
    display: grid;
    gap: 0.4rem;
  }

  label {
    font-size: 0.875rem;
    font-weight: 600;
  }

  .mistake {
    color: var(--_danger-text);
    font-size: 0.875rem;
  }

  .mistake:empty {
    display: none;
  }

  .join {
    margin-block-start: 0.6rem;
    inline-size: 100%;
  }

  [aria-busy="true"] .join {
    opacity: 1;
  }

  .spinner {
    inline-size: 1.1em;
    block-size: 1.1em;
    border: 2px solid color-mix(in srgb, currentColor 35%, transparent);
    border-block-start-color: currentColor;
    border-radius: 50%;
    animation: turn 800ms linear infinite;
  }

  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }

  @container (inline-size < 420px) {
    :host {
      padding: 1.25rem 1rem;
    }
  }

  /* On a low screen the way in comes first. */
  @media (max-height: 720px) {
    .tile {
      display: none;
    }

    .card {
      gap: 1rem;
    }

    .facts {
      gap: 0.45rem;
      padding: 0.75rem 0.9rem;
      font-size: 0.875rem;
    }
  }
`;
