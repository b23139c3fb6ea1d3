import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { lexer } from "marked";
import { onlyLexer } from "../../scripts/vite-plugin-marked-lexer.js";

const samples = [
  "plain *em* __strong__ ~~del~~ `code` \\* &amp; <b>html</b>",
  "line\nbreak\n\n# heading\n\nsetext\n===\n\n---",
  "- a\n  - b\n\n    c\n- [x] done\n- [ ] not\n\n3. x\n4) y",
  "> quote\n> - list\n>\n> ```js\n> code\n> ```\n\n    indented",
  '| a | b |\n|:--|--:|\n| `1` | [x](y "t") |',
  "[a](<b c> 'd') ![i](e) <https://f.example> https://g.example/?h=1). www.i.example j@k.example [l][m]\n\n[m]: n 'o'",
  "<div>\nblock\n</div>\n\n<!-- c -->",
  "*a **b** c* _d_e_ **f*g** ***h***",
];

describe("the lexer that the build leaves of marked", () => {
  it("makes the same tokens", async () => {
    const file = fileURLToPath(import.meta.resolve("marked"));
    const source = onlyLexer(await readFile(file, "utf8")).replace(/^\/\/# sourceMappingURL.*$/m, "");
    const cut: { lexer: typeof lexer } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
    const options = { gfm: true, breaks: true } as const;
    for (const sample of samples) assert.deepEqual(cut.lexer(sample, options), lexer(sample, options), sample);
  });
});
