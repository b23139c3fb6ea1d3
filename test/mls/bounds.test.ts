import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { utf8 } from "../../src/codec/bytes.js";
import { decode, encode } from "../../src/codec/tls.js";
import { BOUNDS } from "../../src/mls/bounds.js";
import { foundGroup } from "../../src/mls/group.js";
import { parseKeyPackage } from "../../src/mls/key-package.js";
import { makeCommit } from "../../src/mls/make-commit.js";
import { processMessage } from "../../src/mls/process-message.js";
import { propose } from "../../src/mls/propose.js";
import { externalPskId } from "../../src/mls/psk.js";
import { createSecretTree, keyOfGeneration } from "../../src/mls/secret-tree.js";
import { encodeGroup } from "../../src/mls/stored-group.js";
import { ensureCapable } from "../../src/mls/tree/leaf.js";
import { addLeaf, fromWire, type Nodes } from "../../src/mls/tree/nodes.js";
import { verifyParentHashes } from "../../src/mls/tree/parent-hash.js";
import { treeHash } from "../../src/mls/tree/tree-hash.js";
import { createUpdatePath } from "../../src/mls/tree/update-path.js";
import { joinByWelcome } from "../../src/mls/welcome.js";
import { DEFAULT_EXTENSION, requiredCapabilities } from "../../src/mls/wire/extension.js";
import type { GroupInfo } from "../../src/mls/wire/group-context.js";
import { mlsMessage } from "../../src/mls/wire/message.js";
import type { Proposal } from "../../src/mls/wire/proposal.js";
import type { Node } from "../../src/mls/wire/ratchet-tree.js";
import { countingCrypto, countingList } from "../support/counting-crypto.js";
import { MARK, makeHistoryClient, makeNewcomer } from "../support/history-client.js";
import { committing, reissued, tagged, twoMembers, workOfJoiner, workUntilRefused } from "../support/mls-insider.js";

const ABSURD = 0xffffffff;
const NOTHING = new Uint8Array(0);

describe("an absurd leaf index", () => {
  it("of a sender is refused before a signature is looked at", async () => {
    const [mallory, bob] = await twoMembers();
    const message = await tagged(mallory, { sender: { kind: "member", leafIndex: ABSURD } });
    assert.deepEqual(await workUntilRefused(bob, message, "badLeaf"), { hashed: 1, derived: 0, verified: 0 });
  });

  it("of whom to remove is refused without a walk through the tree, in a commit and by itself", async () => {
    const [mallory, bob] = await twoMembers();
    const proposal = { kind: "remove", removed: ABSURD } as const;
    for (const message of [
      await committing(mallory, [proposal]),
      await propose(mallory.crypto, mallory.group, proposal),
    ]) {
      assert.deepEqual(await workUntilRefused(bob, message, "badLeaf"), { hashed: 1, derived: 0, verified: 1 });
    }
  });

  it("of a GroupInfo's signer, or of an unmerged leaf, is refused by who would join", async () => {
    const [mallory] = await twoMembers();
    const signer = await reissued(mallory, (info) => ({ ...info, signer: ABSURD }));
    await workOfJoiner(signer, "invalidGroupInfo");
    const parent: Node = {
      kind: "parent",
      encryptionKey: new Uint8Array(32),
      parentHash: NOTHING,
      unmergedLeaves: [ABSURD],
    };
    const nodes = mallory.group.nodes.with(1, parent);
    const treeHashOf = await treeHash(mallory.crypto, nodes);
    const change = (info: GroupInfo) => ({ ...info, groupContext: { ...info.groupContext, treeHash: treeHashOf } });
    assert.equal((await workOfJoiner(await reissued(mallory, change, nodes), "badTree")).hashed, 3);
  });
});

describe("more proposals", () => {
  it("than a commit may have are refused before one of them is looked at", async () => {
    const [mallory, bob] = await twoMembers();
    const psk = (index: number): Proposal => ({ kind: "psk", psk: externalPskId(Uint8Array.of(index >> 8, index)) });
    const message = await committing(
      mallory,
      Array.from({ length: BOUNDS.proposals + 1 }, (_, index) => psk(index)),
    );
    assert.deepEqual(await workUntilRefused(bob, message, "tooLarge"), { hashed: 1, derived: 0, verified: 1 });
    const proposals = Array.from(
      { length: BOUNDS.proposals + 1 },
      (_, removed): Proposal => ({ kind: "remove", removed }),
    );
    await assert.rejects(makeCommit(mallory.crypto, mallory.group, { references: [], proposals }), {
      code: "tooLarge",
    });
  });

  it("that are pending cost a commit a hash each, and no signature unless it refers to them", async () => {
    const [mallory, bob] = await twoMembers();
    const pending = await Promise.all(
      Array.from({ length: 500 }, () =>
        propose(mallory.crypto, mallory.group, { kind: "psk", psk: externalPskId(utf8("x")) }),
      ),
    );
    const own = await propose(bob.crypto, bob.group, { kind: "psk", psk: externalPskId(utf8("x")) });
    const psks = [{ id: externalPskId(utf8("x")), secret: utf8("secret") }];
    const { commit } = await makeCommit(mallory.crypto, mallory.group, { references: [own], proposals: [], psks });
    const work = async (messages: readonly Uint8Array[]) => {
      const { crypto, counts } = countingCrypto(bob.crypto);
      await processMessage(crypto, bob.group, commit, { pending: messages, psks });
      return counts;
    };
    const [alone, among] = [await work([own]), await work([...pending, own])];
    assert.deepEqual(among, { ...alone, hashed: alone.hashed + pending.length });
  });

  it("for pre-shared keys than there may be are refused before a secret is derived", async () => {
    const [mallory, bob] = await twoMembers();
    const ids = Array.from({ length: BOUNDS.psks + 1 }, () => externalPskId(utf8("x")));
    const message = await committing(
      mallory,
      ids.map((psk) => ({ kind: "psk", psk })),
    );
    assert.equal((await workUntilRefused(bob, message, "tooLarge")).derived, 0);
  });
});

describe("a tree", () => {
  it("is joined by as much work, of as many unmerged leaves, as it has nodes, and not its square", async () => {
    const [small, large] = [await looksOfUnmerged(32), await looksOfUnmerged(128)];
    assert.ok(large < 8 * small, `${small} looks at 32 leaves, ${large} at 128`);
  });

  it("that is wider than any may be is refused before it is hashed", async () => {
    const [mallory] = await twoMembers();
    const [leaf] = mallory.group.nodes;
    const nodes = [...Array<undefined>(2 * BOUNDS.leaves), leaf];
    const bundle = await reissued(mallory, (info) => info, nodes);
    assert.deepEqual(await workOfJoiner(bundle, "tooLarge"), { hashed: 0, derived: 0, verified: 0 });
  });

  it("as wide as any may be takes no further leaf", async () => {
    const [mallory] = await twoMembers();
    const [leaf] = mallory.group.nodes;
    assert.ok(leaf?.kind === "leaf");
    const full = Array.from({ length: 2 * BOUNDS.leaves - 1 }, (_, index) => (index % 2 === 0 ? leaf : undefined));
    assert.equal(fromWire(full).length, full.length);
    assert.throws(() => addLeaf(full, leaf), { code: "tooLarge" });
    assert.equal(addLeaf(full.with(2, undefined), leaf).leafIndex, 1);
  });
});

/** How often a node is looked at while the parent hashes of a tree are verified in which every second leaf is unmerged. */
async function looksOfUnmerged(leafCount: number): Promise<number> {
  const { crypto, leaf } = await makeHistoryClient("mallory");
  const { group } = { group: await foundGroup(crypto, { groupId: NOTHING, leaf, extensions: [] }) };
  const [one] = group.nodes;
  assert.ok(one?.kind === "leaf");
  let nodes: Nodes = Array.from({ length: 2 * leafCount - 1 }, (_, index) => (index % 4 === 0 ? one : undefined));
  for (let leafIndex = 0; leafIndex < leafCount; leafIndex += 2) {
    ({ nodes } = await createUpdatePath(crypto, nodes, leafIndex, leaf, group.context, []));
  }
  for (let added = 1; added < leafCount; added += 2) ({ nodes } = addLeaf(nodes, one));
  const counting = countingList(nodes);
  await verifyParentHashes(crypto, counting.list);
  return counting.looks();
}

describe("a giant", () => {
  it("GroupContext is refused before a leaf is asked whether it supports it, by members and by who would join", async () => {
    const [mallory, bob] = await twoMembers();
    const extensions = [{ extensionType: MARK, extensionData: new Uint8Array(BOUNDS.contextOctets) }];
    const message = await committing(mallory, [{ kind: "groupContextExtensions", extensions }]);
    assert.deepEqual(await workUntilRefused(bob, message, "tooLarge"), { hashed: 1, derived: 0, verified: 1 });
    const bundle = await reissued(mallory, (info) => ({ ...info, groupContext: { ...info.groupContext, extensions } }));
    assert.deepEqual(await workOfJoiner(bundle, "tooLarge"), { hashed: 0, derived: 0, verified: 0 });
  });

  it("leaf is refused before its signature is looked at", async () => {
    const [mallory, bob] = await twoMembers();
    const carol = await makeHistoryClient("carol");
    const extensions = [{ extensionType: MARK, extensionData: new Uint8Array(BOUNDS.leafOctets) }];
    const { keyPackage } = await makeNewcomer({ ...carol, leaf: { ...carol.leaf, extensions } });
    const message = await committing(mallory, [{ kind: "add", keyPackage: parseKeyPackage(keyPackage.message) }]);
    assert.deepEqual(await workUntilRefused(bob, message, "tooLarge"), { hashed: 1, derived: 0, verified: 1 });
  });

  it("list of what is required is read once, for as many leaves as there are", async () => {
    const { leaf } = await makeHistoryClient("mallory");
    const types = Array.from({ length: 10_000 }, () => MARK);
    const list = { extensionTypes: types, proposalTypes: [], credentialTypes: [] };
    let reads = 0;
    const extensions = [
      {
        extensionType: DEFAULT_EXTENSION.requiredCapabilities,
        get extensionData() {
          reads += 1;
          return encode(requiredCapabilities, list);
        },
      },
    ];
    const asked = { ...leaf, encryptionKey: NOTHING, source: { kind: "update" } } as const;
    for (let member = 0; member < 1000; member++) ensureCapable(asked, extensions);
    assert.equal(reads, 1);
  });

  it("Welcome is opened by as much work as one for a single newcomer", async () => {
    const [mallory] = await twoMembers();
    const carol = await makeHistoryClient("carol");
    const { keyPackage } = await makeNewcomer(carol);
    const add = { kind: "add", keyPackage: parseKeyPackage(keyPackage.message) } as const;
    const made = await makeCommit(mallory.crypto, mallory.group, { references: [], proposals: [add] });
    assert.ok(made.welcome);
    const message = decode(mlsMessage, made.welcome);
    assert.ok(message.kind === "welcome");
    const { secrets } = message.welcome;
    const others = Array.from({ length: 5000 }, (_, index) => ({
      newMember: Uint8Array.of(index >> 8, index),
      encryptedGroupSecrets: { kemOutput: NOTHING, ciphertext: NOTHING },
    }));
    const giant = encode(mlsMessage, { ...message, welcome: { ...message.welcome, secrets: [...others, ...secrets] } });
    const work = async (welcome: Uint8Array) => {
      const { crypto, counts } = countingCrypto(carol.crypto);
      await joinByWelcome(crypto, { welcome, ratchetTree: made.ratchetTree, keyPackage });
      return counts;
    };
    assert.deepEqual(await work(giant), await work(made.welcome));
  });
});

describe("a generation", () => {
  it("that skips as many as it may costs three derivations each, and one beyond it none but its place in the tree", async () => {
    const { crypto } = await makeHistoryClient("bob");
    const tree = createSecretTree(4, new Uint8Array(32));
    const counting = countingCrypto(crypto);
    await keyOfGeneration(counting.crypto, tree, 1, BOUNDS.skipped);
    assert.ok(counting.counts.derived <= 3 * (BOUNDS.skipped + 1) + 10);
    const beyond = countingCrypto(crypto);
    const far = keyOfGeneration(beyond.crypto, tree, 1, BOUNDS.skipped + 1);
    await assert.rejects(far, { code: "futureGeneration" });
    assert.ok(beyond.counts.derived <= 10);
  });

  it("that skips others again and again makes the stored group no larger than the first time", async () => {
    const [, bob] = await twoMembers();
    const sizes: number[] = [];
    let { secretTree } = bob.group;
    for (const generation of [BOUNDS.skipped, 2 * BOUNDS.skipped, 3 * BOUNDS.skipped]) {
      secretTree = (await keyOfGeneration(bob.crypto, secretTree, 0, generation)).tree;
      sizes.push(encodeGroup({ ...bob.group, secretTree }).length);
    }
    const [first = 0, ...later] = sizes;
    assert.ok(first < encodeGroup(bob.group).length + 40 * BOUNDS.skipped);
    for (const size of later) assert.equal(size, first);
  });
});

describe("a group whose epochs are used up", () => {
  it("is not joined: nobody could commit in it", async () => {
    const [mallory] = await twoMembers();
    const epoch = 2n ** 64n - 1n;
    const bundle = await reissued(mallory, (info) => ({ ...info, groupContext: { ...info.groupContext, epoch } }));
    await workOfJoiner(bundle, "invalidGroupInfo");
  });
});
