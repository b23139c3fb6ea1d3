import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decode, encode } from "../../src/codec/tls.js";
import { stageCommit } from "../../src/mls/commit.js";
import { createCrypto } from "../../src/mls/crypto.js";
import { signContent } from "../../src/mls/framing.js";
import { viewGroup } from "../../src/mls/group.js";
import { type GroupInfoBundle, makeGroupInfo } from "../../src/mls/group-info.js";
import { proposeSelfRemove } from "../../src/mls/propose.js";
import {
  decodePublicGroup,
  encodePublicGroup,
  openPublicGroup,
  type PublicGroup,
  stagePublic,
  viewPublicGroup,
} from "../../src/mls/public-group.js";
import { generateSignatureKey } from "../../src/mls/signing.js";
import { stage } from "../../src/mls/stage.js";
import { mlsMessage } from "../../src/mls/wire/message.js";
import { deliver, join, makeClient, makeSeats, seatAt } from "../support/mls-builders.js";

const hub = createCrypto();

async function keep(
  group: PublicGroup,
  commit: Uint8Array,
  bundle: GroupInfoBundle,
  pending: readonly Uint8Array[] = [],
) {
  const staged = await stagePublic(hub, group, commit, pending, bundle);
  assert.ok(staged.kind === "commit");
  return decodePublicGroup(encodePublicGroup(staged.next));
}

async function makeRoom() {
  const seats = await makeSeats(["alice", "bob", "carol"]);
  const alice = seatAt(seats, 0);
  const bundle = await makeGroupInfo(alice.crypto, alice.group);
  return { alice, bob: seatAt(seats, 1), carol: seatAt(seats, 2), bundle, group: await openPublicGroup(hub, bundle) };
}

describe("a hub's public group", () => {
  it("follows joins, leaving, removals and renewals as the members see them", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    let group = await openPublicGroup(hub, await makeGroupInfo(alice.crypto, alice.group));
    let seats = [alice];
    let bundle: GroupInfoBundle = await makeGroupInfo(alice.crypto, alice.group);
    for (const name of ["bob", "carol", "dave"]) {
      const joined = await join(await makeClient(name), bundle);
      group = await keep(group, joined.commit, joined);
      seats = [...(await deliver(seats, joined.commit)), joined.seat];
      bundle = joined;
      assert.deepEqual(viewPublicGroup(group), viewGroup(seatAt(seats, 0).group));
    }
    const [bob, carol] = [seatAt(seats, 1), seatAt(seats, 2)];
    const leaving = await proposeSelfRemove(bob.crypto, bob.group);
    const proposed = await stagePublic(hub, group, leaving, []);
    const atCarol = await stage(carol.crypto, carol.group, leaving, []);
    assert.ok(proposed.kind === "proposal" && atCarol.kind === "proposal");
    assert.deepEqual(proposed, atCarol);
    const proposals = [{ kind: "remove", removed: 3 }] as const;
    const done = await stageCommit(carol.crypto, carol.group, { proposals, references: [leaving] });
    group = await keep(group, done.commit, done, [leaving]);
    assert.deepEqual(viewPublicGroup(group), viewGroup(done.next));
    assert.deepEqual(
      viewPublicGroup(group).members.map(({ nickname }) => nickname),
      ["alice", "carol"],
    );
    const renewed = await stageCommit(carol.crypto, done.next, { proposals: [], references: [] });
    group = await keep(group, renewed.commit, renewed);
    assert.equal(group.epoch, 5n);
  });

  it("refuses a commit of another epoch", async () => {
    const { alice, bob, group } = await makeRoom();
    const first = await stageCommit(alice.crypto, alice.group, { proposals: [], references: [] });
    const rival = await stageCommit(bob.crypto, bob.group, { proposals: [], references: [] });
    const next = await keep(group, first.commit, first);
    await assert.rejects(stagePublic(hub, next, rival.commit, [], rival), { code: "wrongEpoch" });
    await assert.rejects(stagePublic(hub, next, first.commit, [], first), { code: "wrongEpoch" });
  });

  it("refuses a commit that its sender did not sign", async () => {
    const { alice, group } = await makeRoom();
    const done = await stageCommit(alice.crypto, alice.group, { proposals: [], references: [] });
    const message = decode(mlsMessage, done.commit);
    assert.ok(message.kind === "publicMessage");
    const { content, auth } = message.publicMessage;
    const forged = { ...message.publicMessage, auth: { ...auth, signature: auth.signature.map((octet) => octet ^ 1) } };
    const bytes = encode(mlsMessage, { kind: "publicMessage", publicMessage: forged });
    await assert.rejects(stagePublic(hub, group, bytes, [], done), { code: "badSignature" });
    const other = await alice.crypto.addSignatureKey(await generateSignatureKey());
    const signature = await signContent(alice.crypto, "publicMessage", content, group.context, other);
    const byOther = { ...message.publicMessage, auth: { ...auth, signature } };
    const resigned = encode(mlsMessage, { kind: "publicMessage", publicMessage: byOther });
    await assert.rejects(stagePublic(hub, group, resigned, [], done), { code: "badSignature" });
  });

  it("refuses a commit without a GroupInfo, or with another's", async () => {
    const { alice, bob, bundle, group } = await makeRoom();
    const done = await stageCommit(alice.crypto, alice.group, { proposals: [], references: [] });
    const other = await stageCommit(bob.crypto, bob.group, { proposals: [], references: [] });
    await assert.rejects(stagePublic(hub, group, done.commit, []), { code: "invalidGroupInfo" });
    await assert.rejects(stagePublic(hub, group, done.commit, [], bundle), { code: "invalidGroupInfo" });
    await assert.rejects(stagePublic(hub, group, done.commit, [], other), { code: "invalidGroupInfo" });
  });

  it("refuses a GroupInfo that the committer did not sign", async () => {
    const { alice, group } = await makeRoom();
    const done = await stageCommit(alice.crypto, alice.group, { proposals: [], references: [] });
    const flipped = done.groupInfo.map((octet, index) => (index === done.groupInfo.length - 1 ? octet ^ 1 : octet));
    const staged = stagePublic(hub, group, done.commit, [], { ...done, groupInfo: flipped });
    await assert.rejects(staged, { code: "badSignature" });
  });

  it("refuses a tree that is not the commit's", async () => {
    const { alice, bundle, group } = await makeRoom();
    const done = await stageCommit(alice.crypto, alice.group, { proposals: [], references: [] });
    const staged = stagePublic(hub, group, done.commit, [], { ...done, ratchetTree: bundle.ratchetTree });
    await assert.rejects(staged, { code: "badTree" });
  });

  it("refuses application messages", async () => {
    const { bundle, group } = await makeRoom();
    await assert.rejects(stagePublic(hub, group, bundle.groupInfo, []), { code: "unsupported" });
  });
});
