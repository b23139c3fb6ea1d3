import { css } from "lit";

export const occupantsStyles = css`
  :host {
    display: grid;
    min-block-size: 0;
  }

  section {
    display: grid;
    grid-template-rows: auto 1fr;
    min-block-size: 0;
  }

  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding-block: 0.5rem 0.25rem;
    padding-inline: 1.1rem 0.6rem;
  }

  h3 {
    font-size: 0.9375rem;
    font-weight: 650;
  }

  .scroll {
    overflow-y: auto;
    min-block-size: 0;
    padding: 0 0.6rem 0.75rem;
    scrollbar-width: thin;
    scrollbar-color: var(--_line-strong) transparent;
  }

  .scroll:focus-visible {
    outline-offset: -2px;
  }

  li {
    display: flex;
    align-items: center;
    gap: 0.7rem;
    min-block-size: 2.75rem;
    padding: 0.3rem 0.5rem;
    border-radius: var(--_radius-small);
  }

  .picture {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 2rem;
    block-size: 2rem;
    border-radius: 50%;
    background: color-mix(in srgb, var(--_hue) 16%, transparent);
    color: var(--_hue);
    font-size: 0.875rem;
    font-weight: 650;
  }

  .who {
    flex: 1;
    min-inline-size: 0;
    font-size: 0.9375rem;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }

  .more {
    display: block;
    font-size: 0.8125rem;
  }

  .tools {
    display: grid;
    gap: 0.6rem;
    justify-items: start;
    align-content: start;
    min-block-size: 3.5rem;
    padding: 0.25rem 0.5rem;
  }

  /* As high as what comes, so that the list stays where it is. */
  .tools.owner {
    min-block-size: 6.65rem;
  }

  .person {
    margin-inline-end: -0.4rem;
    color: var(--_muted);
  }

  details,
  mimi-room-acceptance {
    padding-inline: 0.5rem;
  }

  details {
    margin-block-start: 0.75rem;
    padding-block-start: 0.25rem;
    border-block-start: 1px solid var(--_line);
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

  .digits {
    display: grid;
    grid-template-columns: repeat(3, max-content);
    gap: 0.1rem 1rem;
    margin-block-end: 0.4rem;
    font-family: ui-monospace, monospace;
    font-size: 1rem;
    font-variant-numeric: tabular-nums;
  }

  .role {
    flex: none;
    padding: 0.1rem 0.55rem;
    border: 1px solid var(--_line-strong);
    border-radius: 999px;
    font-size: 0.75rem;
    font-weight: 550;
  }
`;
