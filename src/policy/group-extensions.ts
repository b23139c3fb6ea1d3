import { equalBytes, fromUtf8 } from "../codec/bytes.js";
import { unlessMalformed } from "../codec/codec-error.js";
import type { ExtensionView } from "../codec/group-view.js";
import { EXTENSION } from "../codec/leaf-extensions.js";
import { canonicalMimiUri } from "../codec/mimi-uri.js";
import { type Codec, decode, opaque, struct, uint16, vector } from "../codec/tls.js";

/** MLS extension types (RFC 9420, 17.3). */
export const REQUIRED_CAPABILITIES = 0x0003;
export const EXTERNAL_SENDERS = 0x0005;

/** "GroupContextExtensions may not drop room_policy, required_capabilities or external_senders" (resolutions). */
export const LASTING_EXTENSIONS = [EXTENSION.roomPolicy, REQUIRED_CAPABILITIES, EXTERNAL_SENDERS] as const;

/**
 *     struct { ExtensionType extension_types<V>; ProposalType proposal_types<V>; CredentialType credential_types<V>; }
 *       RequiredCapabilities;      // RFC 9420, 11.1
 */
const requiredCapabilities = struct({
  extensionTypes: vector(uint16),
  proposalTypes: vector(uint16),
  credentialTypes: vector(uint16),
});

/**
 *     struct { SignaturePublicKey signature_key; Credential credential; } ExternalSender;      // RFC 9420, 12.1.8.1
 *
 * with a basic credential, the only kind that a leaf of ours supports: `opaque identity<V>`.
 */
const externalSender = struct({ signatureKey: opaque, credentialType: uint16, identity: opaque });
const BASIC_CREDENTIAL = 1;

/** The content of the extension `type`; undefined when there is none. */
export function extensionOf(extensions: readonly ExtensionView[], type: number): Uint8Array | undefined {
  return extensions.find((extension) => extension.type === type)?.data;
}

/** The canonical URIs of the group's external senders, by their index; undefined for one that is no basic credential. */
export function externalSenders(extensions: readonly ExtensionView[]): readonly (string | undefined)[] {
  return sendersIn(extensions).map(({ uri }) => uri);
}

/** Whether `key` is that of the provider with this canonical URI, by the group's external senders. */
export function providesKey(extensions: readonly ExtensionView[], provider: string, key: Uint8Array): boolean {
  return sendersIn(extensions).some(({ uri, signatureKey }) => uri === provider && equalBytes(signatureKey, key));
}

interface Sender {
  readonly uri: string | undefined;
  readonly signatureKey: Uint8Array;
}

// Rooms of thousands ask for every client's claims: a list is read once. Lists are never changed in place.
const known = new WeakMap<readonly ExtensionView[], readonly Sender[]>();

function sendersIn(extensions: readonly ExtensionView[]): readonly Sender[] {
  const before = known.get(extensions);
  if (before !== undefined) return before;
  const list = read(vector(externalSender), extensions, EXTERNAL_SENDERS) ?? [];
  const senders = list.map(({ signatureKey, credentialType, identity }) => ({
    signatureKey,
    uri: credentialType === BASIC_CREDENTIAL ? unlessMalformed(() => canonicalMimiUri(fromUtf8(identity))) : undefined,
  }));
  known.set(extensions, senders);
  return senders;
}

/** Whether everything that `before` requires of a client is required in `after` too. */
export function keepsRequirements(before: readonly ExtensionView[], after: readonly ExtensionView[]): boolean {
  const old = read(requiredCapabilities, before, REQUIRED_CAPABILITIES);
  const now = read(requiredCapabilities, after, REQUIRED_CAPABILITIES);
  if (old === undefined || now === undefined) return old === now;
  return (["extensionTypes", "proposalTypes", "credentialTypes"] as const).every((kind) =>
    old[kind].every((type) => now[kind].includes(type)),
  );
}

/** Whether the room's policy is among what every client must support, so that nobody can be blind to it. */
export function requiresRoomPolicy(extensions: readonly ExtensionView[]): boolean {
  const required = read(requiredCapabilities, extensions, REQUIRED_CAPABILITIES);
  return required?.extensionTypes.includes(EXTENSION.roomPolicy) ?? false;
}

// Malformed content is as none: who judges a group by it denies, and never throws in the middle of a commit.
function read<T>(codec: Codec<T>, extensions: readonly ExtensionView[], type: number): T | undefined {
  const data = extensionOf(extensions, type);
  return data === undefined ? undefined : unlessMalformed(() => decode(codec, data));
}
