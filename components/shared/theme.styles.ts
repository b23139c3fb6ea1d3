import { css } from "lit";

/**
 * The colours of an element that stands by itself on a page. The text is the page's own; the rest is mixed from it, so
 * that a room on a grey or a sepia page looks as if it was made for it. A site sets the custom properties without
 * underscore.
 */
export const themeStyles = css`
  :host {
    color-scheme: light;
    --_accent: var(--mimi-accent, light-dark(#3f51d9, #5263e8));
    --_on-accent: var(--mimi-on-accent, #fff);
    --_accent-hover: color-mix(in oklab, var(--_accent) 90%, #000);
    --_accent-text: var(--mimi-link, light-dark(var(--_accent), color-mix(in oklab, var(--_accent) 50%, #fff)));
    --_danger: light-dark(#b3261e, #c9392f);
    --_on-danger: #fff;
    --_danger-text: light-dark(#a8231b, #ff9d94);
    --_text: var(--mimi-text, inherit);
    --_muted: color-mix(in srgb, currentColor 72%, transparent);
    --_line: color-mix(in srgb, currentColor 13%, transparent);
    --_line-strong: color-mix(in srgb, currentColor 24%, transparent);
    --_line-field: color-mix(in srgb, currentColor 52%, transparent);
    --_hover: color-mix(in srgb, currentColor 8%, transparent);
    --_bubble: var(--mimi-bubble, color-mix(in srgb, currentColor 7%, transparent));
    --_surface: var(--mimi-surface, transparent);
    --_raised: var(--mimi-surface-raised, light-dark(#fff, #23252b));
    --_raised-text: light-dark(#1b1c20, #ececf0);
    --_field: transparent;
    --_field-text: inherit;
    --_focus: light-dark(#3f51d9, #a9b3ff);
    --_radius: var(--mimi-radius, 16px);
    --_radius-small: calc(var(--_radius) * 0.6);
    font-family: var(--mimi-font, inherit);
    color: var(--_text);
    line-height: 1.5;
  }

  :host(:state(dark)) {
    color-scheme: dark;
  }

  /* A scheme that is not the page's brings its own paper and ink. */
  :host([theme="light"]),
  :host([theme="dark"]) {
    --_surface: var(--mimi-surface, light-dark(#fff, #17181c));
    --_text: var(--mimi-text, light-dark(#1b1c20, #ececf0));
    background: var(--_surface);
  }
`;
