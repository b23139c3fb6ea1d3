import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { makeCommit } from "../../src/mls/make-commit.js";
import { propose } from "../../src/mls/propose.js";
import { makeHistoryClient } from "../support/history-client.js";
import { addPlain, follow, pair } from "../support/plain-pair.js";

describe("a proposal of a type that somebody does not support", () => {
  it("a commit of a SelfRemove is refused where a member who stays does not support that proposal", async () => {
    const plain = await makeHistoryClient("plain");
    const second = { ...plain, leaf: { ...plain.leaf, capabilities: { ...plain.leaf.capabilities, proposals: [] } } };
    const [founder, member] = await pair([], second);
    const { made, joined, by } = await addPlain(founder, await makeHistoryClient("third"));
    const stays = await follow(member, made.commit);
    const leaving = await propose(joined.crypto, joined.group, { kind: "selfRemove" });
    await assert.rejects(
      (async () => {
        const commit = await makeCommit(by.crypto, by.group, { references: [leaving], proposals: [] });
        await follow(stays, commit.commit, [leaving]);
      })(),
    );
  });
});
