import { utf8 } from "../codec/bytes.js";
import { CodecError } from "../codec/codec-error.js";
import { type Cbor, type CborMap, decodeCbor } from "./cbor.js";
import { CborReader } from "./cbor-reader.js";
import {
  CARDINALITY,
  type Expiration,
  type MimiContent,
  type NestedPart,
  PART_SEMANTICS,
  ROOM_URI,
  SENDER_URI,
  SHA_256,
} from "./mimi-content.js";

const UINT8 = 0xff;
const UINT16 = 0xffff;
const UINT32 = 0xffffffff;

/** "is nested too deeply (more than 4 levels deep)", "has too many body parts (more than 1024)" */
const MAX_DEPTH = 4;
const MAX_PARTS = 1024;
/** "the `topicId` is very long (greater than 4096 octets)" */
const MAX_TOPIC_ID = 4096;

/**
 * Reads a content message. Throws CodecError, naming the field, for anything that the draft's CDDL, its encoding
 * restrictions or its list of nonsensical values exclude (draft-ietf-mimi-content-09).
 */
export function decodeContent(bytes: Uint8Array): MimiContent {
  const reader = new CborReader(decodeCbor(bytes), "");
  const salt = reader.bytes("salt");
  if (salt.length !== 16) throw reader.error("salt", `${salt.length} octets, not 16`);
  const replaces = readMessageId(reader, "replaces");
  const topicId = reader.bytes("topicId");
  if (topicId.length > MAX_TOPIC_ID) throw reader.error("topicId", `more than ${MAX_TOPIC_ID} octets`);
  const expires = readExpires(reader);
  const inReplyTo = readMessageId(reader, "inReplyTo");
  const extensions = readExtensions(reader);
  const body = readPart(reader.any("body"), "body", 1, { count: 0 });
  reader.end();
  return { salt, replaces, topicId, expires, inReplyTo, extensions, body };
}

/** `null / bstr .size 32`, "where the first octet of the message ID is an unknown hash algorithm" excluded. */
export function checkMessageId(id: Uint8Array, path: string): Uint8Array {
  if (id.length !== 32) throw new CodecError(path, `${id.length} octets, not 32`);
  if (id[0] !== SHA_256) throw new CodecError(path, `unknown hash algorithm ${id[0]}`);
  return id;
}

function readMessageId(reader: CborReader, name: string): Uint8Array | undefined {
  const value = reader.any(name);
  if (value === null) return undefined;
  if (!(value instanceof Uint8Array)) throw reader.error(name, "neither null nor a byte string");
  return checkMessageId(value, name);
}

function readExpires(reader: CborReader): Expiration | undefined {
  const value = reader.any("expires");
  if (value === null) return undefined;
  const items = new CborReader(value, "expires");
  const expires = { relative: items.bool("relative"), time: items.uint("time", UINT32) };
  items.end();
  return expires;
}

function readExtensions(reader: CborReader): CborMap {
  const extensions = reader.map("extensions");
  for (const [key, value] of extensions) {
    if (typeof key === "string" && !isShortName(key))
      throw new CodecError("extensions", "a name not of 1 to 255 octets");
    const path = `extensions[${key}]`;
    if ((key === SENDER_URI || key === ROOM_URI) && typeof value !== "string") throw new CodecError(path, "not text");
    // "The extensions map is at level 1"
    if (!isShallow(value, MAX_DEPTH - 1)) throw new CodecError(path, `more than ${MAX_DEPTH} levels deep`);
  }
  return extensions;
}

function isShortName(name: string): boolean {
  const { length } = utf8(name);
  return length >= 1 && length <= 255;
}

function isShallow(value: Cbor, levels: number): boolean {
  const items = value instanceof Map ? [...value.values()] : Array.isArray(value) ? value : undefined;
  if (items === undefined) return true;
  return levels > 0 && items.every((item) => isShallow(item, levels - 1));
}

function readPart(value: Cbor, path: string, depth: number, parts: { count: number }): NestedPart {
  if (depth > MAX_DEPTH) throw new CodecError(path, `more than ${MAX_DEPTH} levels deep`);
  parts.count += 1;
  if (parts.count > MAX_PARTS) throw new CodecError(path, `more than ${MAX_PARTS} parts`);
  const reader = new CborReader(value, path);
  const head = { disposition: reader.uint("disposition", UINT8), language: reader.text("language") };
  const part = { ...head, ...readContent(reader, depth, parts) };
  reader.end();
  return part;
}

function readContent(reader: CborReader, depth: number, parts: { count: number }) {
  switch (reader.uint("cardinality", CARDINALITY.multi)) {
    case CARDINALITY.null:
      return { kind: "null" } as const;
    case CARDINALITY.single:
      return { kind: "single", contentType: reader.text("contentType"), content: reader.bytes("content") } as const;
    case CARDINALITY.external:
      return {
        kind: "external",
        contentType: reader.text("contentType"),
        url: reader.text("url"),
        expires: reader.uint("expires", UINT32),
        size: reader.uint("size", Number.MAX_SAFE_INTEGER),
        encAlg: reader.uint("encAlg", UINT16),
        key: reader.bytes("key"),
        nonce: reader.bytes("nonce"),
        aad: reader.bytes("aad"),
        hashAlg: reader.uint("hashAlg", UINT8),
        contentHash: reader.bytes("contentHash"),
        description: reader.text("description"),
        filename: reader.text("filename"),
      } as const;
    default: {
      const semantics = PART_SEMANTICS[reader.uint("partSemantics", PART_SEMANTICS.length - 1)] ?? "processAll";
      return { kind: "multi", semantics, parts: readParts(reader, depth, parts) } as const;
    }
  }
}

/** `parts: [2* NestedPart]` */
function readParts(reader: CborReader, depth: number, parts: { count: number }): readonly NestedPart[] {
  const items = reader.any("parts");
  if (!Array.isArray(items) || items.length < 2) throw reader.error("parts", "not an array of two or more");
  return items.map((item: Cbor, index) => readPart(item, `${reader.at("parts")}[${index}]`, depth + 1, parts));
}
