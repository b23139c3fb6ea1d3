import { css } from "lit";

/** Forms and cards of the provider's page. */
export const formStyles = css`
  :host {
    display: block;
  }

  form,
  .stack {
    display: grid;
    gap: 1.25rem;
  }

  .question {
    display: grid;
    gap: 0.35rem;
  }

  label,
  legend {
    font-weight: 600;
  }

  fieldset {
    display: grid;
    gap: 0.5rem;
    margin: 0;
    padding: 0;
    border: 0;
  }

  legend {
    padding: 0;
    margin-block-end: 0.35rem;
  }

  .choice {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0.1rem 0.75rem;
    padding: 0.8rem 1rem;
    border: 1px solid var(--_line-strong);
    border-radius: var(--_radius-small);
    cursor: pointer;
  }

  .choice:has(:checked) {
    border-color: var(--_accent-text);
    box-shadow: inset 0 0 0 1px var(--_accent-text);
  }

  .choice input {
    grid-row: span 2;
    inline-size: 1.15rem;
    block-size: 1.15rem;
    margin: 0.15rem 0 0;
    accent-color: var(--_accent);
  }

  .choice .small,
  label .small {
    font-weight: 400;
  }

  .mistake {
    color: var(--_danger-text);
    font-size: 0.875rem;
  }

  .mistake:empty {
    display: none;
  }

  .card {
    display: grid;
    gap: 0.75rem;
    padding: 1.25rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: light-dark(#fff, #1a1b20);
  }

  h1 {
    font-size: clamp(1.75rem, 1.4rem + 2vw, 2.375rem);
    font-weight: 700;
    line-height: 1.15;
    letter-spacing: -0.02em;
    outline: none;
  }

  header p {
    margin-block-start: 0.5rem;
  }

  h2 {
    font-size: 1.125rem;
    font-weight: 650;
    line-height: 1.3;
  }

  pre {
    margin: 0;
    padding: 0.9rem 1rem;
    border-radius: var(--_radius-small);
    background: var(--_hover);
    font: 0.8125rem / 1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.75rem;
  }

  input[type="file"] {
    padding-block: 0.5rem;
  }

  [aria-disabled="true"] {
    cursor: progress;
  }
`;
