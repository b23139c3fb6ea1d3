import { encode } from "../codec/tls.js";
import { CIPHER_SUITE, type Crypto } from "./crypto.js";
import { isX25519Key } from "./curve25519.js";
import { type Group, signatureHandle } from "./group.js";
import { deriveKeyPair } from "./hpke.js";
import { labelled } from "./labels.js";
import { ensure, MlsError, parse } from "./mls-error.js";
import type { PublicState } from "./public-state.js";
import { leafAt, toWire } from "./tree/nodes.js";
import { readTree } from "./tree/validate-tree.js";
import { DEFAULT_EXTENSION, extensionData, externalPub, hasNoDuplicates } from "./wire/extension.js";
import { type GroupInfo, groupInfoTBS, MLS10 } from "./wire/group-context.js";
import { mlsMessage } from "./wire/message.js";
import { ratchetTree } from "./wire/ratchet-tree.js";

const LABEL = "GroupInfoTBS";

/** What a newcomer needs to join: an MLSMessage(GroupInfo) without the tree, and the tree as `optional<Node> ratchet_tree<V>`. */
export interface GroupInfoBundle {
  readonly groupInfo: Uint8Array;
  readonly ratchetTree: Uint8Array;
}

/** The GroupInfo of the group's epoch, signed by this member, with `external_pub` for external joins (RFC 9420, 12.4.3). */
export async function makeGroupInfo(crypto: Crypto, group: Group): Promise<GroupInfoBundle> {
  const external = await deriveKeyPair(group.keys.externalSecret);
  const tbs = {
    groupContext: group.context,
    extensions: [
      {
        extensionType: DEFAULT_EXTENSION.externalPub,
        extensionData: encode(externalPub, { externalPub: external.publicKey }),
      },
    ],
    confirmationTag: group.confirmationTag,
    signer: group.ownLeafIndex,
  };
  const octets = encode(groupInfoTBS, tbs);
  const signature = await crypto.signature.sign(signatureHandle(group), labelled(LABEL, octets));
  return {
    groupInfo: encode(mlsMessage, { kind: "groupInfo", groupInfo: { ...tbs, signature } }),
    ratchetTree: encode(ratchetTree, toWire(group.nodes)),
  };
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
  const { groupContext: context, confirmationTag } = info;
  const nodes = await readTree(crypto, bundle.ratchetTree, context);
  const state = { context, nodes, confirmationTag };
  await verifyGroupInfo(crypto, info, state);
  return { state, externalPub: externalPubOf(info) };
}

/** The GroupInfo in `bytes`, an MLSMessage. Throws MlsError "malformed", "invalidGroupInfo", "unsupported". */
export function readGroupInfo(bytes: Uint8Array): GroupInfo {
  const message = parse(mlsMessage, bytes);
  ensure(message.kind === "groupInfo", "invalidGroupInfo", `a ${message.kind} where a GroupInfo is expected`);
  const { version, cipherSuite } = message.groupInfo.groupContext;
  ensure(version === MLS10 && cipherSuite === CIPHER_SUITE, "unsupported", `cipher suite ${cipherSuite}`);
  ensure(
    hasNoDuplicates(message.groupInfo.extensions),
    "invalidGroupInfo",
    "a GroupInfo with two extensions of one type",
  );
  return message.groupInfo;
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
