import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createRoomRequest,
  eventPage,
  groupInfoRequest,
  groupInfoResponse,
  roomEvent,
  startGroupRequest,
  submitMessageRequest,
  updateRequest,
} from "../../src/codec/hub-messages.js";
import { type Codec, decode, encode } from "../../src/codec/tls.js";
import { refusesAt, refusesEveryOtherLength } from "../support/codec-error.js";

const room = "mimi://example.com/r/keynote";
const groupInfo = Uint8Array.of(1, 2, 3);
const ratchetTree = Uint8Array.of(4, 5);
const message = Uint8Array.of(6);
const event = { room, cursor: 41n, timestamp: 1_700_000_000_000n, message, externalPub: Uint8Array.of(7, 8) };

describe("hub messages", () => {
  check("CreateRoomRequest", createRoomRequest, { groupInfo, ratchetTree, origins: ["https://site.example"] });
  check("StartGroupRequest", startGroupRequest, { groupInfo, ratchetTree });
  check("GroupInfoRequest", groupInfoRequest, { protocol: "mls10", joiningCode: new Uint8Array() });
  check("GroupInfoResponse", groupInfoResponse, {
    groupInfo,
    ratchetTree,
    pendingProposals: [{ message, hubAcceptedTime: 12n }],
    cursor: (1n << 64n) - 1n,
  });
  check("UpdateRequest with a proposal", updateRequest, { proposalOrCommit: message, bundle: undefined });
  check("UpdateRequest with a commit", updateRequest, {
    proposalOrCommit: message,
    bundle: { welcome: undefined, groupInfo, ratchetTree },
  });
  check("UpdateRequest with a Welcome", updateRequest, {
    proposalOrCommit: message,
    bundle: { welcome: Uint8Array.of(9), groupInfo, ratchetTree },
  });
  check("SubmitMessageRequest", submitMessageRequest, {
    protocol: "mls10",
    appMessage: message,
    sendingUri: "mimi://example.com/u/alice",
  });
  check("RoomEvent", roomEvent, event);
  check("EventPage", eventPage, { events: [event, event], more: true });

  it("name the field that is wrong", () => {
    refusesAt("protocol", () => decode(groupInfoRequest, Uint8Array.of(2, 0)));
    refusesAt("bundle", () => decode(updateRequest, Uint8Array.of(0, 2)));
    refusesAt("bundle.groupInfo", () => decode(updateRequest, Uint8Array.of(0, 1, 0, 5)));
    refusesAt("events[0].cursor", () => decode(eventPage, Uint8Array.of(2, 0, 1, 0)));
  });
});

function check<T>(name: string, codec: Codec<T>, value: T): void {
  it(`${name} is read as it was written, and not at any other length`, () => {
    const bytes = encode(codec, value);
    assert.deepEqual(structuredClone(decode(codec, bytes)), value);
    refusesEveryOtherLength(bytes, (other) => decode(codec, other));
  });
}
