import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toHex } from "../../src/codec/bytes.js";
import { CodecError } from "../../src/codec/codec-error.js";
import { type Cbor, encodeCbor } from "../../src/content/cbor.js";
import { decodeContent } from "../../src/content/decode-content.js";
import { encodeContent } from "../../src/content/encode-content.js";
import type { MimiContent, NestedPart } from "../../src/content/mimi-content.js";
import { refusesAt, refusesEveryOtherLength } from "../support/codec-error.js";
import {
  contentOf,
  externalPart,
  multiPart,
  nullPart,
  otherId,
  room,
  salt,
  sender,
  textPart,
} from "../support/content.js";

const markdown = "text/markdown;variant=GFM-MIMI";
const hello = textPart("text/plain;charset=utf-8", "Hello");

const examples: Readonly<Record<string, MimiContent>> = {
  "a text": contentOf(),
  "a reply": contentOf({ inReplyTo: otherId }),
  "a reaction": contentOf({ inReplyTo: otherId, body: textPart("text/plain;charset=utf-8", "❤", 2) }),
  "an edit": contentOf({ replaces: otherId }),
  "a deletion": contentOf({ replaces: otherId, body: nullPart }),
  "an attachment": contentOf({ body: externalPart }),
  "a message that expires": contentOf({ expires: { relative: true, time: 4294967295 } }),
  "a message of a topic": contentOf({ topicId: Uint8Array.of(1, 2) }),
  "a choice": contentOf({ body: multiPart("chooseOne", textPart(markdown, "# Hi"), hello) }),
  "parts within parts": contentOf({
    body: multiPart("processAll", multiPart("singleUnit", multiPart("chooseOne", hello, hello), hello), externalPart),
  }),
  "extensions of every kind": contentOf({
    extensions: new Map<number | string, Cbor>([
      [1, sender],
      [2, room],
      [9007199254740991, true],
      [-1, [null, [Uint8Array.of(1), -2]]],
      ["a", new Map<number | string, Cbor>([["b", 1]])],
    ]),
  }),
};

describe("content", () => {
  for (const [title, content] of Object.entries(examples)) {
    it(`${title} is read as it was written`, () => {
      const bytes = encodeContent(content);
      assert.deepEqual(decodeContent(bytes), content);
      assert.deepEqual(encodeContent(decodeContent(bytes)), bytes);
      refusesEveryOtherLength(bytes, decodeContent);
    });
  }

  it("stands on the wire as the draft has it", () => {
    const bytes = encodeContent(contentOf({ extensions: new Map([[1, "s"]]), body: textPart("t", "Hi") }));
    assert.equal(toHex(bytes), `8750${"05".repeat(16)}f640f6f6a1016173850160016174424869`);
  });

  it("writes the keys of a map in deterministic order, however they were given", () => {
    const first = contentOf({
      extensions: new Map<number | string, Cbor>([
        ["b", 1],
        [2, room],
        [-1, 0],
        [1, sender],
      ]),
    });
    const second = contentOf({
      extensions: new Map<number | string, Cbor>([
        [-1, 0],
        [1, sender],
        [2, room],
        ["b", 1],
      ]),
    });
    assert.deepEqual(encodeContent(first), encodeContent(second));
    assert.deepEqual([...decodeContent(encodeContent(first)).extensions.keys()], [1, 2, -1, "b"]);
  });
});

const items: readonly Cbor[] = [salt, null, new Uint8Array(), null, null, new Map([[1, sender]]), [1, "", 0]];
const withItem = (index: number, value: Cbor): Uint8Array =>
  encodeCbor(items.map((item, i) => (i === index ? value : item)));
const withBody = (body: Cbor): Uint8Array => withItem(6, body);
const external = ["video/mp4", "u", 0, 0, 0, salt, salt, salt, 1, salt, "", ""];
const deep = (levels: number): Cbor => (levels === 0 ? 1 : [deep(levels - 1)]);
const nested = (levels: number): NestedPart =>
  levels === 1 ? nullPart : multiPart("chooseOne", nested(levels - 1), nullPart);

describe("decodeContent", () => {
  it("takes the message that the refused ones are made of", () => {
    assert.equal(decodeContent(encodeCbor(items)).body.kind, "null");
  });

  for (const [title, path, bytes] of [
    ["what is no array", "", encodeCbor("text")],
    ["a field too few", "body", encodeCbor(items.slice(0, 6))],
    ["a field too many", "", encodeCbor([...items, null])],
    ["a salt of 15 octets", "salt", withItem(0, new Uint8Array(15))],
    ["a salt that is text", "salt", withItem(0, "x".repeat(16))],
    ["a message ID of 31 octets", "replaces", withItem(1, otherId.subarray(1))],
    ["a message ID by an unknown hash", "inReplyTo", withItem(4, new Uint8Array(32).fill(2))],
    ["a topic ID of 4097 octets", "topicId", withItem(2, new Uint8Array(4097))],
    ["an expiry that is no pair", "expires", withItem(3, [true, 1, 2])],
    ["an expiry after 2106", "expires.time", withItem(3, [false, 4294967296])],
    ["extensions that are no map", "extensions", withItem(5, [])],
    ["a sender that is no text", "extensions[1]", withItem(5, new Map([[1, 1]]))],
    ["an extension without a name", "extensions", withItem(5, new Map([["", 1]]))],
    ["an extension five levels deep", "extensions[3]", withItem(5, new Map([[3, deep(4)]]))],
    ["a disposition of 256", "body.disposition", withBody([256, "", 0])],
    ["an unknown cardinality", "body.cardinality", withBody([1, "", 4])],
    ["a null part with content", "body", withBody([1, "", 0, "text/plain"])],
    ["content that is text, not octets", "body.content", withBody([1, "", 1, "text/plain", "Hi"])],
    ["an external part cut short", "body.filename", withBody([6, "", 2, ...external.slice(0, -1)])],
    [
      "unknown part semantics",
      "body.partSemantics",
      withBody([
        1,
        "",
        3,
        3,
        [
          [1, "", 0],
          [1, "", 0],
        ],
      ]),
    ],
    ["one part of many", "body.parts", withBody([1, "", 3, 0, [[1, "", 0]]])],
    [
      "a part that is none, within parts",
      "body.parts[1].language",
      withBody([
        1,
        "",
        3,
        0,
        [
          [1, "", 0],
          [1, 2, 0],
        ],
      ]),
    ],
  ] as const) {
    it(`refuses ${title}`, () => refusesAt(path, () => decodeContent(bytes)));
  }

  it("takes four levels of parts and refuses five", () => {
    assert.equal(decodeContent(encodeContent(contentOf({ body: nested(4) }))).body.kind, "multi");
    refusesAt("body.parts[0].parts[0].parts[0].parts[0]", () => encodeContent(contentOf({ body: nested(5) })));
  });

  it("refuses more than 1024 parts", () => {
    const body = multiPart("processAll", ...new Array<NestedPart>(1024).fill(nullPart));
    refusesAt("body.parts[1023]", () => encodeContent(contentOf({ body })));
  });

  const good = encodeCbor(items);
  const head = toHex(good).slice(0, 2 + 2 + 32);
  for (const [title, hex] of [
    ["an array of indefinite length", `9f${toHex(good).slice(2)}ff`],
    ["a length that is not the shortest", `9807${toHex(good).slice(2)}`],
    ["an integer that is not the shortest", `${head}f640f6f6a11801617383016000`],
    ["a key twice", `${head}f640f6f6a201617301617383016000`],
    ["keys out of order", `${head}f640f6f6a202617301617383016000`],
    ["a tag", `${head}f640f6f6a103c1008301600000`],
    ["a float", `${head}f640f6f6a103f93e0083016000`],
    ["a whole number as a float", `${head}f640f6f6a103f93c0083016000`],
    ["NaN", `${head}f640f6f6a103f97e0083016000`],
    ["undefined", `${head}f740f6f6a083016000`],
    ["an integer beyond 2^53", `${head}f640f6f6a1031b002000000000000083016000`],
    ["text that is not UTF-8", `${head}f640f6f6a10361ff83016000`],
    ["octets as a map's key", `${head}f640f6f6a141010083016000`],
    ["nothing", ""],
  ] as const) {
    it(`refuses ${title} in CBOR`, () => {
      assert.throws(() => decodeContent(new Uint8Array(Buffer.from(hex, "hex"))), CodecError);
    });
  }

  it("survives a hundred thousand arrays in one another", () => {
    assert.throws(() => decodeContent(new Uint8Array(100_000).fill(0x81)), CodecError);
  });
});
