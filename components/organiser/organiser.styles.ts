import { css } from "lit";

/** What the organisers' tools share: they stand in the panel of people, which may be 13rem wide. */
export const organiserStyles = css`
  :host {
    display: block;
  }

  h4 {
    margin: 0;
    font-size: 1rem;
    font-weight: 650;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }

  .row,
  .top,
  .told {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4rem;
  }

  .bar {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 0.4rem;
    padding: 0.25rem 0.5rem 0.5rem;
  }

  .bar .lock {
    grid-column: 1 / -1;
  }

  .back {
    outline-offset: -2px;
  }

  #review {
    outline: none;
  }

  .top {
    flex-wrap: nowrap;
    margin-block-end: 0.25rem;
  }

  .told:not(:empty) {
    justify-content: space-between;
    margin: 0 0.5rem 0.5rem;
    padding: 0.4rem 0.75rem;
    border-radius: var(--_radius-small);
    background: color-mix(in srgb, var(--_accent) 10%, transparent);
    line-height: 1.35;
  }

  .told span,
  .row .who {
    flex: 1;
    min-inline-size: 6rem;
    overflow-wrap: anywhere;
  }

  section,
  form,
  .question,
  .effects {
    display: grid;
    gap: 0.5rem;
  }

  .deed {
    display: grid;
    gap: 0.1rem;
    inline-size: 100%;
    min-block-size: 2.75rem;
    padding: 0.5rem;
    border: 0;
    border-radius: var(--_radius-small);
    background: none;
    line-height: 1.35;
    text-align: start;
    cursor: pointer;
  }

  .deed:hover {
    background: var(--_hover);
  }

  .deed[aria-disabled="true"] {
    cursor: default;
    opacity: 0.6;
  }

  .label {
    font-weight: 600;
  }

  [data-deed="kick"] .label,
  [data-deed="ban"] .label {
    color: var(--_danger-text);
  }

  .ask {
    display: grid;
    gap: 0.6rem;
    margin-block: 0.25rem;
    padding: 0.75rem;
    border: 1px solid var(--_line-strong);
    border-radius: var(--_radius-small);
    font-size: 0.9375rem;
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  .ask strong {
    display: block;
    font-weight: 650;
  }

  .mistake {
    margin: 0.25rem 0.5rem;
    color: var(--_danger-text);
    font-size: 0.875rem;
    line-height: 1.4;
  }

  .switch {
    display: flex;
    align-items: center;
    gap: 0.7rem;
    min-block-size: 2.75rem;
    font-size: 0.9375rem;
    line-height: 1.35;
    cursor: pointer;
  }

  .switch input {
    flex: none;
    inline-size: 1.2rem;
    block-size: 1.2rem;
    margin: 0;
    accent-color: var(--_accent);
  }

  .question {
    gap: 0.25rem;
  }

  .question label {
    font-weight: 600;
  }

  select.field {
    padding-block: 0.4rem;
    background: var(--_raised);
    color: var(--_raised-text);
    font: inherit;
  }

  textarea.field {
    resize: vertical;
  }

  dl {
    display: grid;
    gap: 0.5rem;
  }

  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }

  .sentences {
    display: grid;
    gap: 0.5rem;
    font-size: 0.9375rem;
    line-height: 1.4;
  }

  .sentences li {
    padding-inline-start: 0.75rem;
    border-inline-start: 3px solid var(--_line-strong);
    overflow-wrap: anywhere;
  }

  ul.banned li {
    padding: 0.25rem 0.5rem;
  }

  section > p,
  form,
  .effects {
    padding-inline: 0.5rem;
  }
`;
