import { decode, encode, rfc8949EncodeOptions } from "cborg";
import { equalBytes } from "../codec/bytes.js";
import { CodecError } from "../codec/codec-error.js";

/** What MIMI content is made of; a map stands only in extensions. */
export type Cbor = null | boolean | number | string | Uint8Array | readonly Cbor[] | CborMap;
export type CborMap = ReadonlyMap<number | string, Cbor>;

/** Deterministic CBOR (RFC 8949, 4.2.1). */
export function encodeCbor(value: Cbor): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encode(value, rfc8949EncodeOptions));
}

/**
 * Reads deterministic CBOR and nothing else: indefinite lengths, integers that are not the shortest, maps out of order or
 * with a key twice, text that is not UTF-8, trailing octets, tags, floats, undefined and integers beyond 2^53 - 1 are
 * malformed. Throws CodecError.
 */
export function decodeCbor(bytes: Uint8Array): Cbor {
  try {
    const value: unknown = decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowInfinity: false,
      allowNaN: false,
      allowBigInt: false,
      rejectDuplicateMapKeys: true,
      useMaps: true,
    });
    const cbor = checkCbor(value);
    // what the options let through (an integral float, a map out of order, mended text) does not come out as it went in
    if (equalBytes(encodeCbor(cbor), bytes)) return cbor;
  } catch (error) {
    if (error instanceof CodecError) throw error;
    throw new CodecError("", `CBOR: ${error instanceof Error ? error.message : "unreadable"}`);
  }
  throw new CodecError("", "CBOR: not deterministic");
}

function checkCbor(value: unknown): Cbor {
  if (value === null || typeof value === "boolean" || typeof value === "string" || value instanceof Uint8Array)
    return value;
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  if (Array.isArray(value)) return value.map(checkCbor);
  if (value instanceof Map) {
    return new Map(Array.from(value, ([key, item]: [unknown, unknown]) => [checkKey(key), checkCbor(item)]));
  }
  throw new CodecError("", "CBOR: a float, or another value that content has not");
}

function checkKey(key: unknown): number | string {
  if (typeof key === "string" || (typeof key === "number" && Number.isSafeInteger(key))) return key;
  throw new CodecError("", "CBOR: a map key that is neither an integer nor text");
}
