import { css } from "lit";

export const joinLinkStyles = css`
  :host {
    display: inline-block;
    max-inline-size: 100%;
    container-type: normal;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 0.9rem;
  }

  a {
    display: inline-flex;
    align-items: center;
    min-block-size: 2.75rem;
    overflow-wrap: anywhere;
  }
`;
