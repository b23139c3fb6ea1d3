import { html, nothing } from "lit";
import type { MarkedToken, Token } from "marked";
import type { Strings } from "../strings.js";
import { resolveReferences } from "./character-references.js";
import { externalLink } from "./external-link.js";

/** What every level of a text is rendered with. */
export interface Rendering {
  readonly strings: Strings;
  /** How many levels are above. */
  readonly depth: number;
}

/** Deeper levels are shown as the text that they were typed as. */
export const DEEPEST = 24;

/** The inner levels of a token. */
export function inner(rendering: Rendering): Rendering {
  return { ...rendering, depth: rendering.depth + 1 };
}

/** Text-level markdown: emphasis, code, links … */
export function renderInlines(tokens: readonly Token[], rendering: Rendering): unknown {
  if (rendering.depth > DEEPEST) return tokens.map((token) => token.raw).join("");
  return tokens.map((token) => renderInline(token as MarkedToken, inner(rendering)));
}

function renderInline(token: MarkedToken, rendering: Rendering): unknown {
  switch (token.type) {
    case "text":
      return token.tokens === undefined ? resolveReferences(token.text) : renderInlines(token.tokens, rendering);
    case "escape":
      return token.text;
    case "strong":
      return html`<strong>${renderInlines(token.tokens, rendering)}</strong>`;
    case "em":
      return html`<em>${renderInlines(token.tokens, rendering)}</em>`;
    case "del":
      return html`<del>${renderInlines(token.tokens, rendering)}</del>`;
    case "codespan":
      return html`<code>${token.text}</code>`;
    case "br":
      return html`<br />`;
    case "link": {
      const address = token.autolink === true ? token.href : resolveReferences(token.href);
      if (isMention(address)) return html`<span class="mention">${renderInlines(token.tokens, rendering)}</span>`;
      const label = token.autolink === true ? token.text : renderInlines(token.tokens, rendering);
      return externalLink(address, label, token.text);
    }
    case "image": {
      const label = token.text === "" ? rendering.strings.picture : resolveReferences(token.text);
      return externalLink(resolveReferences(token.href), label);
    }
    case "checkbox": {
      const { done, notDone } = rendering.strings;
      return html`<span class="task" role="img" aria-label=${token.checked ? done : notDone}
        >${token.checked ? "☑" : "☐"}</span> `;
    }
    case "def":
    case "space":
      return nothing;
    default:
      return token.raw;
  }
}

/** A link to a user's URI mentions that user (draft-ietf-mimi-content-09); there is nothing to open. */
function isMention(address: string): boolean {
  return /^(im:)?mimi[:=]/i.test(address);
}
