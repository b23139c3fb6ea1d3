import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { goldenTable } from "./golden/table.js";

const file = new URL("golden-table.txt", import.meta.url);

describe("the golden table of decisions", () => {
  const { text, cells } = goldenTable();
  if (process.env.MIMI_WRITE_GOLDEN === "1") writeFileSync(file, text);
  const wanted = readFileSync(file, "utf8").split("\n");
  const found = text.split("\n");

  it("holds thousands of decisions", () => assert.ok(cells > 10_000, `${cells}`));

  it("is what authorize() decides, line by line", () => {
    // a heading stands above many lines: what differs is shown with its own
    const changed: string[] = [];
    let heading = "";
    for (const [index, line] of found.entries()) {
      if (line.startsWith("##")) heading = line;
      if (line !== wanted[index]) changed.push(`${heading}\n  was ${wanted[index]}\n  is  ${line}`);
    }
    assert.deepEqual(changed.slice(0, 20), []);
    assert.equal(found.length, wanted.length);
  });
});
