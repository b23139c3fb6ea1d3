import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { fuzz } from "./fuzz.js";
import { registry } from "./registry.js";
import { describeFailure } from "./report.js";
import { shareCases } from "./share-cases.js";
import { watch } from "./watch.js";

const CASES = 50_000;
const SEED = 20231105;

/** Decoders whose valid inputs are refusals, so that nothing is accepted. */
const ONLY_REFUSES = new Set(["transport/refusal"]);

describe("what somebody else sent", () => {
  const watchdog = watch(registry, SEED);
  after(() => watchdog.stop());

  for (const [decoder, cases] of shareCases(registry, CASES)) {
    it(`is read or refused by ${decoder.name}, whatever it is`, async () => {
      const { failures, accepted } = await fuzz({ decoder, seed: SEED, cases, began: watchdog.began });
      assert.deepEqual(failures.map(describeFailure), []);
      assert.ok(accepted > 0 || ONLY_REFUSES.has(decoder.name), "nothing was accepted: the valid inputs are not valid");
    });
  }
});

describe("a decoder's valid inputs", () => {
  it("are all different cases of what it accepts", async () => {
    assert.equal(new Set(registry.map(({ name }) => name)).size, registry.length);
  });
});
