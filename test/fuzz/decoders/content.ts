import { type Cbor, decodeCbor, encodeCbor } from "../../../src/content/cbor.js";
import { checkMessageId, decodeContent } from "../../../src/content/decode-content.js";
import { encodeContent } from "../../../src/content/encode-content.js";
import { decodeStatus, encodeStatus, type MessageStatus } from "../../../src/content/message-status.js";
import type { MimiContent } from "../../../src/content/mimi-content.js";
import { renderable } from "../../../src/content/renderable.js";
import { contentOf, externalPart, multiPart, nullPart, otherId, textPart } from "../../support/content.js";
import type { Chance } from "../chance.js";
import { contentErrorCode } from "../declared-errors.js";
import { bytesOf, type Decoder, type Input } from "../decoder.js";
import { mutateTree } from "../mutate-tree.js";
import { QUICK } from "../tls-decoder.js";

const contents: readonly MimiContent[] = [
  contentOf(),
  contentOf({ replaces: otherId, inReplyTo: otherId, topicId: new Uint8Array(9), body: nullPart }),
  contentOf({ expires: { relative: true, time: 3600 }, body: externalPart }),
  contentOf({
    extensions: new Map<number | string, Cbor>([
      [1, "mimi://example.com/u/alice"],
      [-7, [1, [2, new Map([["x", null]])]]],
      ["y", new Uint8Array(3)],
    ]),
    body: multiPart("chooseOne", textPart("text/html", "<b>"), multiPart("singleUnit", externalPart, nullPart)),
  }),
];
const statuses: readonly (readonly MessageStatus[])[] = [
  [],
  [
    { messageId: otherId, status: "read" },
    { messageId: otherId, status: 200 },
  ],
];

export const contentDecoders: readonly Decoder[] = [
  {
    name: "content/decodeCbor",
    covers: [decodeCbor],
    weight: QUICK,
    open: () => ({
      corpus: [
        ...contents.map(encodeContent),
        ...[0, -1, 2 ** 53 - 1, null, true, "text", [[[[]]]], new Map([[1, "a"]])].map((item) => encodeCbor(item)),
      ],
      read: (input) => decodeCbor(bytesOf(input)),
      write: (value) => encodeCbor(value as Cbor),
      vary: varyCbor,
      codeOf: contentErrorCode,
    }),
  },
  {
    name: "content/decodeContent",
    covers: [decodeContent, checkMessageId],
    weight: 2 * QUICK,
    open: () => ({
      corpus: contents.map(encodeContent),
      read: (input) => decodeContent(bytesOf(input)),
      write: (value) => encodeContent(value as MimiContent),
      vary: varyCbor,
      codeOf: contentErrorCode,
    }),
  },
  {
    name: "content/renderable",
    covers: [renderable],
    weight: QUICK,
    open: () => ({
      corpus: contents.map(encodeContent),
      read: (input) => renderable(decodeContent(bytesOf(input))),
      vary: varyCbor,
      codeOf: contentErrorCode,
    }),
  },
  {
    name: "content/decodeStatus",
    covers: [decodeStatus],
    weight: QUICK,
    open: () => ({
      corpus: statuses.map(encodeStatus),
      read: (input) => decodeStatus(bytesOf(input)),
      write: (value) => encodeStatus(value as readonly MessageStatus[]),
      vary: varyCbor,
      codeOf: contentErrorCode,
    }),
  },
];

/** The CBOR of a valid input with one thing in it changed; undefined where the change cannot be written. */
function varyCbor(chance: Chance, valid: Input): Uint8Array | undefined {
  try {
    return encodeCbor(mutateTree(chance, decodeCbor(bytesOf(valid))) as Cbor);
  } catch {
    return undefined;
  }
}
