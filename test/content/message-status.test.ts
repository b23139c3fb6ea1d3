import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encodeCbor } from "../../src/content/cbor.js";
import { decodeStatus, encodeStatus, type MessageStatus, STATUSES } from "../../src/content/message-status.js";
import { refusesAt, refusesEveryOtherLength } from "../support/codec-error.js";
import { otherId } from "../support/content.js";

describe("a message status report", () => {
  it("is read as it was written, unknown statuses included", () => {
    const statuses = [...STATUSES, 7, 255];
    const report = statuses.map((status): MessageStatus => ({ messageId: otherId, status }));
    const bytes = encodeStatus(report);
    assert.deepEqual(decodeStatus(bytes), report);
    refusesEveryOtherLength(bytes, decodeStatus);
  });

  for (const [title, path, bytes] of [
    ["what is no list", "", encodeCbor(1)],
    ["a message ID of 31 octets", "[0].messageId", encodeCbor([[otherId.subarray(1), 0]])],
    [
      "a status of 256",
      "[1].status",
      encodeCbor([
        [otherId, 0],
        [otherId, 256],
      ]),
    ],
    ["a third item", "[0]", encodeCbor([[otherId, 0, 0]])],
  ] as const) {
    it(`is not ${title}`, () => refusesAt(path, () => decodeStatus(bytes)));
  }
});
