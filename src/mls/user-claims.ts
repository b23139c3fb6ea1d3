import { USER_CLAIMS_LABEL, type UserClaims, userClaims, userClaimsTBS } from "../codec/leaf-extensions.js";
import { canonicalMimiUri, domainOf, roomIdOf, roomUri } from "../codec/mimi-uri.js";
import { decode, encode } from "../codec/tls.js";
import { ensure } from "./mls-error.js";
import { exportPublicKey, signWithLabel, verifyWithLabel } from "./signing.js";

/** The user that claims are of. */
interface ClaimedUser {
  /** `mimi://domain/u/user`, canonical. */
  readonly userUri: string;
  /** The user's public key, 32 octets. */
  readonly userKey: Uint8Array;
}

type Said = Pick<UserClaims, "groups" | "workgroups">;

/**
 * The claims of a user for its leaves, signed with its provider's key: the one that rooms have among their external senders. Takes
 * URIs in any spelling. Throws CodecError for what is no MIMI URI and for too many, MlsError "badLeaf" for a group of another provider.
 */
export async function signUserClaims(provider: CryptoKeyPair, user: ClaimedUser, said: Said): Promise<UserClaims> {
  const groups = said.groups.map(canonicalMimiUri);
  const workgroups = said.workgroups.map(canonicalMimiUri);
  const providerKey = await exportPublicKey(provider.publicKey);
  const tbs = signedPart({ groups, workgroups }, user);
  const signature = await signWithLabel(provider.privateKey, USER_CLAIMS_LABEL, tbs);
  // what nobody would read is not given to anybody
  return readUserClaims(encode(userClaims, { providerKey, groups, workgroups, signature }), user.userUri);
}

/**
 * The claims in a leaf of that user, unverified. Throws CodecError when they are malformed or name what is no group, MlsError "badLeaf"
 * for a group of another provider and for a URI that is not canonical.
 */
export function readUserClaims(data: Uint8Array, userUri: string): UserClaims {
  const claims = decode(userClaims, data);
  const domain = domainOf(userUri);
  // who is in a group its own provider knows: said by another, it could make that provider's users anything
  const own = [...claims.groups, ...claims.workgroups].every((uri) => uri === roomUri(domain, roomIdOf(uri)));
  ensure(own, "badLeaf", "a claim that is not about a group of the user's provider");
  return claims;
}

/** Whether the key that stands in the claims signed them for that user. */
export function areSigned(claims: UserClaims, user: ClaimedUser): Promise<boolean> {
  return verifyWithLabel(claims.providerKey, USER_CLAIMS_LABEL, signedPart(claims, user), claims.signature);
}

function signedPart({ groups, workgroups }: Said, { userUri, userKey }: ClaimedUser): Uint8Array {
  return encode(userClaimsTBS, { user: userUri, userKey, groups, workgroups });
}
