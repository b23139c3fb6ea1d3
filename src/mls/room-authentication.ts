import { equalBytes, utf8 } from "../codec/bytes.js";
import { acceptance, clientBinding, EXTENSION, nickname, userClaims } from "../codec/leaf-extensions.js";
import { encode } from "../codec/tls.js";
import type { AuthenticationService } from "./authentication-service.js";
import { CIPHER_SUITE } from "./cipher-suite.js";
import { type LeafIdentity, memberOf, readMember } from "./leaf-identity.js";
import { type LeafContent, requiredOf } from "./tree/leaf.js";
import { CREDENTIAL_BASIC } from "./wire/credential.js";
import { type Extension, extensionData, hasNoDuplicates, ROOM_CAPABILITIES } from "./wire/extension.js";
import { MLS10 } from "./wire/group-context.js";
import type { Capabilities } from "./wire/leaf-node.js";

const CAPABILITIES: Capabilities = {
  versions: [MLS10],
  cipherSuites: [CIPHER_SUITE],
  // not required of anybody, and an extension of a leaf must be listed by it (RFC 9420, 7.2)
  extensions: [...ROOM_CAPABILITIES.extensionTypes, EXTENSION.acceptablePolicies, EXTENSION.userClaims],
  proposals: ROOM_CAPABILITIES.proposalTypes,
  credentials: [CREDENTIAL_BASIC],
};

/** What the leaf of that identity says. */
export function leafContentOf(identity: LeafIdentity): LeafContent {
  const binding = encode(clientBinding, { userKey: identity.userKey, signature: identity.bindingSignature });
  const extensions: Extension[] = [
    { extensionType: EXTENSION.clientBinding, extensionData: binding },
    { extensionType: EXTENSION.nickname, extensionData: encode(nickname, identity.nickname) },
  ];
  if (identity.acceptance !== undefined) {
    const extensionData = encode(acceptance, identity.acceptance);
    extensions.push({ extensionType: EXTENSION.acceptablePolicies, extensionData });
  }
  if (identity.claims !== undefined) {
    extensions.push({ extensionType: EXTENSION.userClaims, extensionData: encode(userClaims, identity.claims) });
  }
  return {
    signatureKey: identity.signatureKey,
    credential: { identity: utf8(identity.clientUri) },
    capabilities: CAPABILITIES,
    extensions,
  };
}

/** Whether GroupContext extensions are a room's: a policy, and required capabilities that hold at least the room's. */
function isRoomContext(groupExtensions: readonly Extension[]): boolean {
  const required = requiredOf(groupExtensions);
  return (
    hasNoDuplicates(groupExtensions) &&
    extensionData(groupExtensions, EXTENSION.roomPolicy) !== undefined &&
    ROOM_CAPABILITIES.extensionTypes.every((type) => required.extensionTypes.includes(type)) &&
    ROOM_CAPABILITIES.proposalTypes.every((type) => required.proposalTypes.includes(type)) &&
    ROOM_CAPABILITIES.credentialTypes.every((type) => required.credentialTypes.includes(type))
  );
}

/**
 * Who stands behind a leaf of a room (resolutions, "Identity"): a client that its user's key vouches for. The nickname is shown and
 * never compared, so a successor may have another.
 */
export const roomAuthentication: AuthenticationService = {
  async validate(leaf) {
    await memberOf(leaf, 0);
  },
  clientOf: (leaf) => readMember(leaf, 0).clientUri,
  isSuccessor(leaf, successor) {
    const [was, is] = [readMember(leaf, 0), readMember(successor, 0)];
    return was.clientUri === is.clientUri && equalBytes(was.userKey, is.userKey);
  },
  mayReplace(leaf, joiner) {
    const [removed, joins] = [readMember(leaf, 0), readMember(joiner, 0)];
    return removed.userUri === joins.userUri && equalBytes(removed.userKey, joins.userKey);
  },
  acceptsContext: isRoomContext,
};
