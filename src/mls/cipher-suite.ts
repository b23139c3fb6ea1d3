/** MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519, "mandatory to implement" (RFC 9420, 17.1). */
export const CIPHER_SUITE = 1;

/** KDF.Nh of the cipher suite: octets of a secret, a hash and a MAC. */
export const HASH_LENGTH = 32;
/** AEAD.Nk and AEAD.Nn of the cipher suite. */
export const AEAD_KEY_LENGTH = 16;
export const AEAD_NONCE_LENGTH = 12;
