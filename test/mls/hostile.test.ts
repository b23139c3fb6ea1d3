import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decode, encode } from "../../src/codec/tls.js";
import { stageCommit } from "../../src/mls/commit.js";
import { inspectGroupInfo } from "../../src/mls/external-commit.js";
import { encodePublicMessage, signContent } from "../../src/mls/framing.js";
import { signatureHandle } from "../../src/mls/group.js";
import { makeGroupInfo } from "../../src/mls/group-info.js";
import { openPublicGroup, stagePublic } from "../../src/mls/public-group.js";
import { leafContentOf } from "../../src/mls/room-authentication.js";
import { signWithLabel } from "../../src/mls/signing.js";
import { stage } from "../../src/mls/stage.js";
import { signLeaf, validateLeaf } from "../../src/mls/tree/leaf.js";
import { applyUpdatePath } from "../../src/mls/tree/update-path.js";
import type { ProposalOrRef } from "../../src/mls/wire/commit.js";
import { type GroupInfo, groupInfoTBS } from "../../src/mls/wire/group-context.js";
import { mlsMessage } from "../../src/mls/wire/message.js";
import { ratchetTree } from "../../src/mls/wire/ratchet-tree.js";
import { makeClient, makeSeats, type Seat, seatAt, startGroup } from "../support/mls-builders.js";

const LOW_ORDER = Uint8Array.of(1, ...new Uint8Array(31));

describe("a key that nobody can encrypt to, by which one joiner would stop everybody's commits", () => {
  it("is refused in a leaf", async () => {
    const { crypto, identity } = await makeClient("mallory");
    const at = { groupId: Uint8Array.of(1), leafIndex: 2 };
    for (const encryptionKey of [LOW_ORDER, new Uint8Array(31)]) {
      const leaf = { ...leafContentOf(identity), encryptionKey, source: { kind: "update" } } as const;
      const signed = await signLeaf(crypto, leaf, at);
      await assert.rejects(validateLeaf(crypto, signed, at, []), { code: "badLeaf" });
    }
  });

  it("is refused in a path", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const { commit } = await stageCommit(alice.crypto, alice.group, nothing);
    const { path } = commitIn(commit);
    assert.ok(path);
    const nodes = path.nodes.map((node, position) => (position === 0 ? { ...node, encryptionKey: LOW_ORDER } : node));
    const applied = applyUpdatePath(bob.crypto, bob.group.nodes, 0, { ...path, nodes }, bob.group.nodes, []);
    await assert.rejects(applied, { code: "invalidCommit", message: "a path with a key that nobody can encrypt to" });
  });

  it("is refused as external_pub", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const bundle = await reissued(alice, (info) => ({
      ...info,
      extensions: [{ extensionType: 4, extensionData: Uint8Array.of(32, ...LOW_ORDER) }],
    }));
    await assert.rejects(inspectGroupInfo(alice.crypto, bundle), { code: "invalidGroupInfo" });
  });
});

describe("what would keep everybody busy", () => {
  it("is refused before it is looked at: one kind of proposal many times in a commit", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const { extensions } = alice.group.context;
    for (const proposal of [
      { kind: "groupContextExtensions", extensions },
      { kind: "remove", removed: 2 },
    ] as const) {
      const commit = await recommitted(alice, [
        { kind: "proposal", proposal },
        { kind: "proposal", proposal },
      ]);
      const expected = { code: "invalidCommit", message: "a commit with one proposal twice" };
      await assert.rejects(stage(bob.crypto, bob.group, commit, []), expected);
      const hub = await openPublicGroup(bob.crypto, await makeGroupInfo(bob.crypto, bob.group));
      await assert.rejects(stagePublic(bob.crypto, hub, commit, []), expected);
    }
  });

  it("is refused before it is hashed: the tree of a new group with more than its maker's leaf", async () => {
    const mallory = await makeClient("mallory");
    const { groupInfo, ratchetTree: tree } = await makeGroupInfo(mallory.crypto, await startGroup(mallory));
    const [leaf] = decode(ratchetTree, tree);
    const blanks = encode(ratchetTree, [...Array<undefined>(20_000), leaf]);
    const opened = openPublicGroup(mallory.crypto, { groupInfo, ratchetTree: blanks });
    await assert.rejects(opened, { code: "badTree", message: "a new group of more than one leaf" });
  });
});

describe("a GroupInfo", () => {
  it("is refused with two extensions of one type, of which everybody would take another", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const twice = await reissued(alice, (info) => ({ ...info, extensions: [...info.extensions, ...info.extensions] }));
    await assert.rejects(inspectGroupInfo(alice.crypto, twice), { code: "invalidGroupInfo" });
  });

  it("is refused when its context lacks what rooms require, or has an extension twice", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const { extensions } = alice.group.context;
    const without = (type: number) => extensions.filter(({ extensionType }) => extensionType !== type);
    for (const list of [without(3), without(0xf0a0), [...extensions, ...without(3)]]) {
      const bundle = await reissued(alice, (info) => ({
        ...info,
        groupContext: { ...info.groupContext, extensions: list },
      }));
      await assert.rejects(inspectGroupInfo(alice.crypto, bundle), { code: "invalidGroupInfo" });
    }
  });
});

const nothing = { proposals: [], references: [] };

function commitIn(bytes: Uint8Array) {
  const message = decode(mlsMessage, bytes);
  assert.ok(message.kind === "publicMessage" && message.publicMessage.content.content.kind === "commit");
  return message.publicMessage.content.content.commit;
}

/** A commit of that member with other proposals in it, signed and tagged by it. */
async function recommitted({ crypto, group }: Seat, proposals: readonly ProposalOrRef[]): Promise<Uint8Array> {
  const { commit } = await stageCommit(crypto, group, nothing);
  const content = {
    groupId: group.groupId,
    epoch: group.epoch,
    sender: { kind: "member", leafIndex: group.ownLeafIndex },
    authenticatedData: new Uint8Array(0),
    content: { kind: "commit", commit: { ...commitIn(commit), proposals } },
  } as const;
  const signature = await signContent(crypto, "publicMessage", content, group.context, signatureHandle(group));
  const auth = { signature, confirmationTag: new Uint8Array(32) };
  return encodePublicMessage(crypto, content, auth, group.context, group.keys.membershipKey);
}

/** The seat's GroupInfo, changed and signed again by it. */
async function reissued({ crypto, group, signatureKeyPair }: Seat, change: (info: GroupInfo) => GroupInfo) {
  const { groupInfo, ratchetTree } = await makeGroupInfo(crypto, group);
  const message = decode(mlsMessage, groupInfo);
  assert.ok(message.kind === "groupInfo");
  const info = change(message.groupInfo);
  const signature = await signWithLabel(signatureKeyPair.privateKey, "GroupInfoTBS", encode(groupInfoTBS, info));
  return {
    groupInfo: encode(mlsMessage, { kind: "groupInfo", groupInfo: { ...info, signature } }),
    ratchetTree,
  };
}
