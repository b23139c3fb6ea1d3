import { equalBytes } from "../codec/bytes.js";
import { encode } from "../codec/tls.js";
import { CIPHER_SUITE } from "./cipher-suite.js";
import type { Crypto } from "./crypto.js";
import { isX25519Key } from "./curve25519.js";
import { forget } from "./forget.js";
import { type Group, signatureHandle } from "./group.js";
import { deriveKeyPair } from "./hpke.js";
import { labelled } from "./labels.js";
import { ensure, MlsError, parse } from "./mls-error.js";
import type { PublicState } from "./public-state.js";
import { leafAt, toWire } from "./tree/nodes.js";
import { readTree } from "./tree/validate-tree.js";
import { DEFAULT_EXTENSION, type Extension, extensionData, externalPub, hasNoDuplicates } from "./wire/extension.js";
import { type GroupInfo, groupInfoTBS, MLS10 } from "./wire/group-context.js";
import { mlsMessage } from "./wire/message.js";
import { ratchetTree } from "./wire/ratchet-tree.js";

const LABEL = "GroupInfoTBS";
const MAX_EPOCH = 2n ** 64n - 1n;

/** What a newcomer needs to join: an MLSMessage(GroupInfo) without the tree, and the tree as `optional<Node> ratchet_tree<V>`. */
export interface GroupInfoBundle {
  readonly groupInfo: Uint8Array;
  readonly ratchetTree: Uint8Array;
}

/** The GroupInfo of the group's epoch, signed by this member, with `external_pub` for external joins (RFC 9420, 12.4.3). */
export async function makeGroupInfo(crypto: Crypto, group: Group): Promise<GroupInfoBundle> {
  const signed = await signGroupInfo(crypto, group, false);
  return {
    groupInfo: encode(mlsMessage, { kind: "groupInfo", groupInfo: signed }),
    ratchetTree: encode(ratchetTree, toWire(group.nodes)),
  };
}

/** The same, not encoded; `treeInside`: with the ratchet_tree extension. */
export async function signGroupInfo(crypto: Crypto, group: Group, treeInside: boolean): Promise<GroupInfo> {
  const external = await deriveKeyPair(group.keys.externalSecret);
  forget(external.privateKey);
  const pub = encode(externalPub, { externalPub: external.publicKey });
  const extensions: Extension[] = [{ extensionType: DEFAULT_EXTENSION.externalPub, extensionData: pub }];
  if (treeInside) {
    const extensionData = encode(ratchetTree, toWire(group.nodes));
    extensions.push({ extensionType: DEFAULT_EXTENSION.ratchetTree, extensionData });
  }
  const { context: groupContext, confirmationTag, ownLeafIndex: signer } = group;
  const tbs = { groupContext, extensions, confirmationTag, signer };
  const octets = encode(groupInfoTBS, tbs);
  return { ...tbs, signature: await crypto.signature.sign(signatureHandle(group), labelled(LABEL, octets)) };
}

/**
 * Checks that `published` is the external public key of the group's epoch (RFC 9420, 8.3): a member that publishes another one
 * shuts out whoever would join, and only members can tell. Throws MlsError "invalidGroupInfo".
 */
export async function ensureExternalPub({ keys }: Group, published: Uint8Array): Promise<void> {
  const external = await deriveKeyPair(keys.externalSecret);
  forget(external.privateKey);
  ensure(equalBytes(external.publicKey, published), "invalidGroupInfo", "an external_pub that is not the epoch's");
}

/** A GroupInfo whose signature and tree were checked. */
export interface OpenedGroupInfo {
  readonly state: PublicState;
  readonly externalPub: Uint8Array;
}

/**
 * Checks a GroupInfo and its tree as one who joins (RFC 9420, 12.4.3.1): the tree with every leaf and client binding,
 * the tree hash, the signature. What only members can know is not checked: that `external_pub` and the confirmation tag are the group's.
 * Throws MlsError.
 */
export async function openGroupInfo(crypto: Crypto, bundle: GroupInfoBundle): Promise<OpenedGroupInfo> {
  const info = readGroupInfo(bundle.groupInfo);
  const state = await ensureGroupInfo(crypto, info, bundle.ratchetTree);
  return { state, externalPub: externalPubOf(info) };
}

/** The state that a GroupInfo shows with the tree given, or with the one inside of it, after the checks of one who joins. Throws MlsError. */
export async function ensureGroupInfo(
  crypto: Crypto,
  info: GroupInfo,
  tree: Uint8Array | undefined,
): Promise<PublicState> {
  const { groupContext: context, confirmationTag, extensions } = info;
  ensureSupported(info);
  const bytes = tree ?? extensionData(extensions, DEFAULT_EXTENSION.ratchetTree);
  if (bytes === undefined) throw new MlsError("invalidGroupInfo", "a GroupInfo without a tree");
  const state = { context, nodes: await readTree(crypto, bytes, context), confirmationTag };
  await verifyGroupInfo(crypto, info, state);
  return state;
}

/** The GroupInfo in `bytes`, an MLSMessage. Throws MlsError "malformed", "invalidGroupInfo", "unsupported". */
export function readGroupInfo(bytes: Uint8Array): GroupInfo {
  const message = parse(mlsMessage, bytes);
  ensure(message.kind === "groupInfo", "invalidGroupInfo", `a ${message.kind} where a GroupInfo is expected`);
  ensureSupported(message.groupInfo);
  return message.groupInfo;
}

function ensureSupported({ groupContext, extensions }: GroupInfo): void {
  const { version, cipherSuite, epoch } = groupContext;
  ensure(version === MLS10 && cipherSuite === CIPHER_SUITE, "unsupported", `cipher suite ${cipherSuite}`);
  // the next one is an uint64 too
  ensure(epoch < MAX_EPOCH, "invalidGroupInfo", "a group whose epochs are used up");
  ensure(hasNoDuplicates(extensions), "invalidGroupInfo", "a GroupInfo with two extensions of one type");
}

/** Checks that the leaf that a GroupInfo names as its signer signed it. Throws MlsError "invalidGroupInfo", "badSignature". */
export async function verifyGroupInfo(
  crypto: Crypto,
  info: GroupInfo,
  { nodes }: Pick<PublicState, "nodes">,
): Promise<void> {
  const signer = leafAt(nodes, info.signer);
  if (signer === undefined) throw new MlsError("invalidGroupInfo", `no leaf ${info.signer} signed it`);
  const tbs = encode(groupInfoTBS, info);
  const signed = await crypto.signature.verify(signer.signatureKey, labelled(LABEL, tbs), info.signature);
  ensure(signed, "badSignature", "the GroupInfo is not signed by its signer");
}

/** The external public key in a GroupInfo. Throws MlsError "invalidGroupInfo" when there is none. */
export function externalPubOf({ extensions }: GroupInfo): Uint8Array {
  const data = extensionData(extensions, DEFAULT_EXTENSION.externalPub);
  if (data === undefined)
    throw new MlsError("invalidGroupInfo", "a GroupInfo that nobody can join by: no external_pub");
  const key = parse(externalPub, data).externalPub;
  ensure(isX25519Key(key), "invalidGroupInfo", "an external_pub that is no X25519 key");
  return key;
}
