import { lexer } from "marked";
import type { Strings } from "../strings.js";
import { renderBlocks } from "./blocks.js";
import { renderPlainText } from "./plain-text.js";

/** Longer texts are shown as they were typed: some cost the square of their length, and would hold up the page. */
const LONGEST = 12_000;

/**
 * So are texts of so many marks, times their length: an opening mark is looked up in all that follows it, so that a text
 * of nothing but `_a` would hold up the page for a tenth of a second.
 */
const MOST_LOOKING = 25_000_000;
const MARK = /[_*~`[\]<>|&!#+-]|\d[.)]/g;

/** So are larger tables: a row is filled up to the width of the first one, so a short text makes millions of cells. */
const MOST_CELLS = 10_000;

/** So are texts with a line that begins so many lists or quotes in each other: a thousand take more than a second. */
const NESTED = /^(?:[ \t]*(?:[-+*>]|\d{1,9}[.)])){32}/m;

/**
 * GitHub-flavoured markdown as Lit templates. Nothing becomes markup by way of a string: raw HTML is shown as the text
 * that it is, pictures become links, and a text that is nested beyond reason is shown as it was typed.
 */
export function renderMarkdown(text: string, strings: Strings): unknown {
  const isCostly = lookingIn(text) > MOST_LOOKING || cellsIn(text) > MOST_CELLS || NESTED.test(text);
  if (text.length > LONGEST || isCostly) return renderPlainText(text);
  try {
    // A line break that somebody typed into a chat is meant: "A renderer may also provide an option to render soft
    // line breaks as hard line breaks" (CommonMark, 6.8).
    return renderBlocks(lexer(text, { gfm: true, breaks: true }), { strings, depth: 0 });
  } catch {
    // Nested too deep for the stack, which every engine reports with an error of its own.
    return renderPlainText(text);
  }
}

function lookingIn(text: string): number {
  return (text.match(MARK)?.length ?? 0) * text.length;
}

/** How many cells a text can have at most, taking all of it for one table as wide as its widest line. */
function cellsIn(text: string): number {
  const lines = text.split(/[\r\n]/);
  const bars = Math.max(...lines.map((line) => line.split("|").length - 1));
  return bars * lines.length;
}
