import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";

function icon(paths: SVGTemplateResult): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor"
    stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;
}

/** The pictures of the elements; each is decoration beside words, or in a button with a label. */
export const icons = {
  lock: icon(svg`<rect x="5" y="11" width="14" height="9.5" rx="2.5"/><path d="M8 11V7.5a4 4 0 0 1 8 0V11"/>`),
  people: icon(svg`<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6"/>
    <path d="M16 5.3a3.5 3.5 0 0 1 0 6.4M18 14.6c2 .7 3.2 2.5 3.5 5.4"/>`),
  door: icon(svg`<path d="M14 4H7a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h7"/><path d="M11 12h10m-3.5-3.5L21 12l-3.5 3.5"/>`),
  link: icon(svg`<path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7l-1 1"/>
    <path d="M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1-1"/>`),
  copy: icon(
    svg`<rect x="9" y="9" width="11" height="11" rx="2.5"/><path d="M15 6V5.5A1.5 1.5 0 0 0 13.5 4h-8A1.5 1.5 0 0 0 4 5.5v8A1.5 1.5 0 0 0 5.5 15H6"/>`,
  ),
  send: icon(svg`<path d="M12 19V5m-6 6 6-6 6 6"/>`),
  down: icon(svg`<path d="M12 5v14m-6-6 6 6 6-6"/>`),
  pencil: icon(
    svg`<path d="m4 20 1-4.5L16.3 4.2a1.7 1.7 0 0 1 2.4 0l1.1 1.1a1.7 1.7 0 0 1 0 2.4L8.5 19zM13.8 6.7l3.5 3.5"/>`,
  ),
  more: icon(svg`<path d="M12 5.5v.1M12 12v.1M12 18.5v.1" stroke-width="2.6"/>`),
  back: icon(svg`<path d="m14.5 6-6 6 6 6"/>`),
  close: icon(svg`<path d="m6 6 12 12M18 6 6 18"/>`),
  clock: icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>`),
  check: icon(svg`<path d="m5 12.5 4.5 4.5L19 7.5"/>`),
  alert: icon(svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5v5.5m0 3.3v.2"/>`),
  eye: icon(
    svg`<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z"/><circle cx="12" cy="12" r="2.8"/>`,
  ),
  mask: icon(svg`<circle cx="12" cy="8.5" r="4"/><path d="M4.5 20.5c.6-4.3 3.5-6.5 7.5-6.5s6.9 2.2 7.5 6.5"/>`),
  history: icon(svg`<path d="M4 12a8 8 0 1 0 2.5-5.8L4 8.5"/><path d="M4 4v4.5h4.5M12 8v4.5l3 1.7"/>`),
  log: icon(svg`<path d="M6 3.5h8.5L18.5 8v12.5h-12.5z"/><path d="M9.5 12h6M9.5 16h6"/>`),
  pin: icon(svg`<path d="M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21Z"/><circle cx="12" cy="9.5" r="2.5"/>`),
  offline: icon(
    svg`<path d="M3.5 3.5l17 17M8.5 15.5a5 5 0 0 1 6-.7M5 12a10 10 0 0 1 4-2.5M19 12a10 10 0 0 0-5.5-2.9M12 19.5v.2"/>`,
  ),
} as const;
