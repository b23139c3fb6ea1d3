import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toHex, utf8 } from "../../src/codec/bytes.js";
import { stageCommit } from "../../src/mls/commit.js";
import { epochAuthenticator, viewGroup } from "../../src/mls/group.js";
import { protectMessage } from "../../src/mls/protect.js";
import { externalPskId } from "../../src/mls/psk.js";
import { stage } from "../../src/mls/stage.js";
import { joinByWelcome } from "../../src/mls/welcome.js";
import { deliver, makeClient, makeSeats, type Seat, seatAt } from "../support/mls-builders.js";
import { addOf, newcomer, welcomed } from "../support/mls-newcomers.js";

const nothing = { proposals: [], references: [] };

/** All are in one epoch, and each reads what each says. */
async function assertTalk(seats: readonly Seat[]): Promise<void> {
  assert.equal(new Set(seats.map(({ group }) => toHex(epochAuthenticator(group)))).size, 1);
  for (const speaker of seats) {
    const { message } = await protectMessage(speaker.crypto, speaker.group, utf8(speaker.identity.nickname));
    for (const seat of seats) {
      if (seat === speaker) continue;
      const heard = await stage(seat.crypto, seat.group, message, []);
      assert.ok(heard.kind === "application");
      assert.equal(heard.sender.nickname, speaker.identity.nickname);
    }
  }
}

describe("being added", () => {
  it("brings several newcomers in by one Welcome, without a path, into the members' epoch", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const [dave, erin] = [await newcomer(await makeClient("dave")), await newcomer(await makeClient("erin"))];
    const alice = seatAt(seats, 0);
    const staged = await stageCommit(alice.crypto, alice.group, { ...nothing, proposals: [addOf(dave), addOf(erin)] });
    assert.equal(staged.view.committer, undefined);
    assert.deepEqual(
      staged.view.proposals.map((proposal) => proposal.kind === "add" && proposal.added.nickname),
      ["dave", "erin"],
    );
    const others = await deliver(seats.slice(1), staged.commit);
    const newcomers = [await welcomed(dave, staged), await welcomed(erin, staged)];
    await assertTalk([{ ...alice, group: staged.next }, ...others, ...newcomers]);
  });

  it("goes together with a removal and a path, and the one removed cannot follow", async () => {
    const seats = await makeSeats(["alice", "bob", "carol", "dave", "erin"]);
    const frank = await newcomer(await makeClient("frank"));
    const carol = seatAt(seats, 2);
    const proposals = [{ kind: "remove", removed: 1 } as const, addOf(frank)];
    const staged = await stageCommit(carol.crypto, carol.group, { ...nothing, proposals });
    const others = await deliver([seatAt(seats, 0), seatAt(seats, 3), seatAt(seats, 4)], staged.commit);
    const joined = await welcomed(frank, staged);
    assert.equal(joined.group.ownLeafIndex, 1);
    const bob = seatAt(seats, 1);
    const removed = await stage(bob.crypto, bob.group, staged.commit, []);
    assert.ok(removed.kind === "commit" && removed.next === undefined);
    const all = [{ ...carol, group: staged.next }, joined, ...others];
    await assertTalk(all);
    const renewed = await stageCommit(joined.crypto, joined.group, nothing);
    const after = await deliver(
      all.filter((seat) => seat !== joined),
      renewed.commit,
    );
    await assertTalk([{ ...joined, group: renewed.next }, ...after]);
  });

  it("works with the tree inside of the Welcome, for those who cannot fetch it", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const bob = await newcomer(await makeClient("bob"));
    const wish = { ...nothing, proposals: [addOf(bob)], treeInWelcome: true };
    const { welcome, next } = await stageCommit(alice.crypto, alice.group, wish);
    assert.ok(welcome);
    const group = await joinByWelcome(bob.crypto, { welcome, keyPackage: bob.keyPackage });
    await assertTalk([
      { ...alice, group: next },
      { ...bob, group },
    ]);
    const lean = await stageCommit(alice.crypto, alice.group, { ...wish, treeInWelcome: false });
    assert.ok(lean.welcome);
    const treeless = joinByWelcome(bob.crypto, { welcome: lean.welcome, keyPackage: bob.keyPackage });
    await assert.rejects(treeless, { code: "invalidGroupInfo" });
  });

  it("is refused to those whom the Welcome is not for, and with another group's tree", async () => {
    const [alice, bob] = await makeSeats(["alice", "bob"]);
    const [carol, dave] = [await newcomer(await makeClient("carol")), await newcomer(await makeClient("dave"))];
    assert.ok(alice && bob);
    const staged = await stageCommit(alice.crypto, alice.group, { ...nothing, proposals: [addOf(carol)] });
    await assert.rejects(welcomed(dave, staged), { code: "invalidWelcome" });
    const stolen = { ...dave, keyPackage: { ...carol.keyPackage, privateParts: dave.keyPackage.privateParts } };
    await assert.rejects(welcomed(stolen, staged), { code: "cannotDecrypt" });
    const { ratchetTree } = await stageCommit(bob.crypto, bob.group, nothing);
    await assert.rejects(welcomed(carol, { ...staged, ratchetTree }), { code: "badTree" });
  });

  it("is refused for a client that is in already, and for a KeyPackage that was changed", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const again = addOf(await newcomer(bob));
    const commit = stageCommit(alice.crypto, alice.group, { ...nothing, proposals: [again] });
    await assert.rejects(commit, { code: "invalidCommit" });
    const carol = addOf(await newcomer(await makeClient("carol")));
    const initKey = carol.keyPackage.initKey.map((octet) => octet ^ 1);
    const changed = { ...carol, keyPackage: { ...carol.keyPackage, initKey } };
    const forged = stageCommit(alice.crypto, alice.group, { ...nothing, proposals: [changed] });
    await assert.rejects(forged, { code: "badSignature" });
  });

  it("reads nothing of the epoch before", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const alice = seatAt(seats, 0);
    const carol = await newcomer(await makeClient("carol"));
    const { message } = await protectMessage(alice.crypto, alice.group, utf8("before"));
    const staged = await stageCommit(alice.crypto, alice.group, { ...nothing, proposals: [addOf(carol)] });
    const joined = await welcomed(carol, staged);
    await assert.rejects(stage(joined.crypto, joined.group, message, []), { code: "wrongEpoch" });
    const disguised = { ...joined.group, epoch: 1n, context: { ...joined.group.context, epoch: 1n } };
    await assert.rejects(stage(joined.crypto, disguised, message, []), { code: "cannotDecrypt" });
  });

  it("shows whom it joined, before anything is kept", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const alice = seatAt(seats, 0);
    const carol = await newcomer(await makeClient("carol"));
    const staged = await stageCommit(alice.crypto, alice.group, { ...nothing, proposals: [addOf(carol)] });
    const { members } = viewGroup((await welcomed(carol, staged)).group);
    assert.deepEqual(
      members.map(({ nickname }) => nickname),
      ["alice", "bob", "carol"],
    );
  });

  it("takes a pre-shared key of the newcomer's as well, when the commit names one", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const carol = await newcomer(await makeClient("carol"));
    const psk = { id: externalPskId(utf8("door code")), secret: utf8("swordfish") };
    const proposals = [addOf(carol), { kind: "psk", psk: psk.id } as const];
    const staged = await stageCommit(alice.crypto, alice.group, { ...nothing, proposals, psks: [psk] });
    await assert.rejects(welcomed(carol, staged), { code: "unknownPsk" });
    const wrong = { ...psk, secret: utf8("guess") };
    await assert.rejects(welcomed(carol, staged, { psks: [wrong] }), { code: "cannotDecrypt" });
    assert.ok(await welcomed(carol, staged, { psks: [psk] }));
    // a member of a room has no such keys
    await assert.rejects(stage(bob.crypto, bob.group, staged.commit, []), { code: "unknownPsk" });
  });
});
