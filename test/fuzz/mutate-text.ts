import type { Chance } from "./chance.js";

/** What has surprised readers of text before. */
export const ODD_TEXTS = [
  ...["", " ", "\u0000", "\n", "\r\n", "\t", "\u007f", "\u0085", "\u00a0", "\u00ad", "\u0130", "\u017f", "\u212a"],
  ...["\u200b", "\u200d", "\u200e", "\u202e", "\u2028", "\u2066", "\ufeff", "\ufffd", "\uffff", "\ud800", "\udc00"],
  ...["\ud83d\ude00", "e\u0301", "\u0344", "\ufb03", "\u1e9e", "\u{10ffff}", "\u{1d15e}", "\u0d4c".repeat(8)],
  ...["%", "%2", "%00", "%2e%2e", "%ff", "%F0%9F%98%80", "..", ".", "/", "//", "\\", "?", "#", "@", ":", "[::1]"],
  ...["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "then", "null", "NaN"],
  ...["-0", "1e999", "9007199254740993", "18446744073709551616", "0x10", "1_000", "\u0661", "-1", "0.5"],
  ...["<script>", "javascript:alert(1)", "data:text/html,x", "&#0;", "&#x110000;", "{{x}}", "' OR 1=1 --"],
  ...["a".repeat(300), "mimi://", "im:mimi=", "xn--", "\u00e9.example", "A".repeat(64), "=".repeat(4), "_-_-"],
] as const;

/** Beginnings of what may nest. */
const OPENERS = ["[", "{", "(", "> ", "* ", "- ", "**", "~~", "![", "[[", "`", "|", "<", "&", '{"a":', "[[],", "_a"];

/** `text` with one to four changes; `other` is another valid input that parts may come from. */
export function mutateText(chance: Chance, text: string, other: string): string {
  let mutant = text;
  for (let rest = 1 + chance.below(chance.once(3) ? 4 : 1); rest > 0; rest--) mutant = change(chance, mutant, other);
  return mutant;
}

function change(chance: Chance, text: string, other: string): string {
  const at = chance.below(text.length + 1);
  const to = Math.min(text.length, at + 1 + chance.below(chance.once(4) ? text.length : 4));
  const insert = (piece: string, from = at) => text.slice(0, at) + piece + text.slice(from);
  switch (chance.below(11)) {
    case 0:
      return insert("", to);
    case 1:
      return insert(text.slice(at, to).repeat(chance.pick([2, 2, 2, 30])));
    case 2:
      return insert(chance.pick(ODD_TEXTS));
    case 3:
      return insert(chance.pick(ODD_TEXTS), to);
    case 4:
      return insert(String.fromCharCode(chance.below(chance.once(3) ? 0x10000 : 0x80)), at + 1);
    case 5:
      return text.slice(0, at) + other.slice(chance.below(other.length + 1));
    case 6:
      return insert(other.slice(chance.below(other.length), chance.below(other.length + 1)));
    case 7:
      return chance.once(2) ? text.toUpperCase() : text.toLowerCase();
    case 8:
      return insert(chance.pick(OPENERS).repeat(chance.pick([1, 2, 50, 1000])));
    case 9:
      return text.slice(0, at);
    default:
      return text.slice(at) + text.slice(0, at);
  }
}
