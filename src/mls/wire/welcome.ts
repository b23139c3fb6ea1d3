import { type Infer, opaque, optional, struct, uint16, vector } from "../../codec/tls.js";
import { hpkeCiphertext } from "./hpke-ciphertext.js";
import { preSharedKeyId } from "./pre-shared-key.js";

/**
 *     struct { opaque path_secret<V>; } PathSecret;
 *     struct {
 *       opaque joiner_secret<V>;
 *       optional<PathSecret> path_secret;
 *       PreSharedKeyID psks<V>;
 *     } GroupSecrets;                            // RFC 9420, 12.4.3.1
 */
export const groupSecrets = struct({
  joinerSecret: opaque,
  pathSecret: optional(opaque),
  psks: vector(preSharedKeyId),
});
export type GroupSecrets = Infer<typeof groupSecrets>;

/**
 *     struct { KeyPackageRef new_member; HPKECiphertext encrypted_group_secrets; } EncryptedGroupSecrets;
 *     struct {
 *       CipherSuite cipher_suite;
 *       EncryptedGroupSecrets secrets<V>;
 *       opaque encrypted_group_info<V>;
 *     } Welcome;                                 // RFC 9420, 12.4.3.1
 */
export const welcome = struct({
  cipherSuite: uint16,
  secrets: vector(struct({ newMember: opaque, encryptedGroupSecrets: hpkeCiphertext })),
  encryptedGroupInfo: opaque,
});
export type Welcome = Infer<typeof welcome>;
