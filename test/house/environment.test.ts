import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { optionsFrom } from "../../scripts/environment.js";
import { BOUNDS } from "../../src/mls/bounds.js";

describe("the provider's environment", () => {
  it("gives a room no more members than a commit may carry SelfRemoves of", () => {
    const most = String(BOUNDS.proposals);
    assert.equal(optionsFrom({ MAX_MEMBERS: most }).limits?.membersPerRoom, BOUNDS.proposals);
    assert.throws(() => optionsFrom({ MAX_MEMBERS: `${most}0` }), /MAX_MEMBERS: 40960 is more than 4096/u);
  });
});
