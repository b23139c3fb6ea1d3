import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { utf8 } from "../../src/codec/bytes.js";
import { CodecError } from "../../src/codec/codec-error.js";
import { groupIdCodec, newGroupId, roomOfGroupId } from "../../src/codec/group-id.js";
import { encode } from "../../src/codec/tls.js";
import { refusesEveryOtherLength } from "../support/codec-error.js";

const instance = new Uint8Array(16).fill(7);

describe("a group ID", () => {
  it("names its room, in whichever spelling that was given", () => {
    assert.equal(roomOfGroupId(newGroupId("mimi://example.com/r/keynote", instance)), "mimi://example.com/r/keynote");
    assert.equal(roomOfGroupId(newGroupId("im:mimi=#keynote@Example.com", instance)), "mimi://example.com/r/keynote");
  });

  it("differs with the instance", () => {
    const other = new Uint8Array(16).fill(8);
    assert.notDeepEqual(newGroupId("mimi://a.example/r/x", instance), newGroupId("mimi://a.example/r/x", other));
  });

  it("is refused when it is of another form", () => {
    refusesEveryOtherLength(newGroupId("mimi://example.com/r/keynote", instance), roomOfGroupId);
    assert.throws(() => roomOfGroupId(utf8("some other group")), CodecError);
    assert.throws(() => roomOfGroupId(encode(groupIdCodec, { room: "mimi://a.example/u/x", instance })), CodecError);
    assert.throws(() => newGroupId("mimi://example.com/u/alice", instance), CodecError);
    assert.throws(() => newGroupId("mimi://example.com/r/keynote", new Uint8Array(15)), CodecError);
  });
});
