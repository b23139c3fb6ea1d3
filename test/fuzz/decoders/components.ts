import { english } from "../../../components/english.js";
import { takePageAddress } from "../../../components/hosted-page/page-address.js";
import { renderMarkdown } from "../../../components/markdown/markdown.js";
import { renderPlainText } from "../../../components/markdown/plain-text.js";
import { safeLink } from "../../../components/markdown/safe-link.js";
import { joinAddress } from "../../../components/mimi-join-link/join-address.js";
import type { Chance } from "../chance.js";
import { type Decoder, textOf } from "../decoder.js";
import { Finding } from "../judge.js";
import { varyJson } from "../make-case.js";

const MESSAGE = [
  "# Rivers\n\nThat *come* **back**, ~~not~~ `code` and [a link](https://example.com/?a=1&b=2 'title')\n",
  "1. one\n2. two\n   - [x] done\n   - [ ] not\n\n> quoted\n> > twice\n\n```js\nlet x;\n```\n",
  "| a | b |\n|:--|--:|\n| 1 | `2` |\n\n![picture](https://example.com/p.png) <b>html</b> &amp; &#x1f600; &#0;\n",
  "[Alice](mimi://example.com/u/alice) said http://example.com/a_(b). mailto:a@b.example [ref]\n\n[ref]: https://c.example",
];
const refused = () => undefined;

export const componentDecoders: readonly Decoder[] = [
  {
    name: "components/renderMarkdown",
    covers: [renderMarkdown],
    weight: 16,
    open: () => ({
      corpus: MESSAGE,
      read: (input) => {
        const rendered = renderMarkdown(textOf(input), english);
        checkLinks(rendered);
        return rendered;
      },
      vary: (chance) => (chance.once(12) ? manyMarks(chance) : undefined),
      codeOf: refused,
      growth: 2000,
    }),
  },
  {
    name: "components/renderPlainText",
    covers: [renderPlainText, safeLink],
    weight: 8,
    open: () => ({
      corpus: ["see https://example.com/a_(b)?c=d#e, or HTTP://EXAMPLE.COM.", "nothing here", "((http://a.example))"],
      read: (input) => {
        const rendered = renderPlainText(textOf(input));
        checkLinks(rendered);
        return rendered;
      },
      codeOf: refused,
      growth: 200,
    }),
  },
  {
    name: "components/joinAddress",
    covers: [joinAddress],
    weight: 4,
    open: () => ({
      corpus: [
        JSON.stringify(["https://provider.example/", "mimi://provider.example/r/keynote"]),
        JSON.stringify(["https://provider.example", "im:mimi=#keynote@provider.example"]),
      ],
      vary: varyJson,
      read: (input) => {
        const [provider, room] = stringsOf(textOf(input), 2);
        return joinAddress(provider ?? "", room ?? "");
      },
      codeOf: refused,
    }),
  },
  {
    name: "components/takePageAddress",
    covers: [takePageAddress],
    weight: 4,
    open: () => ({
      corpus: [
        JSON.stringify(["provider.example", "/r/keynote", "", "#owner=abc-_"]),
        JSON.stringify(["provider.example:8787", "/", "?a=b", ""]),
      ],
      vary: varyJson,
      read: (input) => {
        const [host = "", pathname = "", search = "", hash = ""] = stringsOf(textOf(input), 4);
        const shown: string[] = [];
        const history = { state: null, replaceState: (_: unknown, __: string, url: string) => shown.push(url) };
        const address = takePageAddress({ host, pathname, search, hash }, history);
        if (address.userKey !== undefined && shown.some((url) => url !== pathname + search)) {
          throw new Finding("leaves the key in the address bar");
        }
        return address;
      },
      codeOf: refused,
    }),
  },
];

const MARKS = [
  "_a",
  "> ",
  "- ",
  "- > ",
  "1. ",
  "a_b_",
  "**a",
  "*_",
  "![[",
  "~a",
  "[](",
  "`a",
  "<a ",
  "| a\n",
  "* a\n",
  "&#",
  "# ",
];
/** As long as a text may be that is read as markdown. */
const LONGEST = 12_000;

/** The same few marks again and again, which a reader may look up again and again. */
function manyMarks(chance: Chance): string {
  const unit = chance.pick(MARKS) + (chance.once(3) ? chance.pick(MARKS) : "");
  return unit.repeat(Math.floor(LONGEST / unit.length));
}

/** Every `href` in a template, however deep, is of the web or of mail. */
function checkLinks(rendered: unknown): void {
  if (Array.isArray(rendered)) {
    for (const part of rendered) checkLinks(part);
    return;
  }
  if (typeof rendered !== "object" || rendered === null || !("strings" in rendered) || !("values" in rendered)) return;
  const { strings, values } = rendered as { strings: readonly string[]; values: readonly unknown[] };
  for (const [index, value] of values.entries()) {
    if (strings[index]?.endsWith("href=") === true && !/^(?:https?|mailto):/u.test(String(value))) {
      throw new Finding("links to another scheme", String(value));
    }
    checkLinks(value);
  }
}

function stringsOf(text: string, count: number): string[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list.slice(0, count).map(String);
  } catch {
    // a text of its own
  }
  return Array.from({ length: count }, () => text);
}
