import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withoutIndentation } from "../../scripts/vite-plugin-template-whitespace.js";

/** A template of that tag whose texts stand around expressions. */
function template(tag: string, texts: readonly string[], expression = "x"): string {
  return `const a: unknown = ${tag}\`${texts.join(["$", `{${expression}}`].join(""))}\`;`;
}

describe("what the build leaves of Lit's templates", () => {
  it("has one space for a line break in HTML, and keeps every other", () => {
    for (const tag of ["html", "svg"]) {
      const whole = (inner: string, texts: readonly string[]) => template(tag, texts, `() => {\n  ${inner}\n}`);
      assert.equal(
        withoutIndentation(
          whole(template(tag, ["<b>\n\n  ", "\n</b>"]), ["\n  <p>\n    two  spaces ", "\n    end\n  </p>"]),
        ),
        whole(template(tag, ["<b> ", " </b>"]), [" <p> two  spaces ", " end </p>"]),
      );
    }
  });

  it("is the same style without indentation and comments", () => {
    const style = [
      "\n  /* why\n it is so */\n  :host(:hover) .a,\n  .b > .c {\n    margin: ",
      "\n      ",
      ";\n  }\n\n  ",
      "\n",
    ];
    const short = [" :host(:hover) .a,.b > .c{margin: ", " ", ";}", " "];
    assert.equal(withoutIndentation(template("css", style)), template("css", short));
  });

  it("has every other text as it was", () => {
    for (const tag of ["", "other"]) {
      assert.equal(withoutIndentation(template(tag, ["\n  text"])), template(tag, ["\n  text"]));
    }
  });
});
