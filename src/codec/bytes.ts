import { CodecError } from "./codec-error.js";

/** The parts, one after the other, in new memory. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Whether both hold the same octets. Not constant-time: never compare secrets with it. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  // a group's extensions are the same memory from epoch to epoch, and a policy may be long
  return a === b || (a.length === b.length && a.every((octet, index) => octet === b[index]));
}

const encoder = new TextEncoder();
// ignoreBOM keeps a leading U+FEFF, without which decoding and encoding would not give the same octets again
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const loneSurrogate = /\p{Surrogate}/u;

/** UTF-8 octets of `text`. Throws CodecError for a lone surrogate, which UTF-8 cannot say. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  if (loneSurrogate.test(text)) throw new CodecError("", "text with a lone surrogate");
  return new Uint8Array(encoder.encode(text));
}

/** The text that `bytes` are in UTF-8. Throws CodecError when they are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    // no memory here is shared with another thread, and a copy would cost more than the decoding
    return decoder.decode(bytes as Uint8Array<ArrayBuffer>);
  } catch {
    throw new CodecError("", "not UTF-8");
  }
}

const digits = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));

/** Lower-case hexadecimal digits. Fast, since every key of a tree is named by them whenever it changes. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const octet of bytes) text += digits[octet];
  return text;
}

/** Reads hexadecimal digits of either case. Throws CodecError for anything else. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) throw new CodecError("", "not hexadecimal");
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
  );
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const sextets = new Map(Array.from(alphabet, (letter, value) => [letter, value]));

/** Base64url without padding (RFC 4648, 5). */
export function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  let pending = 0;
  let bits = 0;
  for (const octet of bytes) {
    pending = (pending << 8) | octet;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += alphabet.charAt((pending >> bits) & 63);
    }
    pending &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet.charAt((pending << (6 - bits)) & 63);
}

/**
 * Reads base64url without padding. Throws CodecError for another alphabet, padding, an impossible length, or bits set
 * that no octet uses: one byte string has one spelling.
 */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8));
  let length = 0;
  let pending = 0;
  let bits = 0;
  for (const letter of text) {
    const value = sextets.get(letter);
    if (value === undefined) throw new CodecError("", "not base64url");
    pending = (pending << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = pending >> bits;
      pending &= (1 << bits) - 1;
    }
  }
  if (bits >= 6 || pending !== 0) throw new CodecError("", "not base64url of whole octets");
  return bytes;
}
