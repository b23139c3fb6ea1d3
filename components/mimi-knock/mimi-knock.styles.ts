import { css } from "lit";

export const knockStyles = css`
  :host {
    display: inline-block;
  }
`;
