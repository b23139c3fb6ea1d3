import { css } from "lit";

export const messageStyles = css`
  :host {
    display: block;
    padding-block-start: 2px;
  }

  :host([first]) {
    padding-block-start: 0.85rem;
  }

  article {
    display: flex;
    gap: 0.6rem;
  }

  .own {
    justify-content: flex-end;
  }

  .picture {
    flex: none;
    display: grid;
    place-items: center;
    inline-size: 2rem;
    block-size: 2rem;
    margin-block-start: 1.45rem;
    border-radius: 50%;
    color: var(--_hue);
    font-size: 0.875rem;
    font-weight: 650;
    user-select: none;
  }

  :host([first]) .picture {
    background: color-mix(in srgb, var(--_hue) 16%, transparent);
  }

  :host(:not([first])) .picture {
    block-size: 0;
    margin: 0;
  }

  .column {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    min-inline-size: 0;
    max-inline-size: min(85%, 40rem);
  }

  .own .column {
    align-items: flex-end;
  }

  .name {
    margin-inline-start: 0.1rem;
    padding-block-end: 0.15rem;
    color: var(--_hue);
    font-size: 0.8125rem;
    font-weight: 650;
    line-height: 1.25rem;
    overflow-wrap: anywhere;
  }

  .bubble {
    max-inline-size: 100%;
    padding: 0.5rem 0.8rem;
    border-radius: 1.125rem;
    background: var(--_bubble);
    line-height: 1.45;
    overflow-wrap: anywhere;
  }

  .other .bubble {
    border-start-start-radius: 0.35rem;
  }

  .own .bubble {
    border-end-end-radius: 0.35rem;
    background: var(--_accent);
    color: var(--_on-accent);
    --_accent-text: currentColor;
    --_focus: currentColor;
  }

  :host(:not([last])) .other .bubble {
    border-end-start-radius: 0.35rem;
  }

  :host(:not([first])) .own .bubble {
    border-start-end-radius: 0.35rem;
  }

  .own.waiting .bubble,
  .own.failed .bubble {
    outline: 1px dashed var(--_line-field);
    outline-offset: -1px;
    background: var(--_bubble);
    color: inherit;
  }

  .plain {
    white-space: pre-wrap;
  }

  .unsupported {
    font-style: italic;
  }

  .meta {
    display: flex;
    align-items: center;
    gap: 0.35rem;
    padding: 0.2rem 0.25rem 0;
    color: var(--_muted);
    font-size: 0.75rem;
    line-height: 1rem;
  }

  .status {
    display: inline-flex;
    align-items: center;
    gap: 0.25rem;
  }

  .status .icon {
    inline-size: 0.9rem;
    block-size: 0.9rem;
  }

  .status.failed {
    color: var(--_danger-text);
  }

  .failure {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 0.4rem;
    padding-block-start: 0.35rem;
  }

  .failure p {
    inline-size: 100%;
    color: var(--_danger-text);
    font-size: 0.8125rem;
    text-align: end;
  }

  @media (forced-colors: active) {
    .bubble {
      border: 1px solid CanvasText;
    }

    .own .bubble {
      border-color: Highlight;
    }
  }
`;
