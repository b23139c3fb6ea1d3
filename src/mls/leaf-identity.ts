import { fromUtf8 } from "../codec/bytes.js";
import type { Member } from "../codec/group-view.js";
import {
  type Acceptance,
  acceptance,
  CLIENT_BINDING_LABEL,
  checkNickname,
  clientBinding,
  clientBindingTBS,
  EXTENSION,
  nickname,
  type UserClaims,
} from "../codec/leaf-extensions.js";
import { canonicalMimiUri, guestUserId, parseMimiUri, userOfClient } from "../codec/mimi-uri.js";
import { decode, encode } from "../codec/tls.js";
import { attempt, ensure, MlsError } from "./mls-error.js";
import { exportPublicKey, signWithLabel, verifyWithLabel } from "./signing.js";
import { areSigned, readUserClaims } from "./user-claims.js";
import { extensionData } from "./wire/extension.js";
import type { UnsignedLeafNode } from "./wire/leaf-node.js";

/** Who a leaf says that it is: plain data, to be kept with the seat. */
export interface LeafIdentity {
  /** `mimi://domain/d/user/client`, canonical. */
  readonly clientUri: string;
  readonly nickname: string;
  /** The user's public key, 32 octets. */
  readonly userKey: Uint8Array;
  /** The user key's signature over client URI and signature key. */
  readonly bindingSignature: Uint8Array;
  /** The leaf's public signature key, 32 octets: the handle of its private half in the ring of Crypto. */
  readonly signatureKey: Uint8Array;
  /** What the user accepts of a room; absent: everything. */
  readonly acceptance?: Acceptance;
  /** What the user's provider says of its user. */
  readonly claims?: UserClaims;
}

/** The identity of a leaf, bound by the user key (resolutions, "Identity"). Throws CodecError for a bad URI or nickname. */
export async function makeLeafIdentity(parts: {
  readonly clientUri: string;
  readonly nickname: string;
  readonly userKeyPair: CryptoKeyPair;
  readonly signatureKey: Uint8Array;
  readonly acceptance?: Acceptance;
  readonly claims?: UserClaims;
}): Promise<LeafIdentity> {
  const clientUri = canonicalMimiUri(parts.clientUri);
  const { signatureKey, acceptance, claims } = parts;
  const tbs = encode(clientBindingTBS, { clientUri, signatureKey });
  return {
    clientUri,
    nickname: checkNickname(parts.nickname),
    userKey: await exportPublicKey(parts.userKeyPair.publicKey),
    bindingSignature: await signWithLabel(parts.userKeyPair.privateKey, CLIENT_BINDING_LABEL, tbs),
    signatureKey,
    ...(acceptance && { acceptance }),
    ...(claims && { claims }),
  };
}

const read = new WeakMap<UnsignedLeafNode, Omit<Member, "leafIndex"> & { readonly bindingSignature: Uint8Array }>();

/**
 * What a leaf says, without checking its binding: for leaves that {@link memberOf} let into the tree. Throws MlsError
 * "badLeaf" when it does not say it in the way of rooms.
 */
export function readMember(leaf: UnsignedLeafNode, leafIndex: number): Member {
  const { bindingSignature: _, ...member } = readLeaf(leaf);
  return { leafIndex, ...member };
}

/**
 * The member that a leaf states. Throws MlsError: "badLeaf" for a leaf without client URI, nickname or binding,
 * "badBinding" when the user key did not sign the binding, or is not the key whose hash is the user ID, or when its claims are
 * not signed by the key that they name.
 */
export async function memberOf(leaf: UnsignedLeafNode, leafIndex: number): Promise<Member> {
  const { bindingSignature, ...member } = readLeaf(leaf);
  const client = parseMimiUri(member.clientUri);
  // "The user ID of a guest contains the hash of the user's public key"
  const own = client.kind === "client" && client.user === (await guestUserId(member.userKey));
  ensure(own, "badBinding", `${member.clientUri} is not a client of the user whose key its leaf shows`);
  // "each leaf carries the user key's signature over the client URI and the leaf's signature key, and every client checks it"
  const { clientUri, signatureKey, userKey, claims } = member;
  const tbs = encode(clientBindingTBS, { clientUri, signatureKey });
  const [bound, claimed] = await Promise.all([
    verifyWithLabel(userKey, CLIENT_BINDING_LABEL, tbs, bindingSignature),
    claims === undefined || areSigned(claims, member),
  ]);
  ensure(bound, "badBinding", `the user key did not sign the binding of ${clientUri}`);
  // whose key that is, a room's external senders say: another room may know another, and the leaf is the same
  ensure(claimed, "badBinding", `the claims of ${clientUri} are not signed by the key in them`);
  return { leafIndex, ...member };
}

function readLeaf(leaf: UnsignedLeafNode) {
  const known = read.get(leaf);
  if (known !== undefined) return known;
  const said = attempt("badLeaf", () => parseLeaf(leaf));
  read.set(leaf, said);
  return said;
}

function parseLeaf({ credential, extensions, signatureKey }: UnsignedLeafNode) {
  const clientUri = fromUtf8(credential.identity);
  const userUri = userOfClient(clientUri);
  const canonical = canonicalMimiUri(clientUri) === clientUri;
  ensure(canonical, "badLeaf", "the credential's identity is not the canonical spelling of a client's URI");
  const binding = extensionData(extensions, EXTENSION.clientBinding);
  const name = extensionData(extensions, EXTENSION.nickname);
  if (binding === undefined || name === undefined) throw new MlsError("badLeaf", "a leaf without binding or nickname");
  const { userKey, signature } = decode(clientBinding, binding);
  const accepted = extensionData(extensions, EXTENSION.acceptablePolicies);
  const claimed = extensionData(extensions, EXTENSION.userClaims);
  return {
    clientUri,
    userUri,
    nickname: decode(nickname, name),
    signatureKey,
    userKey,
    bindingSignature: signature,
    ...(accepted && { acceptance: decode(acceptance, accepted) }),
    ...(claimed && { claims: readUserClaims(claimed, userUri) }),
  };
}
