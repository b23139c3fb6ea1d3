import { expect, fixture } from "@open-wc/testing";
import { html } from "lit";
import { english } from "../../../components/english.js";
import { renderMarkdown } from "../../../components/markdown/markdown.js";
import { renderPlainText } from "../../../components/markdown/plain-text.js";

const drawn = (text: string): Promise<HTMLElement> =>
  fixture<HTMLElement>(html`<div>${renderMarkdown(text, english)}</div>`);

/** The markup without Lit's marks. */
async function markup(text: string): Promise<string> {
  return (await drawn(text)).innerHTML
    .replace(/<!--.*?-->/g, "")
    .replace(/\s+/g, " ")
    .replace(/> </g, "><")
    .trim();
}

describe("renderMarkdown", () => {
  for (const [text, expected] of [
    ["plain", "<p>plain</p>"],
    ["*a* **b** ~~c~~ `d`", "<p><em>a</em><strong>b</strong><del>c</del><code>d</code></p>"],
    ["one\ntwo", "<p>one<br>two</p>"],
    ["> said", "<blockquote><p>said</p></blockquote>"],
    ["3. a\n4. b", '<ol start="3"><li class="">a</li><li class="">b</li></ol>'],
    ["```js\n<b>\n```", "<pre><code>&lt;b&gt;</code></pre>"],
    ["---", "<hr>"],
    ["&amp; &#60;b&#62; &copy; &unknown;", "<p>&amp; &lt;b&gt; © &amp;unknown;</p>"],
    ["\\*not\\*", "<p>*not*</p>"],
  ] as const) {
    it(`marks up ${JSON.stringify(text)}`, async () => {
      expect(await markup(text)).to.equal(expected);
    });
  }

  it("marks up tables, with a scope for each heading", async () => {
    const element = await drawn("| a | b |\n|---|:-:|\n| 1 | **2** |");
    expect([...element.querySelectorAll("th")].map((cell) => cell.scope)).to.deep.equal(["col", "col"]);
    expect(element.querySelector("td strong")?.textContent).to.equal("2");
  });

  it("shows tasks as pictures with words", async () => {
    const element = await drawn("- [x] one\n- [ ] two");
    const labels = [...element.querySelectorAll('[role="img"]')].map((task) => task.getAttribute("aria-label"));
    expect(labels).to.deep.equal(["done", "to do"]);
    expect(element.querySelector("input")).to.equal(null);
  });

  it("opens links elsewhere and tells the other side nothing", async () => {
    const link = (await drawn("[here](https://example.org/a?b=1&c=2)")).querySelector("a");
    expect(link?.href).to.equal("https://example.org/a?b=1&c=2");
    expect(link?.target).to.equal("_blank");
    expect(link?.rel).to.equal("noopener noreferrer nofollow");
    expect(link?.title, "where it goes").to.equal("https://example.org/a?b=1&c=2");
  });

  it("fetches no picture: it is a link", async () => {
    const element = await drawn("![cat](https://example.org/cat.png)");
    expect(element.querySelector("img")).to.equal(null);
    expect(element.querySelector("a")?.textContent).to.equal("cat");
  });

  it("shows a mention of a user as a name", async () => {
    const element = await drawn("[@Alice](mimi://a.example/u/alice) [@Bob](im:mimi=bob@b.example)");
    expect([...element.querySelectorAll(".mention")].map((name) => name.textContent)).to.deep.equal(["@Alice", "@Bob"]);
    expect(element.querySelector("a")).to.equal(null);
  });

  for (const text of [
    "<script>globalThis.hit = true</script>",
    "<img src=x onerror='globalThis.hit = true'>",
    "a <b onmouseover=alert(1)>b</b> c",
    "<svg><script>globalThis.hit = true</script></svg>",
    "<iframe srcdoc='<script>parent.hit = true</script>'></iframe>",
    "<style>* { display: none }</style>",
    "<!-- --><a href='javascript:globalThis.hit=1'>x</a>",
  ]) {
    it(`shows raw HTML as text: ${text}`, async () => {
      const element = await drawn(text);
      expect(element.querySelector("script, img, svg, iframe, style, b, a")).to.equal(null);
      expect(element.textContent).to.include(text.slice(0, 8));
      expect("hit" in globalThis).to.equal(false);
    });
  }

  for (const address of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "&#106;avascript:alert(1)",
    "java&#x09;script:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "blob:https://example.org/x",
    "file:///etc/passwd",
    "//example.org/x",
    "/relative",
    "https://",
  ]) {
    it(`does not link to ${address}`, async () => {
      const element = await drawn(`[label](<${address}>)\n\n![label](<${address}>)`);
      expect(element.querySelector("a")).to.equal(null);
      expect(element.textContent).to.include("label");
    });
  }

  for (const [what, text] of [
    ["quotes", `${"> ".repeat(5_000)}deep`],
    ["lists", `${"- ".repeat(5_000)}deep`],
    ["a hundred quotes", `${"> ".repeat(100)}deep`],
    ["brackets", "[".repeat(10_000)],
    ["emphasis", "*a_ ".repeat(2_500)],
    ["underscores", "_a__".repeat(5_000)],
    ["a wide table", `${"|a".repeat(2_500)}\n${"|-".repeat(2_500)}\n${"a\n".repeat(5_000)}`],
    ["a table of other line breaks", `${"|a".repeat(1_500)}\r${"|-".repeat(1_500)}\r${"a\r".repeat(2_900)}`],
    ["an address of parentheses", `https://a.example/${")".repeat(60_000)}`],
    ["a long text", "word ".repeat(20_000)],
  ] as const) {
    it(`survives ${what} beyond reason`, async () => {
      const before = performance.now();
      const element = await drawn(text);
      expect(element.textContent?.length).to.be.above(3);
      expect(performance.now() - before).to.be.below(3_000);
    });
  }

  for (const marks of [
    "_a".repeat(6_000),
    "1. ".repeat(4_000),
    "- > ".repeat(3_000),
    "- ".repeat(600),
    "1. ".repeat(33),
  ]) {
    it(`shows a text of nothing but ${marks.slice(0, 4)} as it was typed`, async () => {
      const element = await drawn(marks);
      expect(element.querySelector("em, ol, ul, blockquote")).to.equal(null);
      expect(element.textContent).to.equal(marks);
    });
  }
});

describe("renderPlainText", () => {
  for (const [text, links] of [
    ["see https://example.org/a_(b).", ["https://example.org/a_(b)"]],
    ["https://example.org/a(b)c).", ["https://example.org/a(b)c"]],
    ["https://example.org/(a))", ["https://example.org/(a)"]],
    ["(https://example.org/a)", ["https://example.org/a"]],
    ["http://a.example, https://b.example!", ["http://a.example/", "https://b.example/"]],
    ["javascript:alert(1) ftp://x <https://c.example>", ["https://c.example/"]],
    ["https://", []],
  ] as const) {
    it(`links the addresses in ${JSON.stringify(text)}`, async () => {
      const element = await fixture<HTMLElement>(html`<p>${renderPlainText(text)}</p>`);
      expect([...element.querySelectorAll("a")].map((link) => link.href)).to.deep.equal(links);
      expect(element.textContent).to.equal(text);
    });
  }
});
