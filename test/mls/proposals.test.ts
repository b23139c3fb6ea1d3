import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toHex, utf8 } from "../../src/codec/bytes.js";
import { stageCommit } from "../../src/mls/commit.js";
import { makeExternalCommit } from "../../src/mls/external-commit.js";
import { epochAuthenticator, type Group } from "../../src/mls/group.js";
import { makeGroupInfo } from "../../src/mls/group-info.js";
import { processMessage } from "../../src/mls/process-message.js";
import { propose, proposeExternally, proposeJoining, proposeUpdate } from "../../src/mls/propose.js";
import { protectMessage } from "../../src/mls/protect.js";
import { externalPskId, resumptionPskId } from "../../src/mls/psk.js";
import { leafContentOf } from "../../src/mls/room-authentication.js";
import { generateSignatureKey } from "../../src/mls/signing.js";
import { stage } from "../../src/mls/stage.js";
import { branch, reinitialise } from "../../src/mls/successor.js";
import { leafAt } from "../../src/mls/tree/nodes.js";
import { deliver, makeClient, makeSeats, type Seat, seatAt } from "../support/mls-builders.js";
import { addOf, newcomer, welcomed } from "../support/mls-newcomers.js";

const nothing = { proposals: [], references: [] };
const hexOf = ({ group }: { readonly group: Group }) => toHex(epochAuthenticator(group));

function assertOneEpoch(...seats: readonly { readonly group: Group }[]): void {
  assert.equal(new Set(seats.map(hexOf)).size, 1);
}

describe("a proposal of one's own", () => {
  it("to renew a leaf is committed by another, and its maker goes on with the new key", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const [alice, bob, carol] = [seatAt(seats, 0), seatAt(seats, 1), seatAt(seats, 2)];
    const update = await proposeUpdate(bob.crypto, bob.group);
    const renewed: Seat = { ...bob, group: update.next };
    const wish = { proposals: [], references: [update.message] };
    const staged = await stageCommit(alice.crypto, alice.group, wish);
    const [bobAfter, carolAfter] = await deliver([renewed, carol], staged.commit, [update.message]);
    assert.ok(bobAfter && carolAfter);
    assertOneEpoch({ group: staged.next }, bobAfter, carolAfter);
    const key = (group: Group) => toHex(leafAt(group.nodes, 1)?.encryptionKey ?? new Uint8Array(0));
    assert.notEqual(key(staged.next), key(bob.group));
    // the path of the next commit is encrypted to it
    const next = await stageCommit(carolAfter.crypto, carolAfter.group, nothing);
    assertOneEpoch({ group: next.next }, ...(await deliver([bobAfter], next.commit)));
    const forgetful = stage(bob.crypto, bob.group, staged.commit, [update.message]);
    await assert.rejects(forgetful, { code: "invalidCommit" });
  });

  it("of several that it made, goes on with the one that was committed", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const first = await proposeUpdate(bob.crypto, bob.group);
    const second = await proposeUpdate(bob.crypto, first.next);
    const staged = await stageCommit(alice.crypto, alice.group, { proposals: [], references: [first.message] });
    const pending = [first.message, second.message];
    assertOneEpoch(
      { group: staged.next },
      ...(await deliver([{ ...bob, group: second.next }], staged.commit, pending)),
    );
  });

  it("to remove or to add is committed by another by reference", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const [alice, bob, carol] = [seatAt(seats, 0), seatAt(seats, 1), seatAt(seats, 2)];
    const dave = await newcomer(await makeClient("dave"));
    const pending = [
      await propose(bob.crypto, bob.group, { kind: "remove", removed: 2 }),
      await propose(bob.crypto, bob.group, addOf(dave)),
    ];
    const staged = await stageCommit(alice.crypto, alice.group, { proposals: [], references: pending });
    for (const { sender } of staged.view.proposals) {
      assert.equal(sender.kind === "member" && sender.member.nickname, "bob");
    }
    const [bobAfter] = await deliver([bob, carol], staged.commit, pending);
    assert.ok(bobAfter);
    assertOneEpoch({ group: staged.next }, bobAfter, await welcomed(dave, staged));
  });

  it("cannot be what only a commit carries, or what a commit cannot carry", async () => {
    const [alice, bob] = await makeSeats(["alice", "bob"]);
    assert.ok(alice && bob);
    const init = await propose(bob.crypto, bob.group, { kind: "externalInit", kemOutput: new Uint8Array(32) });
    await assert.rejects(stage(alice.crypto, alice.group, init, []), { code: "invalidProposal" });
    const { leafNode } = updateIn(await proposeUpdate(bob.crypto, bob.group));
    const inline = stageCommit(bob.crypto, bob.group, { ...nothing, proposals: [{ kind: "update", leafNode }] });
    await assert.rejects(inline, { code: "invalidProposal" });
    const own = await proposeUpdate(bob.crypto, bob.group);
    const committed = stageCommit(bob.crypto, own.next, { proposals: [], references: [own.message] });
    await assert.rejects(committed, { code: "invalidCommit" });
  });
});

describe("a proposal from outside", () => {
  it("of the hub's system user is committed by a member", async () => {
    const hub = await generateSignatureKey();
    const seats = await makeSeats(["alice", "bob", "carol"], { hub });
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const handle = await alice.crypto.addSignatureKey(hub);
    const removal = { kind: "remove", removed: 2 } as const;
    const message = await proposeExternally(alice.crypto, alice.group.context, 0, handle, removal);
    const staged = await stageCommit(alice.crypto, alice.group, { proposals: [], references: [message] });
    assert.deepEqual(staged.view.proposals[0]?.sender, { kind: "external", senderIndex: 0 });
    assertOneEpoch({ group: staged.next }, ...(await deliver([bob], staged.commit, [message])));
    const stranger = await alice.crypto.addSignatureKey(await generateSignatureKey());
    const forged = await proposeExternally(alice.crypto, alice.group.context, 0, stranger, removal);
    await assert.rejects(stage(bob.crypto, bob.group, forged, []), { code: "badSignature" });
    const nobody = await proposeExternally(alice.crypto, alice.group.context, 1, handle, removal);
    await assert.rejects(stage(bob.crypto, bob.group, nobody, []), { code: "invalidProposal" });
    const update = await proposeExternally(alice.crypto, alice.group.context, 0, handle, { kind: "selfRemove" });
    await assert.rejects(stage(bob.crypto, bob.group, update, []), { code: "invalidProposal" });
  });

  it("of a newcomer to be added is committed by a member, who is shown as its sender", async () => {
    const [alice, bob] = await makeSeats(["alice", "bob"]);
    assert.ok(alice && bob);
    const carol = await newcomer(await makeClient("carol"));
    const message = await proposeJoining(carol.crypto, alice.group.context, addOf(carol));
    const staged = await stageCommit(alice.crypto, alice.group, { proposals: [], references: [message] });
    const { sender } = staged.view.proposals[0] ?? {};
    assert.ok(sender?.kind === "newMemberProposal" && sender.member.nickname === "carol");
    const others = await deliver([bob], staged.commit, [message]);
    assertOneEpoch({ group: staged.next }, await welcomed(carol, staged), ...others);
  });
});

describe("a pre-shared key", () => {
  it("of an epoch that all were in, or agreed on elsewhere, goes into the secrets", async () => {
    const [alice, bob] = await makeSeats(["alice", "bob"]);
    assert.ok(alice && bob);
    const before = await stageCommit(alice.crypto, alice.group, nothing);
    const [bobBefore] = await deliver([bob], before.commit);
    assert.ok(bobBefore);
    const door = { id: externalPskId(utf8("door")), secret: utf8("swordfish") };
    const proposals = [
      { kind: "psk", psk: resumptionPskId("application", alice.group) } as const,
      { kind: "psk", psk: door.id } as const,
    ];
    const staged = await stageCommit(alice.crypto, before.next, { references: [], proposals, psks: [door] });
    const processed = await processMessage(bob.crypto, bobBefore.group, staged.commit, { pending: [], psks: [door] });
    assert.ok(processed.kind === "commit" && processed.next);
    assertOneEpoch({ group: staged.next }, { group: processed.next });
    const guess = { ...door, secret: utf8("guess") };
    const wrong = processMessage(bob.crypto, bobBefore.group, staged.commit, { pending: [], psks: [guess] });
    await assert.rejects(wrong, { code: "badConfirmationTag" });
    const twice = { references: [], proposals: [...proposals, { kind: "psk", psk: door.id } as const], psks: [door] };
    await assert.rejects(stageCommit(alice.crypto, before.next, twice), { code: "invalidCommit" });
  });

  it("goes with an external commit", async () => {
    const [alice, bob] = await makeSeats(["alice", "bob"]);
    assert.ok(alice && bob);
    const carol = await makeClient("carol");
    const door = { id: externalPskId(utf8("door")), secret: utf8("swordfish") };
    const joining = await makeExternalCommit(carol.crypto, {
      ...(await makeGroupInfo(alice.crypto, alice.group)),
      pendingProposals: [],
      leaf: leafContentOf(carol.identity),
      removes: [],
      psks: [door],
    });
    const { commit } = joining;
    await assert.rejects(stage(bob.crypto, bob.group, commit, []), { code: "unknownPsk" });
    const processed = await processMessage(bob.crypto, bob.group, commit, { pending: [], psks: [door] });
    assert.ok(processed.kind === "commit" && processed.next);
    assertOneEpoch({ group: joining.next }, { group: processed.next });
  });
});

describe("a group that follows another", () => {
  it("after a ReInit is the one that was agreed on, and nothing more happens in the old one", async () => {
    const [alice, bob] = await makeSeats(["alice", "bob"]);
    assert.ok(alice && bob);
    const { version, cipherSuite, extensions } = alice.group.context;
    const reInit = { groupId: utf8("anew"), version, cipherSuite, extensions };
    const wish = { references: [], proposals: [{ kind: "reInit", ...reInit } as const] };
    const staged = await stageCommit(alice.crypto, alice.group, wish);
    const [bobAfter] = await deliver([bob], staged.commit);
    assert.ok(bobAfter);
    await assert.rejects(stageCommit(bobAfter.crypto, bobAfter.group, nothing), { code: "invalidCommit" });
    await assert.rejects(protectMessage(bobAfter.crypto, bobAfter.group, utf8("still")), { code: "invalidCommit" });
    await assert.rejects(proposeUpdate(bobAfter.crypto, bobAfter.group), { code: "invalidCommit" });
    const bobAnew = await newcomer(bob);
    const { keyPackage } = addOf(bobAnew);
    const parts = { leaf: leafContentOf(alice.identity), keyPackages: [keyPackage] };
    const begun = await reinitialise(alice.crypto, staged.next, parts);
    const former = bobAfter.group;
    assertOneEpoch({ group: begun.next }, await welcomed(bobAnew, begun, { former }));
    await assert.rejects(welcomed(bobAnew, begun), { code: "unknownPsk" });
    const other = { ...former, reInit: { ...reInit, groupId: utf8("another") } };
    await assert.rejects(welcomed(bobAnew, begun, { former: other }), { code: "invalidWelcome" });
    await assert.rejects(reinitialise(bob.crypto, bob.group, parts), { code: "invalidCommit" });
  });

  it("branches off with some of its members", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const bobAside = await newcomer(bob);
    const { extensions } = alice.group.context;
    const { keyPackage } = addOf(bobAside);
    const leaf = leafContentOf(alice.identity);
    const aside = await branch(alice.crypto, alice.group, {
      groupId: utf8("aside"),
      extensions,
      leaf,
      keyPackages: [keyPackage],
    });
    assertOneEpoch({ group: aside.next }, await welcomed(bobAside, aside, { former: bob.group }));
    await assert.rejects(welcomed(bobAside, aside), { code: "unknownPsk" });
  });

  it("does not branch off with somebody who was not in it", async () => {
    const [alice, bob] = await makeSeats(["alice", "bob"]);
    assert.ok(alice && bob);
    const [bobAside, mallory] = [await newcomer(bob), await newcomer(await makeClient("mallory"))];
    const { extensions } = alice.group.context;
    const aside = await branch(alice.crypto, alice.group, {
      groupId: utf8("aside"),
      extensions,
      leaf: leafContentOf(alice.identity),
      keyPackages: [addOf(bobAside).keyPackage, addOf(mallory).keyPackage],
    });
    const joined = welcomed(bobAside, aside, { former: bob.group });
    await assert.rejects(joined, {
      code: "invalidWelcome",
      message: "a branch with somebody who was not in the group",
    });
  });
});

function updateIn({ next }: { readonly next: Group }) {
  const leafNode = leafAt(next.nodes, next.ownLeafIndex);
  if (leafNode === undefined) throw new Error("no leaf");
  return { leafNode };
}
