import { css } from "lit";

export const acceptanceStyles = css`
  :host {
    display: block;
    text-align: start;
  }

  summary {
    display: inline-flex;
    align-items: center;
    min-block-size: 2.75rem;
    font-size: 0.875rem;
    text-decoration: underline;
    text-underline-offset: 0.15em;
    cursor: pointer;
  }

  label {
    display: flex;
    align-items: center;
    gap: 0.7rem;
    min-block-size: 2.75rem;
    font-size: 0.875rem;
    line-height: 1.35;
    cursor: pointer;
  }

  input {
    flex: none;
    inline-size: 1.2rem;
    block-size: 1.2rem;
    margin: 0;
    accent-color: var(--_accent);
  }
`;
