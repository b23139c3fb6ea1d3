import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toHex } from "../../src/codec/bytes.js";
import type { Crypto } from "../../src/mls/crypto.js";
import { evaluateCommit } from "../../src/mls/evaluate-commit.js";
import { makeExternalCommit } from "../../src/mls/external-commit.js";
import { openPublicMessage, readPublicMessage, signContent } from "../../src/mls/framing.js";
import type { Group } from "../../src/mls/group.js";
import { makeGroupInfo } from "../../src/mls/group-info.js";
import { signLeaf } from "../../src/mls/tree/leaf.js";
import { leafAt } from "../../src/mls/tree/nodes.js";
import type { ProposalOrRef } from "../../src/mls/wire/commit.js";
import type { FramedContent } from "../../src/mls/wire/framed-content.js";
import type { LeafNode } from "../../src/mls/wire/leaf-node.js";
import { makeHistoryClient } from "../support/history-client.js";
import { twoMembers } from "../support/mls-insider.js";

const NOTHING = new Uint8Array(0);

describe("external commits", () => {
  async function remade(
    crypto: Crypto,
    state: Group,
    commit: Uint8Array,
    change: { leaf?: Partial<LeafNode>; kemOutput?: Uint8Array },
    at: number,
  ) {
    const { content, auth } = readPublicMessage(commit);
    assert.ok(content.content.kind === "commit" && content.content.commit.path);
    const { proposals, path } = content.content.commit;
    const { signature: _, ...unsigned } = { ...path.leafNode, ...change.leaf };
    const leafNode = await signLeaf(crypto, unsigned, { groupId: state.groupId, leafIndex: at });
    const changed = proposals.map(
      (item): ProposalOrRef =>
        item.kind === "proposal" && item.proposal.kind === "externalInit" && change.kemOutput
          ? { kind: "proposal", proposal: { ...item.proposal, kemOutput: change.kemOutput } }
          : item,
    );
    const framed: FramedContent = {
      ...content,
      content: { kind: "commit", commit: { proposals: changed, path: { ...path, leafNode } } },
    };
    const signature = await signContent(crypto, "publicMessage", framed, state.context, leafNode.signatureKey);
    const message = { content: framed, auth: { ...auth, signature }, membershipTag: undefined };
    const opened = await openPublicMessage(crypto, state, message, undefined);
    return evaluateCommit(crypto, state, opened, [], undefined); // what a hub does
  }

  it("12.2: the leaf of a joiner that takes its old one out has another encryption key than it", async () => {
    const [, bob] = await twoMembers();
    const fresh = await makeHistoryClient("bob");
    const before = leafAt(bob.group.nodes, 1);
    assert.ok(before);
    const made = await makeExternalCommit(fresh.crypto, {
      ...(await makeGroupInfo(bob.crypto, bob.group)),
      pendingProposals: [],
      leaf: fresh.leaf,
      removes: [1],
    });
    await assert.rejects(
      remade(fresh.crypto, bob.group, made.commit, { leaf: { encryptionKey: before.encryptionKey } }, 1),
      { code: "invalidCommit", message: "a joiner's leaf with its old encryption key" },
    );
  });

  for (const kemOutput of [NOTHING, Uint8Array.of(1, ...new Uint8Array(31)), new Uint8Array(32).fill(255)]) {
    it(`8.3: a hub refuses a KEM output that nobody can decapsulate: ${toHex(kemOutput).slice(0, 8)}`, async () => {
      const [, bob] = await twoMembers();
      const fresh = await makeHistoryClient("dora");
      const made = await makeExternalCommit(fresh.crypto, {
        ...(await makeGroupInfo(bob.crypto, bob.group)),
        pendingProposals: [],
        leaf: fresh.leaf,
        removes: [],
      });
      await assert.rejects(remade(fresh.crypto, bob.group, made.commit, { kemOutput }, 2), { code: "invalidProposal" });
    });
  }
});
