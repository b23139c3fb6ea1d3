import { css } from "lit";

export const roomStyles = css`
  :host {
    position: relative;
    display: block;
    block-size: var(--mimi-block-size, clamp(26rem, 80dvh, 44rem));
    min-inline-size: 0;
    overflow: hidden;
    container-type: inline-size;
    border: var(--mimi-border, 1px solid var(--_line-strong));
    border-radius: var(--_radius);
    background: var(--_surface);
    font-size: var(--mimi-font-size, 1rem);
    text-align: start;
  }

  :host([hidden]) {
    display: none;
  }

  .room,
  .joined {
    block-size: 100%;
    min-block-size: 0;
  }

  .entrance {
    block-size: 100%;
    overflow-y: auto;
  }

  .joined {
    display: flex;
    flex-direction: column;
  }

  .body {
    position: relative;
    flex: 1;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    min-block-size: 0;
  }

  .talk {
    display: grid;
    grid-template-rows: minmax(0, 1fr) auto;
    min-block-size: 0;
    min-inline-size: 0;
  }

  .body.with-people {
    grid-template-columns: minmax(0, 1fr) minmax(13rem, 17rem);
  }

  .with-people mimi-room-occupants {
    border-inline-start: 1px solid var(--_line);
  }

  .banner {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    padding: 0.5rem 1.1rem;
    border-block-end: 1px solid var(--_line);
    background: color-mix(in srgb, var(--_accent) 8%, transparent);
    font-size: 0.875rem;
    line-height: 1.4;
  }

  .banner p {
    flex: 1;
    min-inline-size: 0;
  }

  .banner strong {
    display: block;
    font-weight: 600;
  }

  .banner .button {
    flex: none;
  }

  /* On a phone the occupants lie over the messages. */
  .narrow.with-people {
    grid-template-columns: minmax(0, 1fr);
  }

  .narrow mimi-room-occupants {
    position: absolute;
    inset: 0;
    border: 0;
    background: var(--_raised);
    color: var(--_raised-text);
    animation: in 160ms ease-out;
  }

  @keyframes in {
    from {
      translate: 0 0.75rem;
    }
  }

  @container (inline-size < 420px) {
    .banner {
      padding-inline: 0.9rem;
    }
  }
`;
