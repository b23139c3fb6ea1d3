import { css } from "lit";

export const hostedPageStyles = css`
  :host {
    display: block;
  }

  .full mimi-room {
    --mimi-block-size: 100dvh;
    --mimi-border: 0;
    border-radius: 0;
  }

  .page {
    display: grid;
    gap: 2rem;
    max-inline-size: 36rem;
    margin: 0 auto;
    padding: clamp(2rem, 8vh, 5rem) 1.25rem 4rem;
  }

  h1 {
    font-size: clamp(1.75rem, 1.4rem + 2vw, 2.375rem);
    font-weight: 700;
    line-height: 1.15;
    letter-spacing: -0.02em;
    text-wrap: balance;
  }

  .lede {
    margin-block-start: 0.75rem;
    font-size: 1.0625rem;
    text-wrap: pretty;
  }

  details {
    padding-block-start: 1rem;
    border-block-start: 1px solid var(--_line);
  }

  summary {
    display: flex;
    align-items: center;
    gap: 0.6rem;
    min-block-size: 2.75rem;
    font-weight: 550;
    cursor: pointer;
  }

  details p {
    margin-block: 0.25rem 1rem;
  }
`;
