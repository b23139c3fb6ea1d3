import { equalBytes } from "../codec/bytes.js";
import { encode } from "../codec/tls.js";
import type { Crypto } from "./crypto.js";
import { labelled, refHash } from "./labels.js";
import { ensure, MlsError, parse } from "./mls-error.js";
import type { PublicState } from "./public-state.js";
import { leafAt, type Nodes } from "./tree/nodes.js";
import { DEFAULT_EXTENSION, extensionData, externalSenderList } from "./wire/extension.js";
import {
  type AuthData,
  type AuthenticatedContent,
  encodeAuthenticatedContent,
  encodeAuthenticatedContentTBM,
  encodeFramedContentTBS,
  type FramedContent,
  type WireFormat,
} from "./wire/framed-content.js";
import type { GroupContext } from "./wire/group-context.js";
import { mlsMessage, type PublicMessage } from "./wire/message.js";

const SIGNATURE_LABEL = "FramedContentTBS";

/** The signature over a content by the key whose handle is given (RFC 9420, 6.1). */
export function signContent(
  crypto: Crypto,
  wireFormat: WireFormat,
  content: FramedContent,
  context: GroupContext,
  handle: Uint8Array,
): Promise<Uint8Array> {
  return crypto.signature.sign(handle, labelled(SIGNATURE_LABEL, encodeFramedContentTBS(wireFormat, content, context)));
}

/** Checks a content's signature by the key that its sender has in the group. Throws MlsError "badSignature", "badLeaf". */
export async function verifyContent(
  crypto: Crypto,
  { wireFormat, content, auth }: AuthenticatedContent,
  { context, nodes }: Pick<PublicState, "context" | "nodes">,
): Promise<void> {
  const key = senderKey(content, context, nodes);
  const tbs = encodeFramedContentTBS(wireFormat, content, context);
  const signed = await crypto.signature.verify(key, labelled(SIGNATURE_LABEL, tbs), auth.signature);
  ensure(signed, "badSignature", "the content is not signed by its sender");
}

/** MakeProposalRef (RFC 9420, 5.2). */
export function proposalReference(crypto: Crypto, proposal: AuthenticatedContent): Promise<Uint8Array> {
  return refHash("MLS 1.0 Proposal Reference", encodeAuthenticatedContent(proposal), crypto.hash);
}

/** A PublicMessage as it is sent; `membershipKey` is given by members only (RFC 9420, 6.2). */
export async function encodePublicMessage(
  crypto: Crypto,
  content: FramedContent,
  auth: AuthData,
  context: GroupContext,
  membershipKey: Uint8Array | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const membershipTag =
    membershipKey && (await crypto.hash.mac(membershipKey, encodeAuthenticatedContentTBM(content, auth, context)));
  return encode(mlsMessage, { kind: "publicMessage", publicMessage: { content, auth, membershipTag } });
}

/** The PublicMessage in `bytes`. Throws MlsError "malformed", "unsupported". */
export function readPublicMessage(bytes: Uint8Array): PublicMessage {
  const message = parse(mlsMessage, bytes);
  ensure(message.kind === "publicMessage", "unsupported", `a ${message.kind} where a PublicMessage is expected`);
  return message.publicMessage;
}

/**
 * Checks that a PublicMessage belongs to this epoch of this group and is its sender's. With the membership key, which the hub
 * has not, also its membership tag. Throws MlsError.
 */
export async function openPublicMessage(
  crypto: Crypto,
  state: PublicState,
  { content, auth, membershipTag }: PublicMessage,
  membershipKey: Uint8Array | undefined,
): Promise<AuthenticatedContent> {
  ensureCurrent(state.context, content);
  if (membershipKey !== undefined && content.sender.kind === "member") {
    const tbm = encodeAuthenticatedContentTBM(content, auth, state.context);
    const tagged = await crypto.hash.verifyMac(membershipKey, membershipTag ?? new Uint8Array(0), tbm);
    ensure(tagged, "badMembershipTag", "the membership tag is not the group's");
  }
  const authenticated = { wireFormat: "publicMessage", content, auth } as const;
  await verifyContent(crypto, authenticated, state);
  return authenticated;
}

/** Throws MlsError "wrongGroup" or "wrongEpoch" unless the message is of this epoch of this group. */
export function ensureCurrent(
  context: GroupContext,
  of: { readonly groupId: Uint8Array; readonly epoch: bigint },
): void {
  ensure(equalBytes(of.groupId, context.groupId), "wrongGroup", "a message of another group");
  ensure(of.epoch === context.epoch, "wrongEpoch", `a message of epoch ${of.epoch} in epoch ${context.epoch}`);
}

/** "signature … using the public key of: the LeafNode at sender / the external_senders entry / the path's leaf / the KeyPackage's" (6.1) */
function senderKey({ sender, content }: FramedContent, { extensions }: GroupContext, nodes: Nodes): Uint8Array {
  switch (sender.kind) {
    case "member": {
      const leaf = leafAt(nodes, sender.leafIndex);
      if (leaf === undefined) throw new MlsError("badLeaf", `the sender's leaf ${sender.leafIndex} is blank`);
      return leaf.signatureKey;
    }
    case "external": {
      ensure(content.kind === "proposal", "invalidProposal", "an external sender sends proposals only");
      const data = extensionData(extensions, DEFAULT_EXTENSION.externalSenders);
      const known = data === undefined ? [] : parse(externalSenderList, data);
      const entry = known[sender.senderIndex];
      if (entry === undefined) throw new MlsError("invalidProposal", `no external sender ${sender.senderIndex}`);
      return entry.signatureKey;
    }
    case "newMemberCommit": {
      if (content.kind !== "commit") throw new MlsError("invalidCommit", "a new member's commit that is none");
      if (content.commit.path === undefined) throw new MlsError("invalidCommit", "an external commit without a path");
      return content.commit.path.leafNode.signatureKey;
    }
    case "newMemberProposal": {
      const added = content.kind === "proposal" && content.proposal.kind === "add" ? content.proposal : undefined;
      if (added === undefined) throw new MlsError("invalidProposal", "a new member proposes to be added, and no more");
      return added.keyPackage.leafNode.signatureKey;
    }
  }
}
