import { css } from "lit";

/** What every part shares: the type scale, buttons, fields, focus. Colours come from the room around it. */
export const baseStyles = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl {
    margin: 0;
    padding: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  a {
    color: var(--_accent-text);
    text-underline-offset: 0.15em;
  }

  button,
  input,
  textarea {
    font: inherit;
    color: inherit;
  }

  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }

  .icon {
    flex: none;
    display: block;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    min-block-size: 2.75rem;
    padding-inline: 1.1rem;
    border: 1px solid var(--_line-strong);
    border-radius: var(--_radius-small);
    background: none;
    font-weight: 550;
    text-decoration: none;
    cursor: pointer;
    transition: background-color 120ms;
  }

  .button:hover {
    background: var(--_hover);
  }

  .button.primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }

  .button.primary:hover {
    background: var(--_accent-hover);
  }

  .button.danger {
    border-color: transparent;
    background: var(--_danger);
    color: var(--_on-danger);
  }

  .button.small {
    padding-inline: 0.75rem;
    font-size: 0.875rem;
  }

  .button:disabled,
  .button[aria-disabled="true"] {
    cursor: default;
    opacity: 0.6;
  }

  .icon-button {
    display: inline-grid;
    place-items: center;
    min-inline-size: 2.75rem;
    min-block-size: 2.75rem;
    padding: 0;
    border: 0;
    border-radius: var(--_radius-small);
    background: none;
    cursor: pointer;
    transition: background-color 120ms;
  }

  .icon-button:hover {
    background: var(--_hover);
  }

  .field {
    inline-size: 100%;
    min-block-size: 2.75rem;
    padding: 0.6rem 0.8rem;
    border: 1px solid var(--_line-field);
    border-radius: var(--_radius-small);
    background: var(--_field);
    color: var(--_field-text);
  }

  .field:focus-visible {
    outline-offset: 0;
    border-color: var(--_focus);
  }

  .field::placeholder,
  textarea::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  .muted {
    color: var(--_muted);
  }

  .small {
    font-size: 0.875rem;
  }

  .sr-only {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 0.01ms !important;
      animation-iteration-count: 1 !important;
      transition-duration: 0.01ms !important;
      scroll-behavior: auto !important;
    }
  }

  @media (forced-colors: active) {
    .button,
    .icon-button {
      border: 1px solid ButtonBorder;
    }

    .button.primary {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;
