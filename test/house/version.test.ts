import assert from "node:assert/strict";
import { it } from "node:test";
import { version } from "../../components/version.js";
import manifest from "../../package.json" with { type: "json" };

it("says the same version in package.json and in the elements", () => {
  assert.equal(version, manifest.version);
});
