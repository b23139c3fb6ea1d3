import { EXTENSION } from "../../codec/leaf-extensions.js";
import { type Infer, opaque, struct, uint16, vector } from "../../codec/tls.js";
import { basicCredential, CREDENTIAL_BASIC } from "./credential.js";
import { SELF_REMOVE } from "./self-remove.js";

/** `struct { ExtensionType extension_type; opaque extension_data<V>; } Extension` (RFC 9420, 7.2) */
export const extension = struct({ extensionType: uint16, extensionData: opaque });
export type Extension = Infer<typeof extension>;

export const extensions = vector(extension);

/** Extension types of RFC 9420, 17.3; every client supports them without saying so (7.2). */
export const DEFAULT_EXTENSION = {
  applicationId: 1,
  ratchetTree: 2,
  requiredCapabilities: 3,
  externalPub: 4,
  externalSenders: 5,
} as const;

/** `struct {} LastResort`, of a KeyPackage: last_resort_key_package (draft-ietf-mls-extensions-05). */
export const LAST_RESORT = 0x000a;

/**
 *     struct {
 *       ExtensionType extension_types<V>;
 *       ProposalType proposal_types<V>;
 *       CredentialType credential_types<V>;
 *     } RequiredCapabilities;                    // RFC 9420, 11.1
 */
export const requiredCapabilities = struct({
  extensionTypes: vector(uint16),
  proposalTypes: vector(uint16),
  credentialTypes: vector(uint16),
});
export type RequiredCapabilities = Infer<typeof requiredCapabilities>;

/** What every client in a room must understand. */
export const ROOM_CAPABILITIES: RequiredCapabilities = {
  extensionTypes: [EXTENSION.roomPolicy, EXTENSION.clientBinding, EXTENSION.nickname],
  proposalTypes: [SELF_REMOVE],
  credentialTypes: [CREDENTIAL_BASIC],
};

/** `struct { HPKEPublicKey external_pub; } ExternalPub`, an `opaque<V>` (RFC 9420, 12.4.3.2) */
export const externalPub = struct({ externalPub: opaque });

/** `ExternalSender external_senders<V>` of `struct { SignaturePublicKey signature_key; Credential credential; }` (12.1.8.1) */
export const externalSenderList = vector(struct({ signatureKey: opaque, credential: basicCredential }));

/** The data of the extension of that type; undefined when there is none. */
export function extensionData(list: readonly Extension[], type: number): Uint8Array | undefined {
  return list.find(({ extensionType }) => extensionType === type)?.extensionData;
}

/** Whether no type is there twice, of which everybody would take another. */
export function hasNoDuplicates(list: readonly Extension[]): boolean {
  return new Set(list.map(({ extensionType }) => extensionType)).size === list.length;
}
