import { type Cbor, encodeCbor } from "./cbor.js";
import { decodeContent } from "./decode-content.js";
import { CARDINALITY, type MimiContent, type NestedPart, PART_SEMANTICS } from "./mimi-content.js";

/**
 * The octets of a content message: deterministic CBOR. Throws CodecError for content that a receiver would refuse
 * (draft-ietf-mimi-content-09).
 */
export function encodeContent(content: MimiContent): Uint8Array<ArrayBuffer> {
  const { salt, replaces, topicId, expires, inReplyTo, extensions, body } = content;
  const bytes = encodeCbor([
    salt,
    replaces ?? null,
    topicId,
    expires === undefined ? null : [expires.relative, expires.time],
    inReplyTo ?? null,
    extensions,
    encodePart(body),
  ]);
  // what is sent has passed the check that every receiver makes
  decodeContent(bytes);
  return bytes;
}

function encodePart(part: NestedPart): Cbor {
  const head = [part.disposition, part.language, CARDINALITY[part.kind]];
  switch (part.kind) {
    case "null":
      return head;
    case "single":
      return [...head, part.contentType, part.content];
    case "external": {
      const { contentType, url, expires, size, encAlg, key, nonce, aad, hashAlg, contentHash } = part;
      const { description, filename } = part;
      return [
        ...head,
        ...[contentType, url, expires, size, encAlg, key, nonce, aad, hashAlg, contentHash, description, filename],
      ];
    }
    case "multi":
      return [...head, PART_SEMANTICS.indexOf(part.semantics), part.parts.map(encodePart)];
  }
}
