import { css } from "lit";

export const composerStyles = css`
  :host {
    display: block;
    padding: 0.25rem 0.9rem calc(0.9rem + env(safe-area-inset-bottom, 0px));
  }

  form {
    max-inline-size: 56rem;
    margin-inline: auto;
  }

  .box {
    display: flex;
    align-items: flex-end;
    gap: 0.35rem;
    padding: 0.25rem;
    border: 1px solid var(--_line-field);
    border-radius: 1.65rem;
    transition: border-color 120ms;
  }

  .box:focus-within {
    border-color: var(--_focus);
    box-shadow: 0 0 0 1px var(--_focus);
  }

  .denied .box {
    border-color: var(--_line);
    background: var(--_hover);
  }

  /* The mirror holds the same text and makes the box grow; the field lies over it. */
  .grow {
    flex: 1;
    display: grid;
    min-inline-size: 0;
    max-block-size: min(12rem, 40dvh);
    overflow: hidden;
  }

  .mirror,
  textarea {
    grid-area: 1 / 1;
    min-inline-size: 0;
    max-block-size: min(12rem, 40dvh);
    margin: 0;
    padding: 0.625rem 0.85rem;
    border: 0;
    font: inherit;
    line-height: 1.5rem;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  .mirror {
    visibility: hidden;
    overflow: hidden;
  }

  textarea {
    min-block-size: 2.75rem;
    overflow-y: auto;
    background: none;
    color: inherit;
    outline: none;
    resize: none;
    scrollbar-width: thin;
  }

  textarea::placeholder {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .send {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 2.75rem;
    block-size: 2.75rem;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: var(--_accent);
    color: var(--_on-accent);
    cursor: pointer;
    transition: background-color 120ms;
  }

  .send:hover {
    background: var(--_accent-hover);
  }

  .send[aria-disabled="true"] {
    background: var(--_hover);
    color: var(--_muted);
    cursor: default;
  }

  .excess {
    padding: 0.35rem 0.85rem 0;
    color: var(--_danger-text);
    font-size: 0.8125rem;
  }

  /* Smaller text makes phones zoom in on the field. */
  @container (inline-size < 640px) {
    textarea,
    .mirror {
      font-size: max(1em, 16px);
    }
  }

  @container (inline-size < 420px) {
    :host {
      padding-inline: 0.6rem;
      padding-block-end: calc(0.6rem + env(safe-area-inset-bottom, 0px));
    }
  }

  @media (forced-colors: active) {
    .send {
      border: 1px solid ButtonBorder;
    }
  }
`;
