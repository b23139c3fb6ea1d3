import { css } from "lit";

export const headerStyles = css`
  :host {
    display: block;
    border-block-end: 1px solid var(--_line);
  }

  .bar {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    min-block-size: 4rem;
    padding-block: 0.5rem;
    padding-inline: 1.1rem 0.6rem;
  }

  .title,
  ::slotted(*) {
    flex: 1;
    min-inline-size: 0;
  }

  h2 {
    overflow: hidden;
    font-size: 1.0625rem;
    font-weight: 650;
    line-height: 1.3;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .title p {
    display: flex;
    align-items: center;
    gap: 0.3rem;
    font-size: 0.8125rem;
    line-height: 1.3;
  }

  .title p span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .title .icon {
    inline-size: 0.85rem;
    block-size: 0.85rem;
  }

  .actions,
  .confirm {
    display: flex;
    flex: none;
    align-items: center;
    gap: 0.25rem;
  }

  .confirm {
    gap: 0.5rem;
    padding-inline-end: 0.4rem;
  }

  .naming {
    flex: 1;
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-inline-size: 0;
    padding-inline-end: 0.5rem;
  }

  .field {
    flex: 1;
    min-inline-size: 0;
  }

  .question {
    font-size: 0.875rem;
    font-weight: 550;
  }

  .count {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
    padding-inline: 0.65rem;
    font-size: 0.875rem;
    font-weight: 550;
    font-variant-numeric: tabular-nums;
  }

  .occupants[aria-expanded="true"] {
    background: var(--_hover);
  }

  .leave .icon:dir(rtl) {
    scale: -1 1;
  }

  @container (inline-size < 420px) {
    .asking .title,
    .asking ::slotted(*) {
      display: none;
    }

    .asking .confirm {
      flex: 1;
    }

    .asking .question {
      flex: 1;
    }
  }
`;
