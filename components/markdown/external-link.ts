import { html, nothing, type TemplateResult } from "lit";
import { safeLink } from "./safe-link.js";

/**
 * A link out of a message: opens elsewhere, tells the other side nothing, and shows where it goes when its label does
 * not. An address that a message may not link to leaves the label as text.
 */
export function externalLink(address: string, label: unknown, shown = ""): unknown {
  const href = safeLink(address);
  if (href === undefined) return label;
  const title = shown === address || `mailto:${shown}` === address ? nothing : href;
  return anchor(href, label, title);
}

function anchor(href: string, label: unknown, title: string | typeof nothing): TemplateResult {
  return html`<a href=${href} title=${title} target="_blank" rel="noopener noreferrer nofollow">${label}</a>`;
}
