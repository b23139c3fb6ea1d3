import { externalLink } from "./external-link.js";

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+/gi;

/** Plain text with its web addresses as links; whitespace is the stylesheet's matter. */
export function renderPlainText(text: string): unknown[] {
  const parts: unknown[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTrailing(match[0]);
    parts.push(text.slice(end, match.index), externalLink(address, address, address));
    end = match.index + address.length;
  }
  parts.push(text.slice(end));
  return parts;
}

/** Punctuation after an address belongs to the sentence, and a closing parenthesis to the opening one before it. */
function withoutTrailing(address: string): string {
  // Counted once: an address may be nothing but parentheses, as long as a message.
  let unopened = address.split(")").length - address.split("(").length;
  let end = address.length;
  for (; end > 0; end--) {
    const last = address.charAt(end - 1);
    if (".,;:!?*_~’”".includes(last)) continue;
    if (last !== ")" || unopened === 0) break;
    unopened -= 1;
  }
  return address.slice(0, end);
}
