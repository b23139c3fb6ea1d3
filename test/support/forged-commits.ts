import type { Crypto } from "../../src/mls/crypto.js";
import { encodePublicMessage, readPublicMessage, signContent } from "../../src/mls/framing.js";
import type { Group } from "../../src/mls/group.js";
import { type GroupInfoBundle, makeGroupInfo } from "../../src/mls/group-info.js";
import { confirmedTranscriptHash, deriveEpoch, makeConfirmationTag } from "../../src/mls/key-schedule.js";
import { MlsError } from "../../src/mls/mls-error.js";
import { proposeSelfRemove } from "../../src/mls/propose.js";
import { pskSecretOf } from "../../src/mls/psk.js";
import type { PublicState } from "../../src/mls/public-state.js";
import { leafAt } from "../../src/mls/tree/nodes.js";
import { treeHash, treeHashes } from "../../src/mls/tree/tree-hash.js";
import { createUpdatePath } from "../../src/mls/tree/update-path.js";
import type { UpdatePath } from "../../src/mls/wire/commit.js";
import type { FramedContent } from "../../src/mls/wire/framed-content.js";

/** What is wrong with a commit that passes every check of a hub. */
export type Forgery = "membership tag" | "confirmation tag" | "external_pub" | "path ciphertexts";

/** A commit and the GroupInfo that its committer publishes. */
export interface OfferedCommit extends GroupInfoBundle {
  readonly commit: Uint8Array;
}

/** The epoch in which a commit is made; the membership key is a member's. */
export type ForgersState = PublicState & { readonly keys?: Pick<Group["keys"], "membershipKey"> };

/** `made`, a good commit of one's own, with one thing wrong that only members can see. */
export async function forgeCommit(
  crypto: Crypto,
  state: ForgersState,
  made: OfferedCommit & { readonly next: Group },
  forgery: Forgery,
): Promise<OfferedCommit> {
  const { next } = made;
  const { content, auth } = readPublicMessage(made.commit);
  const membershipKey = state.keys?.membershipKey;
  switch (forgery) {
    case "membership tag":
      return { ...made, commit: flipped(made.commit) };
    case "external_pub": {
      const keys = { ...next.keys, externalSecret: flipped(next.keys.externalSecret) };
      return { ...made, ...(await makeGroupInfo(crypto, { ...next, keys })) };
    }
    case "confirmation tag": {
      const confirmationTag = flipped(next.confirmationTag);
      const tagged = { ...auth, confirmationTag };
      const commit = await encodePublicMessage(crypto, content, tagged, state.context, membershipKey);
      return { commit, ...(await makeGroupInfo(crypto, { ...next, confirmationTag })) };
    }
    case "path ciphertexts": {
      if (content.content.kind !== "commit" || content.content.commit.path === undefined) throw new Error("no path");
      const { commit: unchanged } = content.content;
      const path = withBadCiphertexts(content.content.commit.path, () => true);
      const changed: FramedContent = { ...content, content: { kind: "commit", commit: { ...unchanged, path } } };
      const { signature, transcript } = await signed(crypto, state, changed, path.leafNode.signatureKey);
      const commit = await encodePublicMessage(crypto, changed, { ...auth, signature }, state.context, membershipKey);
      const context = { ...next.context, confirmedTranscriptHash: transcript };
      return { commit, ...(await makeGroupInfo(crypto, { ...next, context })) };
    }
  }
}

/** A member's commit that is right but for the path secrets meant for some: `isBad` is asked of each, by node and place. */
export async function commitUnreadableFor(
  crypto: Crypto,
  group: Group,
  isBad: (node: number, recipient: number) => boolean,
): Promise<OfferedCommit> {
  const { context, nodes, ownLeafIndex: leafIndex, keys, groupId, epoch } = group;
  const leaf = leafAt(nodes, leafIndex);
  if (leaf === undefined) throw new Error("no leaf");
  await treeHashes(crypto, nodes);
  const renewed = { ...context, epoch: epoch + 1n };
  const made = await createUpdatePath(crypto, nodes, leafIndex, leaf, renewed, []);
  const path = withBadCiphertexts(made.path, isBad);
  const content: FramedContent = {
    groupId,
    epoch,
    sender: { kind: "member", leafIndex },
    authenticatedData: new Uint8Array(),
    content: { kind: "commit", commit: { proposals: [], path } },
  };
  const { signature, transcript } = await signed(crypto, group, content, leaf.signatureKey);
  const after = { ...renewed, treeHash: await treeHash(crypto, made.nodes), confirmedTranscriptHash: transcript };
  const secrets = await deriveEpoch(
    crypto,
    keys.initSecret,
    made.commitSecret,
    await pskSecretOf(crypto, [], []),
    after,
  );
  const confirmationTag = await makeConfirmationTag(crypto, secrets.keys, after);
  const auth = { signature, confirmationTag };
  const next = { ...group, context: after, nodes: made.nodes, confirmationTag, keys: secrets.keys };
  return {
    commit: await encodePublicMessage(crypto, content, auth, context, keys.membershipKey),
    ...(await makeGroupInfo(crypto, next)),
  };
}

/** A member's proposal to leave that passes every check of a hub: what is wrong is its membership tag, which stands at the end. */
export async function forgedSelfRemove(crypto: Crypto, group: Group): Promise<Uint8Array<ArrayBuffer>> {
  return flipped(await proposeSelfRemove(crypto, group));
}

/** Whether a fault is a client's that has refused a forged confirmation tag, or a forged proposal. */
export function isOfForgery({ error }: { readonly error: unknown }): boolean {
  return error instanceof MlsError && (error.code === "badConfirmationTag" || error.code === "badMembershipTag");
}

async function signed(crypto: Crypto, state: PublicState, content: FramedContent, handle: Uint8Array) {
  const signature = await signContent(crypto, "publicMessage", content, state.context, handle);
  const auth = { signature, confirmationTag: undefined };
  const transcript = await confirmedTranscriptHash(crypto, state, { wireFormat: "publicMessage", content, auth });
  return { signature, transcript };
}

function withBadCiphertexts(path: UpdatePath, isBad: (node: number, recipient: number) => boolean): UpdatePath {
  const nodes = path.nodes.map((node, n) => ({
    ...node,
    encryptedPathSecret: node.encryptedPathSecret.map((sealed, recipient) =>
      isBad(n, recipient) ? { ...sealed, ciphertext: flipped(sealed.ciphertext) } : sealed,
    ),
  }));
  return { ...path, nodes };
}

/** The same octets, the last one changed. */
function flipped(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(octets);
  changed.set([(changed.at(-1) ?? 0) ^ 1], changed.length - 1);
  return changed;
}
