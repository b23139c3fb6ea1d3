import { fromUtf8, utf8 } from "../codec/bytes.js";
import { unlessMalformed } from "../codec/codec-error.js";
import { Reader, Writer } from "../codec/tls.js";

/** What MIMI content is made of; a map stands only in extensions. */
export type Cbor = null | boolean | number | string | Uint8Array | readonly Cbor[] | CborMap;
export type CborMap = ReadonlyMap<number | string, Cbor>;

/** Major types (RFC 8949, 3.1); what is missing, tags and floats, content has not. */
const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5 } as const;
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;

/** More than any content has: a limit of its own, before the stack's. */
const MAX_LEVELS = 32;

/** Deterministic CBOR (RFC 8949, 4.2.1). Throws CodecError for a number that is no integer below 2^53. */
export function encodeCbor(value: Cbor): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  writeItem(writer, value);
  return writer.finish();
}

/**
 * Reads deterministic CBOR and nothing else: indefinite lengths, integers that are not the shortest, maps out of order or
 * with a key twice, text that is not UTF-8, trailing octets, tags, floats, undefined and integers beyond 2^53 - 1 are
 * malformed. Throws CodecError.
 */
export function decodeCbor(bytes: Uint8Array): Cbor {
  const reader = new Reader(bytes);
  const value = readItem(reader, MAX_LEVELS);
  reader.end();
  return value;
}

function writeItem(writer: Writer, value: Cbor): void {
  if (value === null) writer.uint(NULL, 1);
  else if (typeof value === "boolean") writer.uint(value ? TRUE : FALSE, 1);
  else if (typeof value === "number") writeNumber(writer, value);
  else if (typeof value === "string") writeOctets(writer, MAJOR.text, utf8(value));
  else if (value instanceof Uint8Array) writeOctets(writer, MAJOR.bytes, value);
  else if (value instanceof Map) writeMap(writer, value);
  else if (Array.isArray(value)) {
    writeHead(writer, MAJOR.array, value.length);
    for (const item of value) writeItem(writer, item);
  }
}

function writeNumber(writer: Writer, value: number): void {
  if (!Number.isSafeInteger(value)) throw writer.error(`${value} is no integer that CBOR content has`);
  if (value < 0) writeHead(writer, MAJOR.negative, -1 - value);
  else writeHead(writer, MAJOR.unsigned, value);
}

function writeOctets(writer: Writer, major: number, octets: Uint8Array): void {
  writeHead(writer, major, octets.length);
  writer.bytes(octets);
}

/** "The keys in every map MUST be sorted in the bytewise lexicographic order of their deterministic encodings." */
function writeMap(writer: Writer, map: CborMap): void {
  const entries = Array.from(map, ([key, value]) => ({ key: encodeCbor(key), value }));
  writeHead(writer, MAJOR.map, entries.length);
  for (const { key, value } of entries.sort((one, other) => compare(one.key, other.key))) {
    writer.bytes(key);
    writeItem(writer, value);
  }
}

/** The head of an item with its argument in the fewest octets: in the head itself, or in 1, 2, 4 or 8 after it. */
function writeHead(writer: Writer, major: number, argument: number): void {
  const exponent = [24, 2 ** 8, 2 ** 16, 2 ** 32].filter((limit) => argument >= limit).length - 1;
  writer.uint(major * 32 + (exponent < 0 ? argument : 24 + exponent), 1);
  if (exponent === 3) writer.uint64(BigInt(argument));
  else if (exponent >= 0) writer.uint(argument, 2 ** exponent);
}

function readItem(reader: Reader, levels: number): Cbor {
  if (levels === 0) throw reader.error(`CBOR more than ${MAX_LEVELS} levels deep`);
  const head = reader.uint(1);
  if (head === NULL) return null;
  if (head === TRUE || head === FALSE) return head === TRUE;
  const major = head >> 5;
  if (major > MAJOR.map) throw reader.error("CBOR: a tag, a float, or another value that content has not");
  const argument = readArgument(reader, head & 31);
  switch (major) {
    case MAJOR.unsigned:
      return argument;
    case MAJOR.negative:
      if (argument === Number.MAX_SAFE_INTEGER) throw reader.error("CBOR: an integer beyond 2^53 - 1");
      return -1 - argument;
    case MAJOR.bytes:
      return reader.bytes(argument);
    case MAJOR.text:
      return readText(reader, argument);
    case MAJOR.array:
      return readMany(reader, argument, () => readItem(reader, levels - 1));
    default:
      return readMap(reader, argument, levels - 1);
  }
}

/** The argument of a head. "The shortest form … MUST" (RFC 8949, 4.2.1). */
function readArgument(reader: Reader, short: number): number {
  if (short < 24) return short;
  if (short > 27) throw reader.error("CBOR: an indefinite length, or none");
  const octets = 2 ** (short - 24);
  const argument = octets === 8 ? Number(reader.uint64()) : reader.uint(octets);
  const shortest = argument >= (octets === 1 ? 24 : 256 ** (octets / 2));
  if (!shortest) throw reader.error("CBOR: an argument that is not the shortest");
  if (!Number.isSafeInteger(argument)) throw reader.error("CBOR: an integer beyond 2^53 - 1");
  return argument;
}

function readMap(reader: Reader, count: number, levels: number): CborMap {
  let last = new Uint8Array(0);
  const entries = readMany(reader, count, (): [number | string, Cbor] => {
    const key = readItem(reader, levels);
    if (typeof key !== "number" && typeof key !== "string") {
      throw reader.error("CBOR: a map key that is neither an integer nor text");
    }
    const octets = encodeCbor(key);
    if (compare(last, octets) >= 0) throw reader.error("CBOR: a map out of order, or a key twice");
    last = octets;
    return [key, readItem(reader, levels)];
  });
  return new Map(entries);
}

function readText(reader: Reader, length: number): string {
  const octets = reader.bytes(length);
  const text = unlessMalformed(() => fromUtf8(octets));
  if (text === undefined) throw reader.error("CBOR: text that is not UTF-8");
  return text;
}

/** That many items, each of which takes an octet at least; errors name the position, as in `[6][4]`. */
function readMany<T>(reader: Reader, count: number, read: () => T): T[] {
  if (count > reader.remaining) throw reader.error(`CBOR: ${count} items announced, ${reader.remaining} octets there`);
  return Array.from({ length: count }, (_, index) => reader.within(`[${index}]`, read));
}

/** Bytewise lexicographic order. */
function compare(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((octet, index) => octet !== other[index]);
  return at < 0 ? one.length - other.length : (one[at] ?? 0) - (other[at] ?? -1);
}
