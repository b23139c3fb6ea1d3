import type { Hash } from "ts-mls/crypto/hash.js";
import type { Kdf } from "ts-mls/crypto/kdf.js";
import { utf8 } from "../codec/bytes.js";
import { encode, opaque, struct, uint16, uint32 } from "../codec/tls.js";

/**
 *     struct {
 *       opaque label<V> = "MLS 1.0 " + Label;
 *       opaque content<V> = Content;
 *     } SignContent;
 *
 * EncryptContext and RefHashInput have the same fields under other names (RFC 9420, 5.1.2, 5.1.3 and 5.2).
 */
const labelledContent = struct({ label: opaque, content: opaque });

/**
 *     struct {
 *       uint16 length = Length;
 *       opaque label<V> = "MLS 1.0 " + Label;
 *       opaque context<V> = Context;
 *     } KDFLabel;
 */
const kdfLabel = struct({ length: uint16, label: opaque, context: opaque });

/** The octets of SignContent or EncryptContext; `label` is what stands behind "MLS 1.0 ". */
export function labelled(label: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return encode(labelledContent, { label: utf8(`MLS 1.0 ${label}`), content });
}

/** RefHash (RFC 9420, 5.2); its label is whole: "MLS 1.0 Proposal Reference". */
export function refHash(label: string, value: Uint8Array, hash: Hash): Promise<Uint8Array> {
  return hash.digest(encode(labelledContent, { label: utf8(label), content: value }));
}

/** ExpandWithLabel (RFC 9420, 8); `length` in octets. */
export function expandWithLabel(
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
  kdf: Kdf,
): Promise<Uint8Array> {
  return kdf.expand(secret, encode(kdfLabel, { length, label: utf8(`MLS 1.0 ${label}`), context }), length);
}

/** DeriveSecret (RFC 9420, 8). */
export function deriveSecret(secret: Uint8Array, label: string, kdf: Kdf): Promise<Uint8Array> {
  return expandWithLabel(secret, label, new Uint8Array(0), kdf.size, kdf);
}

/** DeriveTreeSecret (RFC 9420, 9); `length` in octets. */
export function deriveTreeSecret(
  secret: Uint8Array,
  label: string,
  generation: number,
  length: number,
  kdf: Kdf,
): Promise<Uint8Array> {
  return expandWithLabel(secret, label, encode(uint32, generation), length, kdf);
}
