import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stageCommit } from "../../src/mls/commit.js";
import { fingerprintOf } from "../../src/mls/fingerprint.js";
import { epochAuthenticator, type Group } from "../../src/mls/group.js";
import { deliver, makeSeats, seatAt } from "../support/mls-builders.js";

const digitsOf = (group: Group): string => fingerprintOf(epochAuthenticator(group));

describe("the fingerprint of an epoch", () => {
  it("is six groups of five digits, known for a known authenticator", () => {
    // SHA-256 of "mimi-room fingerprint" and 32 zeros, five octets at a time, modulo 100,000: by another program
    assert.equal(fingerprintOf(new Uint8Array(32)), "78688 71235 72577 60203 34461 29179");
    for (let n = 0; n < 200; n++) {
      assert.match(fingerprintOf(crypto.getRandomValues(new Uint8Array(32))), /^(\d{5} ){5}\d{5}$/u);
    }
  });

  it("is the same for all who are in it, and another with every commit", async () => {
    const before = await makeSeats(["alice", "bob", "carol"]);
    const { crypto, group } = seatAt(before, 0);
    const { commit, next } = await stageCommit(crypto, group, { proposals: [], references: [] });
    const after = [next, ...(await deliver(before.slice(1), commit)).map((seat) => seat.group)];
    assert.equal(new Set(before.map((seat) => digitsOf(seat.group))).size, 1);
    assert.equal(new Set(after.map(digitsOf)).size, 1);
    assert.notEqual(digitsOf(group), digitsOf(next));
  });

  it("is another in each half of a group that was forked, though their epochs have one number", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const halves = await Promise.all(
      seats.map(({ crypto, group }) => stageCommit(crypto, group, { proposals: [], references: [] })),
    );
    const [ours, theirs] = halves.map(({ next }) => next);
    assert.ok(ours && theirs);
    assert.equal(ours.epoch, theirs.epoch);
    assert.notEqual(digitsOf(ours), digitsOf(theirs));
  });
});
