import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CodecError } from "../../src/codec/codec-error.js";
import { eventPage } from "../../src/codec/hub-messages.js";
import { roomPolicy } from "../../src/codec/room-policy.js";
import { decode, encode } from "../../src/codec/tls.js";
import { refusesAt } from "../support/codec-error.js";
import { policyOf } from "../support/policy-room.js";
import { structs } from "./shapes/structs.js";

const SIZE = 10 * 1024 * 1024;
const MOST_MS = 50;

/** What is said at the front; all the rest are the same octet. */
const heads: readonly (readonly [string, readonly number[], number])[] = [
  ["zeros", [], 0x00],
  ["ones", [], 0x01],
  ["twos", [], 0x02],
  ["0xff", [], 0xff],
  ["0x40", [], 0x40],
  ["a vector of all the rest, of zeros", announcing([]), 0],
  ["a vector of all the rest, of ones", announcing([]), 1],
  ["an empty field and a vector of all the rest", announcing([0]), 0],
  ["two empty fields and a vector of all the rest", announcing([0, 0]), 0],
  ["a policy with a list of all the rest", announcing([1, 1, 0, 0, 0]), 1],
  ["a policy with ten million empty entries", announcing([1, 1, 0, 0, 0], [1]), 0],
];

/** `before`, then a vector's length that takes the rest, then `inside` and the same again. */
function announcing(before: readonly number[], inside?: readonly number[]): readonly number[] {
  const length = (front: readonly number[]): readonly number[] => {
    const rest = SIZE - front.length - 4;
    return [...front, 0x80 | (rest >>> 24), (rest >>> 16) & 0xff, (rest >>> 8) & 0xff, rest & 0xff];
  };
  const front = length(before);
  return inside === undefined ? front : length([...front, ...inside]);
}

/** Read as parts of a policy only, which is short. */
const parts = ["PreAuthPerRoleList", "LinkPolicy", "LoggingPolicy", "HistoryPolicy", "Bot", "PolicyExtension"];

describe("ten megabytes of hostile octets", () => {
  const bytes = new Uint8Array(SIZE);
  for (const [title, head, fill] of heads) {
    it(`keep nobody busy, whichever struct is read: ${title}`, () => {
      bytes.fill(fill);
      bytes.set(head);
      for (const [name, codec] of structs) {
        if (parts.includes(name)) continue;
        const before = process.cpuUsage();
        try {
          // one opaque field of ten megabytes is nothing malformed
          decode(codec, bytes);
        } catch (error) {
          assert.ok(error instanceof CodecError, `${name}: ${error}`);
        }
        // the time of this process, since a busy machine's clock says nothing of the work done
        const { user } = process.cpuUsage(before);
        assert.ok(user / 1000 < MOST_MS, `${name} takes ${user / 1000} ms`);
      }
    });
  }
});

describe("a list's length", () => {
  const event = { room: "", cursor: 0n, timestamp: 0n, message: new Uint8Array(), externalPub: new Uint8Array() };
  const page = (count: number): Uint8Array =>
    encode(eventPage, { events: Array.from({ length: count }, () => event), more: false });

  it("is bounded where a hub or a client could be kept busy by it", () => {
    assert.equal(decode(eventPage, page(1000)).events.length, 1000);
    refusesAt("events", () => decode(eventPage, page(1001)));
  });
});

describe("a policy's length", () => {
  const users = (count: number): string[] =>
    Array.from({ length: count }, (_, at) => `mimi://example.com/u/g-${"x".repeat(38)}${String(at).padStart(5, "0")}`);

  it("has room for ten thousand guests' entries", () => {
    const bytes = encode(roomPolicy, policyOf({}, { regular_user: users(10_000) }));
    assert.equal(bytes.length, 680_151);
    assert.equal(decode(roomPolicy, bytes).preAuthList.flatMap(({ preauthUser }) => preauthUser).length, 10_003);
  });

  it("ends at a million and a half octets, written and read", () => {
    refusesAt("", () => encode(roomPolicy, policyOf({}, { regular_user: users(23_000) })));
    refusesAt("", () => decode(roomPolicy, new Uint8Array(1_500_001).fill(1)));
  });
});
