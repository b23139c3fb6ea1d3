import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { gaps } from "../support/gaps/gaps.js";
import type { GapLayer } from "../support/gaps/layer.js";
import { ourLayer } from "../support/gaps/our-layer.js";
import { plainLayer } from "../support/gaps/plain-layer.js";

describe("what ts-mls 1.6.4 lacks", () => {
  let ours: GapLayer;
  let plain: GapLayer;

  before(async () => {
    ours = ourLayer();
    plain = await plainLayer();
  });

  for (const { title, holds, plainly = false } of gaps) {
    it(`src/mls ${title}`, async () => {
      assert.equal(await holds(ours), true, "src/mls");
      // when this fails ts-mls was mended: what it was replaced for may be taken from it again
      if (plainly instanceof RegExp) await assert.rejects(holds(plain), plainly);
      else assert.equal(await holds(plain), plainly, "plain ts-mls");
    });
  }
});
