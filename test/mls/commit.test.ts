import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toHex, utf8 } from "../../src/codec/bytes.js";
import { EXTENSION } from "../../src/codec/leaf-extensions.js";
import { stageCommit } from "../../src/mls/commit.js";
import { epochAuthenticator, foundGroup, type Group, viewGroup } from "../../src/mls/group.js";
import { makeGroupInfo } from "../../src/mls/group-info.js";
import { parseKeyPackage } from "../../src/mls/key-package.js";
import { makeCommit } from "../../src/mls/make-commit.js";
import { proposeSelfRemove } from "../../src/mls/propose.js";
import { protectMessage } from "../../src/mls/protect.js";
import { stage } from "../../src/mls/stage.js";
import { encodeGroup } from "../../src/mls/stored-group.js";
import type { Proposal } from "../../src/mls/wire/proposal.js";
import { MARK, makeHistoryClient, makeNewcomer } from "../support/history-client.js";
import { deliver, join, makeClient, makeSeats, type Seat, seatAt } from "../support/mls-builders.js";

const remove = (removed: number): Proposal => ({ kind: "remove", removed });

/** A GroupContextExtensions proposal that only changes the policy. */
function changePolicy(group: Group, roomPolicy: Uint8Array): Proposal {
  const extensions = group.context.extensions.map((extension) =>
    extension.extensionType === EXTENSION.roomPolicy ? { ...extension, extensionData: roomPolicy } : extension,
  );
  return { kind: "groupContextExtensions", extensions };
}

/** Commits, and resolves with the committer's seat in the new epoch. */
async function commit(seat: Seat, proposals: readonly Proposal[], references: readonly Uint8Array[] = []) {
  const staged = await stageCommit(seat.crypto, seat.group, { proposals, references });
  return { ...staged, seat: { ...seat, group: staged.next } };
}

function authenticators(seats: readonly Seat[]): number {
  return new Set(seats.map(({ group }) => toHex(epochAuthenticator(group)))).size;
}

/** Asserts that no secret that `outsider` holds is one of `insider`'s, and that it cannot read what `insider` says. */
async function assertLockedOut(outsider: Seat, insider: Seat): Promise<void> {
  const held = new Set([...outsider.group.privateKeys.values(), ...Object.values(outsider.group.keys)].map(toHex));
  for (const secret of [...insider.group.privateKeys.values(), ...Object.values(insider.group.keys)]) {
    assert.ok(!held.has(toHex(secret)));
  }
  const { message } = await protectMessage(insider.crypto, insider.group, utf8("after you left"));
  await assert.rejects(stage(outsider.crypto, outsider.group, message, []), { code: "wrongEpoch" });
  const { context, nodes, secretTree } = insider.group;
  const pretending = { ...outsider.group, context, nodes };
  await assert.rejects(stage(outsider.crypto, pretending, message, []), { code: "cannotDecrypt" });
  const withTree = { ...pretending, secretTree: { ...outsider.group.secretTree, width: secretTree.width } };
  await assert.rejects(stage(outsider.crypto, withTree, message, []), { code: "cannotDecrypt" });
}

describe("a member's commit", () => {
  it("without proposals renews its keys", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const [alice, bob, carol] = [seatAt(seats, 0), seatAt(seats, 1), seatAt(seats, 2)];
    const done = await commit(alice, []);
    const after = [done.seat, ...(await deliver([bob, carol], done.commit))];
    assert.equal(authenticators(after), 1);
    assert.notDeepEqual(done.next.privateKeys.get(0), alice.group.privateKeys.get(0));
  });

  it("may let its own leaf say something else of the same client, which stays until it says so again", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const acceptance = { logging: false, history: true, bots: true, receipts: true, pseudonyms: true };
    const { signatureKey } = alice.identity;
    const identity = { ...alice.identity, nickname: "Alice", acceptance };
    const done = await stageCommit(alice.crypto, alice.group, { proposals: [], references: [], identity });
    const [after] = await deliver([bob], done.commit);
    assert.ok(after);
    const next = await commit({ ...alice, group: done.next }, []);
    for (const group of [done.next, after.group, seatAt(await deliver([after], next.commit), 0).group]) {
      const [first] = viewGroup(group).members;
      assert.deepEqual([first?.nickname, first?.acceptance, first?.signatureKey], ["Alice", acceptance, signatureKey]);
    }
    const other = await makeClient("mallory");
    const stolen = await stageCommit(alice.crypto, next.next, {
      proposals: [],
      references: [],
      identity: { ...other.identity, signatureKey },
    });
    const reader = seatAt(await deliver([after], next.commit), 0);
    await assert.rejects(stage(reader.crypto, reader.group, stolen.commit, []), { name: "MlsError" });
  });

  it("of a member alone makes a new epoch that others can join", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const done = await commit(alice, []);
    const bob = await join(await makeClient("bob"), done);
    assert.equal(authenticators([bob.seat, ...(await deliver([done.seat], bob.commit))]), 1);
  });

  it("removes a member, who cannot read what is said next", async () => {
    const seats = await makeSeats(["alice", "bob", "carol", "dave", "erin"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const done = await commit(alice, [remove(1)]);
    const staged = await stage(bob.crypto, bob.group, done.commit, []);
    assert.ok(staged.kind === "commit" && staged.next === undefined);
    assert.deepEqual(
      staged.view.proposals.map((p) => (p.kind === "remove" ? p.removed.nickname : p.kind)),
      ["bob"],
    );
    const after = [done.seat, ...(await deliver(seats.slice(2), done.commit))];
    assert.equal(after.length, 4);
    assert.equal(authenticators(after), 1);
    for (const seat of after) await assertLockedOut(bob, seat);
  });

  it("commits a SelfRemove, after which the leaver reads nothing", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const [alice, bob, carol] = [seatAt(seats, 0), seatAt(seats, 1), seatAt(seats, 2)];
    const leaving = await proposeSelfRemove(carol.crypto, carol.group);
    const staged = await stage(alice.crypto, alice.group, leaving, []);
    assert.ok(staged.kind === "proposal" && staged.proposal.kind === "selfRemove");
    assert.equal(staged.proposal.removed.nickname, "carol");
    assert.ok(staged.proposal.sender.kind === "member" && staged.proposal.sender.member.nickname === "carol");
    const done = await commit(alice, [], [leaving]);
    const after = [done.seat, ...(await deliver([bob], done.commit, [leaving]))];
    assert.equal(authenticators(after), 1);
    assert.deepEqual(
      viewGroup(done.next).members.map(({ nickname }) => nickname),
      ["alice", "bob"],
    );
    for (const seat of after) await assertLockedOut(carol, seat);
    const atCarol = await stage(carol.crypto, carol.group, done.commit, [leaving]);
    assert.ok(atCarol.kind === "commit" && atCarol.next === undefined);
  });

  it("changes the policy and removes whom it excludes at once", async () => {
    const seats = await makeSeats(["alice", "bob", "carol", "dave"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const done = await commit(alice, [remove(1), changePolicy(alice.group, Uint8Array.of(9))]);
    const staged = await stage(bob.crypto, bob.group, done.commit, []);
    assert.ok(staged.kind === "commit");
    assert.deepEqual(staged.view.after.roomPolicy, Uint8Array.of(9));
    assert.deepEqual(staged.view.before.roomPolicy, Uint8Array.of(1, 2, 3));
    const after = [done.seat, ...(await deliver(seats.slice(2), done.commit))];
    assert.equal(authenticators(after), 1);
    for (const { group } of after) assert.deepEqual(viewGroup(group).roomPolicy, Uint8Array.of(9));
    await assertLockedOut(bob, done.seat);
  });

  it("lets newcomers into the places that became free, while all stay in one epoch", async () => {
    let seats = await makeSeats(["a", "b", "c", "d", "e", "f", "g"]);
    const done = await commit(seatAt(seats, 6), [remove(1), remove(4)]);
    seats = [
      ...(await deliver(
        [0, 2, 3, 5].map((index) => seatAt(seats, index)),
        done.commit,
      )),
      done.seat,
    ];
    let bundle: Parameters<typeof join>[1] = done;
    for (const name of ["h", "i", "j"]) {
      const joined = await join(await makeClient(name), bundle);
      seats = [...(await deliver(seats, joined.commit)), joined.seat];
      bundle = joined;
    }
    assert.equal(authenticators(seats), 1);
    const names = viewGroup(seatAt(seats, 0).group).members.map(({ nickname }) => nickname);
    assert.deepEqual(names, ["a", "h", "c", "d", "i", "f", "g", "j"]);
  });

  for (const [title, code, proposals] of [
    ["a Remove of the committer", "invalidCommit", () => [remove(0)]],
    ["two Removes of one leaf", "invalidCommit", () => [remove(1), remove(1)]],
    ["a Remove of a blank leaf", "badLeaf", () => [remove(3)]],
    ["a SelfRemove by value", "invalidProposal", () => [{ kind: "selfRemove" } as const]],
    ["an ExternalInit", "invalidProposal", () => [{ kind: "externalInit", kemOutput: new Uint8Array(32) } as const]],
    [
      "a context without a policy",
      "invalidProposal",
      () => [{ kind: "groupContextExtensions", extensions: [] } as const],
    ],
    [
      "an extension that a member does not support",
      "badLeaf",
      (group: Group) => [
        {
          kind: "groupContextExtensions",
          extensions: [...group.context.extensions, { extensionType: 0xf0ff, extensionData: new Uint8Array(0) }],
        } as const,
      ],
    ],
    [
      "two changes of the context",
      "invalidCommit",
      (group: Group) => [changePolicy(group, Uint8Array.of(1)), changePolicy(group, Uint8Array.of(2))],
    ],
  ] as const) {
    it(`cannot have ${title}`, async () => {
      const seats = await makeSeats(["alice", "bob", "carol"]);
      const { crypto, group } = seatAt(seats, 0);
      const before = encodeGroup(group);
      await assert.rejects(stageCommit(crypto, group, { proposals: proposals(group), references: [] }), { code });
      assert.deepEqual(encodeGroup(group), before);
    });
  }

  it("is refused when it refers to a proposal that the receiver does not know", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const [alice, bob, carol] = [seatAt(seats, 0), seatAt(seats, 1), seatAt(seats, 2)];
    const leaving = await proposeSelfRemove(carol.crypto, carol.group);
    const done = await commit(alice, [], [leaving]);
    await assert.rejects(stage(bob.crypto, bob.group, done.commit, []), { code: "unknownProposal" });
  });

  it("is refused by its own sender and by everybody in another epoch", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const done = await commit(alice, []);
    await assert.rejects(stage(alice.crypto, alice.group, done.commit, []), { code: "ownMessage" });
    await assert.rejects(stage(done.seat.crypto, done.seat.group, done.commit, []), { code: "wrongEpoch" });
    const rival = await commit(bob, []);
    await assert.rejects(stage(done.seat.crypto, done.seat.group, rival.commit, []), { code: "wrongEpoch" });
  });

  it("carries data that others read and nobody changes", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const authenticatedData = utf8("after event 7");
    const wish = { proposals: [], references: [], authenticatedData };
    const { commit: sent } = await stageCommit(alice.crypto, alice.group, wish);
    const staged = await stage(bob.crypto, bob.group, sent, []);
    assert.ok(staged.kind === "commit");
    assert.deepEqual(staged.authenticatedData, authenticatedData);
    const at = toHex(sent).indexOf(toHex(authenticatedData)) / 2;
    const changed = sent.map((octet, index) => (index === at ? octet ^ 1 : octet));
    await assert.rejects(stage(bob.crypto, bob.group, changed, []), { code: "badMembershipTag" });
  });

  it("changes the context to what only those support who stay, and removes the other", async () => {
    const [alice, bob] = [await makeHistoryClient("alice"), await makeHistoryClient("bob")];
    const capabilities = { ...bob.leaf.capabilities, extensions: [] };
    const old = await makeNewcomer({ ...bob, leaf: { ...bob.leaf, capabilities } });
    const start = await foundGroup(alice.crypto, { groupId: utf8("plain"), leaf: alice.leaf, extensions: [] });
    const add = { kind: "add", keyPackage: parseKeyPackage(old.keyPackage.message) } as const;
    const { next } = await makeCommit(alice.crypto, start, { references: [], proposals: [add] });
    const extensions = [{ extensionType: MARK, extensionData: Uint8Array.of(1) }];
    const change = { kind: "groupContextExtensions", extensions } as const;
    const alone = makeCommit(alice.crypto, next, { references: [], proposals: [change] });
    await assert.rejects(alone, { code: "badLeaf" });
    const both = await makeCommit(alice.crypto, next, { references: [], proposals: [change, remove(1)] });
    assert.deepEqual(both.next.context.extensions, extensions);
  });

  it("brings the GroupInfo of the epoch that it begins", async () => {
    const [alice] = await makeSeats(["alice", "bob"]);
    assert.ok(alice);
    const done = await commit(alice, []);
    const again = await makeGroupInfo(alice.crypto, done.next);
    assert.deepEqual(done.ratchetTree, again.ratchetTree);
    assert.deepEqual(done.groupInfo, again.groupInfo);
  });

  it("keeps each member's private keys to its own direct path", async () => {
    const seats = await makeSeats(["a", "b", "c", "d", "e"]);
    for (const { group } of seats) {
      for (const index of group.privateKeys.keys()) {
        assert.ok(group.nodes[index] !== undefined);
      }
    }
  });
});

describe("a SelfRemove", () => {
  it("is the proposal type alone on the wire, without a body or a length", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const message = await proposeSelfRemove(alice.crypto, alice.group);
    const { groupId } = alice.group;
    // version, wire format, group_id<V>, epoch, sender type and leaf index, authenticated_data<V>, content type, proposal type, signature<V>
    const offset = 4 + 1 + groupId.length + 8 + 5 + 1;
    assert.ok(groupId.length < 64);
    assert.equal(toHex(message.slice(offset, offset + 4)), "02000a40");
  });
});
