import { lexer } from "marked";
import type { Strings } from "../strings.js";
import { renderBlocks } from "./blocks.js";
import { renderPlainText } from "./plain-text.js";

/** Longer texts are shown as they were typed: marking them up would hold up the page. */
const LONGEST = 20_000;

/**
 * GitHub-flavoured markdown as Lit templates. Nothing becomes markup by way of a string: raw HTML is shown as the text
 * that it is, pictures become links, and a text that is nested beyond reason is shown as it was typed.
 */
export function renderMarkdown(text: string, strings: Strings): unknown {
  if (text.length > LONGEST) return renderPlainText(text);
  try {
    // A line break that somebody typed into a chat is meant: "A renderer may also provide an option to render soft
    // line breaks as hard line breaks" (CommonMark, 6.8).
    return renderBlocks(lexer(text, { gfm: true, breaks: true }), { strings, depth: 0 });
  } catch {
    // Nested too deep for the stack, which every engine reports with an error of its own.
    return renderPlainText(text);
  }
}
