import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toHex } from "../../src/codec/bytes.js";
import { decode } from "../../src/codec/tls.js";
import { stageCommit } from "../../src/mls/commit.js";
import { inspectGroupInfo, stageExternalCommit } from "../../src/mls/external-commit.js";
import { epochAuthenticator, viewGroup } from "../../src/mls/group.js";
import { makeGroupInfo } from "../../src/mls/group-info.js";
import { proposeSelfRemove } from "../../src/mls/propose.js";
import { stage } from "../../src/mls/stage.js";
import { mlsMessage } from "../../src/mls/wire/message.js";
import { deliver, join, makeClient, makeSeats, type Seat, seatAt } from "../support/mls-builders.js";

function authenticators(seats: readonly Seat[]): number {
  return new Set(seats.map(({ group }) => toHex(epochAuthenticator(group)))).size;
}

describe("joining by external commit", () => {
  for (const size of [2, 3, 5, 8, 30]) {
    it(`brings ${size} members to one epoch with one epoch authenticator`, async () => {
      const seats = await makeSeats(Array.from({ length: size }, (_, index) => `guest ${index}`));
      assert.equal(authenticators(seats), 1);
      assert.equal(seats.length, size);
      for (const { group } of seats) {
        assert.equal(group.epoch, BigInt(size - 1));
        assert.equal(viewGroup(group).members.length, size);
      }
    });
  }

  it("shows policy the joiner, the groups before and after, and the ExternalInit", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const bob = await makeClient("bob");
    const { commit } = await join(bob, await makeGroupInfo(alice.crypto, alice.group));
    const staged = await stage(alice.crypto, alice.group, commit, []);
    assert.ok(staged.kind === "commit");
    const { sender, proposals, committer, before, after } = staged.view;
    assert.equal(sender.kind, "newMemberCommit");
    assert.deepEqual(
      proposals.map(({ kind }) => kind),
      ["externalInit"],
    );
    assert.equal(committer?.clientUri, bob.identity.clientUri);
    assert.equal(committer?.nickname, "bob");
    assert.equal(before.members.length, 1);
    assert.deepEqual(
      after.members.map(({ nickname }) => nickname),
      ["alice", "bob"],
    );
  });

  it("lets policy look at a group before anybody joins it", async () => {
    const [alice] = await makeSeats(["alice"], { roomPolicy: Uint8Array.of(7) });
    assert.ok(alice);
    const view = await inspectGroupInfo(alice.crypto, await makeGroupInfo(alice.crypto, alice.group));
    assert.deepEqual(view, viewGroup(alice.group));
    assert.deepEqual(view.roomPolicy, Uint8Array.of(7));
  });

  it("carries the pending SelfRemoves along, by reference", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const [alice, bob, carol] = [seatAt(seats, 0), seatAt(seats, 1), seatAt(seats, 2)];
    const leaving = await proposeSelfRemove(bob.crypto, bob.group);
    const dave = await makeClient("dave");
    const bundle = await makeGroupInfo(alice.crypto, alice.group);
    const joined = await join(dave, bundle, { pendingProposals: [leaving, leaving] });
    const after = [...(await deliver([alice, carol], joined.commit, [leaving])), joined.seat];
    assert.equal(authenticators(after), 1);
    assert.deepEqual(
      viewGroup(joined.seat.group).members.map(({ nickname }) => nickname),
      ["alice", "dave", "carol"],
    );
    const staged = await stage(bob.crypto, bob.group, joined.commit, [leaving]);
    assert.ok(staged.kind === "commit" && staged.next === undefined);
    assert.deepEqual(
      staged.view.proposals.map(({ kind }) => kind),
      ["selfRemove", "externalInit"],
    );
  });

  it("works when all who were inside leave by the same commit", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const leaving = await proposeSelfRemove(alice.crypto, alice.group);
    const bundle = await makeGroupInfo(alice.crypto, alice.group);
    const joined = await join(await makeClient("bob"), bundle, { pendingProposals: [leaving] });
    assert.deepEqual(
      viewGroup(joined.seat.group).members.map(({ nickname }) => nickname),
      ["bob"],
    );
    const carol = await join(await makeClient("carol"), joined);
    assert.equal(authenticators([...(await deliver([joined.seat], carol.commit)), carol.seat]), 1);
  });

  it("replaces the joiner's own lost client", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const again = await makeClient("bob again", { userKeyPair: bob.userKeyPair });
    const bundle = await makeGroupInfo(alice.crypto, alice.group);
    const joined = await join(again, bundle, { removeOwn: [1] });
    const [after] = await deliver([alice], joined.commit);
    assert.ok(after);
    assert.deepEqual(
      viewGroup(after.group).members.map(({ nickname }) => nickname),
      ["alice", "bob again"],
    );
    const staged = await stage(bob.crypto, bob.group, joined.commit, []);
    assert.ok(staged.kind === "commit" && staged.next === undefined);
  });

  it("does not let a joiner take another user's place", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const alice = seatAt(seats, 0);
    const bundle = await makeGroupInfo(alice.crypto, alice.group);
    const mallory = await makeClient("mallory");
    const joined = await join(mallory, bundle, { removeOwn: [1] });
    await assert.rejects(stage(alice.crypto, alice.group, joined.commit, []), { code: "invalidCommit" });
  });

  it("does not let one client in twice", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const again = await makeClient("bob", { userKeyPair: bob.userKeyPair });
    const bundle = await makeGroupInfo(alice.crypto, alice.group);
    const { crypto, identity } = again;
    const staged = stageExternalCommit(crypto, { ...bundle, identity, pendingProposals: [] });
    await assert.rejects(staged, { code: "invalidCommit" });
  });

  it("refuses a GroupInfo or a tree in which anything was changed", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const { groupInfo, ratchetTree } = await makeGroupInfo(alice.crypto, alice.group);
    const at = (bytes: Uint8Array, index: number) => bytes.map((octet, i) => (i === index ? octet ^ 1 : octet));
    for (const [index] of groupInfo.entries()) {
      const bundle = { groupInfo: at(groupInfo, index), ratchetTree };
      await assert.rejects(
        inspectGroupInfo(alice.crypto, bundle),
        { name: "MlsError" },
        `octet ${index} of the GroupInfo`,
      );
    }
    for (const [index] of ratchetTree.entries()) {
      const bundle = { groupInfo, ratchetTree: at(ratchetTree, index) };
      await assert.rejects(inspectGroupInfo(alice.crypto, bundle), { name: "MlsError" }, `octet ${index} of the tree`);
    }
  });

  it("sends external_pub with its length before it, and no tree in the GroupInfo", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const { groupInfo } = await makeGroupInfo(alice.crypto, alice.group);
    const message = decode(mlsMessage, groupInfo);
    assert.ok(message.kind === "groupInfo");
    const [externalPub, ...others] = message.groupInfo.extensions;
    assert.equal(externalPub?.extensionType, 4);
    assert.equal(externalPub?.extensionData.length, 33);
    assert.equal(externalPub?.extensionData[0], 32);
    assert.deepEqual(others, []);
  });

  it("goes on with commits of members after it", async () => {
    let seats = await makeSeats(["alice", "bob", "carol", "dave"]);
    for (const index of [3, 0, 2, 1]) {
      const seat = seatAt(seats, index);
      const { commit, next } = await stageCommit(seat.crypto, seat.group, { proposals: [], references: [] });
      const others = await deliver(
        seats.filter((other) => other !== seat),
        commit,
      );
      others.splice(index, 0, { ...seat, group: next });
      seats = others;
      assert.equal(authenticators(seats), 1);
    }
  });
});
