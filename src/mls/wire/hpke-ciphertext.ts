import { opaque, struct } from "../../codec/tls.js";

/** `struct { opaque kem_output<V>; opaque ciphertext<V>; } HPKECiphertext` (RFC 9420, 7.6) */
export const hpkeCiphertext = struct({ kemOutput: opaque, ciphertext: opaque });
