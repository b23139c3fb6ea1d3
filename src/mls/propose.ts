import type { Crypto } from "./crypto.js";
import { encodePublicMessage, signContent } from "./framing.js";
import { type Group, signatureHandle } from "./group.js";
import { generateKeyPair } from "./hpke.js";
import { ensure, MlsError } from "./mls-error.js";
import { type LeafContent, signLeaf } from "./tree/leaf.js";
import { leafAt } from "./tree/nodes.js";
import type { FramedContent } from "./wire/framed-content.js";
import type { GroupContext } from "./wire/group-context.js";
import type { Proposal } from "./wire/proposal.js";

type Proposer = FramedContent["sender"];

/** The message by which this member asks the others to commit its leaving (mls-extensions, SelfRemove). */
export function proposeSelfRemove(crypto: Crypto, group: Group): Promise<Uint8Array<ArrayBuffer>> {
  return propose(crypto, group, { kind: "selfRemove" });
}

/** A member's proposal as a message of its own (RFC 9420, 12.1.8), for another to commit. */
export function propose(crypto: Crypto, group: Group, proposal: Proposal): Promise<Uint8Array<ArrayBuffer>> {
  ensure(group.reInit === undefined, "invalidCommit", "the group begins anew elsewhere");
  const sender = { kind: "member", leafIndex: group.ownLeafIndex } as const;
  const { membershipKey } = group.keys;
  return proposeAs(crypto, sender, group.context, signatureHandle(group), proposal, membershipKey);
}

/**
 * A proposal to give this member's leaf a new encryption key, and `leaf` to say (RFC 9420, 12.1.2). `next` holds the private key and
 * must be kept before the message is sent.
 */
export async function proposeUpdate(
  crypto: Crypto,
  group: Group,
  leaf?: LeafContent,
): Promise<{ message: Uint8Array<ArrayBuffer>; next: Group }> {
  const { groupId, ownLeafIndex: leafIndex } = group;
  const current = leafAt(group.nodes, leafIndex);
  if (current === undefined) throw new MlsError("badTree", "a group without its member's leaf");
  const { signatureKey, credential, capabilities, extensions } = leaf ?? current;
  const { publicKey, privateKey } = await generateKeyPair();
  const renewed = { signatureKey, credential, capabilities, extensions, encryptionKey: publicKey } as const;
  const leafNode = await signLeaf(crypto, { ...renewed, source: { kind: "update" } }, { groupId, leafIndex });
  const message = await propose(crypto, group, { kind: "update", leafNode });
  return { message, next: { ...group, updateKeys: [...group.updateKeys, { publicKey, privateKey }] } };
}

/** The proposal of one outside of the group: an external sender by its place in the list (RFC 9420, 12.1.8.1). `handle`: its signature key. */
export function proposeExternally(
  crypto: Crypto,
  context: GroupContext,
  senderIndex: number,
  handle: Uint8Array,
  proposal: Proposal,
): Promise<Uint8Array<ArrayBuffer>> {
  return proposeAs(crypto, { kind: "external", senderIndex }, context, handle, proposal, undefined);
}

/** The wish of a newcomer to be added (RFC 9420, 12.1.8.2). */
export function proposeJoining(
  crypto: Crypto,
  context: GroupContext,
  proposal: Extract<Proposal, { kind: "add" }>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { signatureKey } = proposal.keyPackage.leafNode;
  return proposeAs(crypto, { kind: "newMemberProposal" }, context, signatureKey, proposal, undefined);
}

async function proposeAs(
  crypto: Crypto,
  sender: Proposer,
  context: GroupContext,
  handle: Uint8Array,
  proposal: Proposal,
  membershipKey: Uint8Array | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const { groupId, epoch } = context;
  const content = {
    groupId,
    epoch,
    sender,
    authenticatedData: new Uint8Array(0),
    content: { kind: "proposal", proposal },
  } as const;
  const signature = await signContent(crypto, "publicMessage", content, context, handle);
  return encodePublicMessage(crypto, content, { signature, confirmationTag: undefined }, context, membershipKey);
}
