import { css } from "lit";

export const timelineStyles = css`
  :host {
    position: relative;
    display: grid;
    min-block-size: 0;
    min-inline-size: 0;
  }

  .scroller {
    overflow: hidden auto;
    overflow-anchor: none;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_line-strong) transparent;
  }

  .scroller:focus-visible {
    outline-offset: -2px;
  }

  .content {
    display: flex;
    flex-direction: column;
    inline-size: min(100%, 58rem);
    min-block-size: 100%;
    margin-inline: auto;
    padding: 0.5rem 1.1rem 0.9rem;
  }

  .content > :first-child {
    margin-block-start: auto;
  }

  .day,
  .new {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    margin-block: 1.1rem 0.35rem;
    color: var(--_muted);
    font-size: 0.75rem;
    font-weight: 600;
  }

  .day::before,
  .day::after,
  .new::before,
  .new::after {
    content: "";
    flex: 1;
    border-block-start: 1px solid var(--_line);
  }

  .new {
    color: var(--_accent-text);
  }

  .new::before,
  .new::after {
    border-color: currentColor;
    opacity: 0.5;
  }

  .notice,
  .edge {
    padding-block: 0.5rem 0.1rem;
    color: var(--_muted);
    font-size: 0.8125rem;
    text-align: center;
    overflow-wrap: anywhere;
  }

  .empty {
    margin-block-end: auto;
    padding: 2rem 1rem;
    text-align: center;
  }

  .quiet {
    font-size: 1.0625rem;
    font-weight: 600;
  }

  .jump {
    position: absolute;
    inset-block-end: 0.75rem;
    inset-inline-end: 1rem;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.4rem;
    min-inline-size: 2.75rem;
    min-block-size: 2.75rem;
    padding-inline: 0.75rem;
    border: 1px solid var(--_line-strong);
    border-radius: 999px;
    background: var(--_raised);
    color: var(--_raised-text);
    font-size: 0.875rem;
    font-weight: 600;
    box-shadow: 0 4px 16px rgb(0 0 0 / 18%);
    cursor: pointer;
  }

  @container (inline-size < 420px) {
    .content {
      padding-inline: 0.8rem;
    }
  }
`;
