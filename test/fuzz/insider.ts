import { expandWithLabel } from "ts-mls/crypto/kdf.js";
import { signWithLabel } from "ts-mls/crypto/signature.js";
import { concat } from "../../src/codec/bytes.js";
import { decode, encode, opaque, opaqueFixed, struct, uint32, uint64 } from "../../src/codec/tls.js";
import { AEAD_KEY_LENGTH, AEAD_NONCE_LENGTH, HASH_LENGTH } from "../../src/mls/cipher-suite.js";
import type { Crypto } from "../../src/mls/crypto.js";
import { encodePublicMessage, signContent } from "../../src/mls/framing.js";
import { signatureHandle } from "../../src/mls/group.js";
import type { GroupInfoBundle } from "../../src/mls/group-info.js";
import { encryptAead } from "../../src/mls/hpke.js";
import { nextKey } from "../../src/mls/secret-tree.js";
import { signLeaf } from "../../src/mls/tree/leaf.js";
import { fromWire } from "../../src/mls/tree/nodes.js";
import { treeHash } from "../../src/mls/tree/tree-hash.js";
import { contentType, type FramedContent } from "../../src/mls/wire/framed-content.js";
import { groupInfoTBS } from "../../src/mls/wire/group-context.js";
import { encodeKeyPackageTBS } from "../../src/mls/wire/key-package.js";
import { mlsMessage, type PublicMessage } from "../../src/mls/wire/message.js";
import { type Node, ratchetTree } from "../../src/mls/wire/ratchet-tree.js";
import type { AttackedRoom } from "./attacked-room.js";
import type { Chance } from "./chance.js";
import { mutateBytes } from "./mutate-bytes.js";
import { mutateTree } from "./mutate-tree.js";

/**
 * What a member can send that knows every secret of the group and breaks its rules: changed content under good signatures
 * and tags. Each function gives undefined where the change cannot be written down.
 */

/** A message of the group with something in its content changed, signed and tagged anew. */
export async function changedHandshake(
  chance: Chance,
  room: AttackedRoom,
  valid: Uint8Array,
): Promise<Uint8Array | undefined> {
  return orNothing(async () => {
    const message = decode(mlsMessage, valid);
    if (message.kind !== "publicMessage") return undefined;
    const { content, auth } = message.publicMessage;
    const changed = await withSignedLeaf(chance, room, mutateTree(chance, content) as FramedContent);
    return await signedAnew(room, { ...message.publicMessage, content: changed, auth });
  });
}

/** An application message whose sender data, header or padded content is not what a client makes. */
export async function changedApplication(chance: Chance, room: AttackedRoom): Promise<Uint8Array | undefined> {
  return orNothing(async () => {
    const { insider, attacker } = room;
    const { messageKey, generation } = await nextKey(attacker, insider.secretTree, insider.ownLeafIndex);
    const { groupId, epoch } = insider;
    const header = {
      groupId,
      epoch,
      contentType: "application",
      authenticatedData: chance.bytes(chance.below(3)),
    } as const;
    const content = { kind: "application", applicationData: chance.bytes(chance.below(40)) } as const;
    const sender = { kind: "member", leafIndex: insider.ownLeafIndex } as const;
    const framed = { groupId, epoch, sender, authenticatedData: header.authenticatedData, content };
    const signature = await signContent(attacker, "privateMessage", framed, insider.context, signatureHandle(insider));
    const body = encode(applicationContent, { applicationData: content.applicationData, signature });
    const padded = concat(body, new Uint8Array(chance.pick([0, 1, 100])));
    const plaintext = chance.once(3) ? padded : mutateBytes(chance, padded, padded);
    const data = { leafIndex: insider.ownLeafIndex, generation, reuseGuard: chance.bytes(4) };
    const stated = chance.once(2) ? data : (mutateTree(chance, data) as typeof data);
    const guard = messageKey.nonce.map((octet, index) => octet ^ (data.reuseGuard[index] ?? 0));
    const ciphertext = await encryptAead(messageKey.key, guard, encode(contentAAD, header), plaintext);
    const sample = ciphertext.subarray(0, HASH_LENGTH);
    const { kdf } = attacker;
    const secret = insider.keys.senderDataSecret;
    const key = await expandWithLabel(secret, "key", sample, AEAD_KEY_LENGTH, kdf);
    const nonce = await expandWithLabel(secret, "nonce", sample, AEAD_NONCE_LENGTH, kdf);
    const senderOctets = encode(senderData, stated);
    const sealed = chance.once(8) ? mutateBytes(chance, senderOctets, senderOctets) : senderOctets;
    const encryptedSenderData = await encryptAead(key, nonce, encode(senderAAD, header), sealed);
    const privateMessage = { ...header, encryptedSenderData, ciphertext };
    return encode(mlsMessage, { kind: "privateMessage", privateMessage });
  });
}

/** A GroupInfo and tree with something changed, whose tree hash and signatures fit each other. */
export async function changedBundle(
  chance: Chance,
  { attacker }: AttackedRoom,
  valid: GroupInfoBundle,
): Promise<GroupInfoBundle | undefined> {
  return orNothing(async () => {
    const message = decode(mlsMessage, valid.groupInfo);
    if (message.kind !== "groupInfo") return undefined;
    let { groupInfo } = message;
    let nodes = decode(ratchetTree, valid.ratchetTree);
    const signer = nodes[2 * groupInfo.signer];
    if (chance.once(3)) groupInfo = mutateTree(chance, groupInfo) as typeof groupInfo;
    else nodes = mutateTree(chance, nodes) as typeof nodes;
    if (chance.once(2)) nodes = await signedLeaves(attacker, nodes, groupInfo.groupContext.groupId);
    const hash = await treeHash(attacker, fromWire(nodes));
    const groupContext = chance.once(10) ? groupInfo.groupContext : { ...groupInfo.groupContext, treeHash: hash };
    const key = signer?.kind === "leaf" ? signer.signatureKey : new Uint8Array();
    const tbs = encode(groupInfoTBS, { ...groupInfo, groupContext });
    const signature = await signWithLabel(key, "GroupInfoTBS", tbs, attacker.signature);
    return {
      groupInfo: encode(mlsMessage, { kind: "groupInfo", groupInfo: { ...groupInfo, groupContext, signature } }),
      ratchetTree: encode(ratchetTree, nodes),
    };
  });
}

/** A KeyPackage with something in it changed, signed anew by the key that its leaf names. */
export async function changedKeyPackage(
  chance: Chance,
  { attacker }: AttackedRoom,
  valid: Uint8Array,
): Promise<Uint8Array | undefined> {
  return orNothing(async () => {
    const message = decode(mlsMessage, valid);
    if (message.kind !== "keyPackage") return undefined;
    const changed = mutateTree(chance, message.keyPackage) as typeof message.keyPackage;
    const nowhere = { groupId: new Uint8Array(), leafIndex: 0 };
    const leafNode = chance.once(4) ? changed.leafNode : await signLeaf(attacker, changed.leafNode, nowhere);
    const unsigned = { ...changed, leafNode };
    const tbs = encodeKeyPackageTBS(unsigned);
    const signature = await signWithLabel(leafNode.signatureKey, "KeyPackageTBS", tbs, attacker.signature);
    return encode(mlsMessage, { kind: "keyPackage", keyPackage: { ...unsigned, signature } });
  });
}

const applicationContent = struct({ applicationData: opaque, signature: opaque });
const senderData = struct({ leafIndex: uint32, generation: uint32, reuseGuard: opaqueFixed(4) });
const senderAAD = struct({ groupId: opaque, epoch: uint64, contentType });
const contentAAD = struct({ groupId: opaque, epoch: uint64, contentType, authenticatedData: opaque });

/** A commit's new leaf signed again by the key that it names, mostly. */
async function withSignedLeaf(
  chance: Chance,
  { attacker, insider }: AttackedRoom,
  content: FramedContent,
): Promise<FramedContent> {
  if (content.content.kind !== "commit" || content.content.commit.path === undefined || chance.once(6)) return content;
  const { commit } = content.content;
  const { path } = content.content.commit;
  const leafIndex = content.sender.kind === "member" ? content.sender.leafIndex : chance.below(8);
  const leafNode = await signLeaf(attacker, path.leafNode, { groupId: insider.groupId, leafIndex });
  return { ...content, content: { kind: "commit", commit: { ...commit, path: { ...path, leafNode } } } };
}

async function signedAnew({ attacker, insider }: AttackedRoom, { content, auth }: PublicMessage): Promise<Uint8Array> {
  const path = content.content.kind === "commit" ? content.content.commit.path : undefined;
  const handle =
    content.sender.kind === "newMemberCommit" && path !== undefined
      ? path.leafNode.signatureKey
      : keyOf(insider.nodes, content);
  const signature = await signContent(attacker, "publicMessage", content, insider.context, handle);
  const tagged = content.sender.kind === "member" ? insider.keys.membershipKey : undefined;
  const confirmationTag = content.content.kind === "commit" ? (auth.confirmationTag ?? new Uint8Array(32)) : undefined;
  return encodePublicMessage(attacker, content, { signature, confirmationTag }, insider.context, tagged);
}

/** The key of the member that the content names as its sender. */
function keyOf(nodes: readonly (Node | undefined)[], { sender }: FramedContent): Uint8Array {
  const node = sender.kind === "member" ? nodes[2 * sender.leafIndex] : undefined;
  return node?.kind === "leaf" ? node.signatureKey : new Uint8Array();
}

/** The leaves, each signed again by the key that it names where that is at hand. */
async function signedLeaves(attacker: Crypto, nodes: readonly (Node | undefined)[], groupId: Uint8Array) {
  const signed: (Node | undefined)[] = [];
  for (const [index, node] of nodes.entries()) {
    const at = { groupId, leafIndex: index / 2 };
    const leaf = node?.kind === "leaf" ? await orNothing(() => signLeaf(attacker, node, at)) : undefined;
    signed.push(leaf === undefined ? node : { kind: "leaf", ...leaf });
  }
  return signed;
}

async function orNothing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
