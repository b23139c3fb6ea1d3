import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fromBase64Url, toHex } from "../../src/codec/bytes.js";
import { CodecError } from "../../src/codec/codec-error.js";
import { fixedRoomId } from "../../src/codec/fixed-room-id.js";
import { roomUri, seedMimiUri } from "../../src/codec/mimi-uri.js";

// Table 1 of the framework draft, in its order
const users = [
  "im:mimi=%40cathy@example.com",
  "im:mimi=%40alice@providerA.example",
  "im:mimi=%40betty@providerB.example",
  "im:mimi=%40bobby@providerB.example",
  "im:mimi=%40willy@providerA.example",
];

describe("the room ID of a fixed-membership room (6.1)", () => {
  it("is that of the draft's example, to the octet", async () => {
    const id = await fixedRoomId(users);
    assert.equal(id, "#xIiZs-mJA6gFSO67f0qYBMun3twIrBU7lXD2y3xbYHI");
    const hash = "c48899b3e98903a80548eebb7f4a9804cba7dedc08ac153b9570f6cb7c5b6072";
    assert.equal(toHex(fromBase64Url(id.slice(1))), hash);
    const seed = seedMimiUri({ kind: "room", domain: "example.com", room: id });
    assert.equal(seed, "im:mimi=##xIiZs-mJA6gFSO67f0qYBMun3twIrBU7lXD2y3xbYHI@example.com");
    assert.equal(roomUri("example.com", id), "mimi://example.com/r/%23xIiZs-mJA6gFSO67f0qYBMun3twIrBU7lXD2y3xbYHI");
  });

  it("depends on who they are, not on their order, nor on who is named twice", async () => {
    const id = await fixedRoomId(users);
    assert.equal(await fixedRoomId([...users].reverse().concat(users)), id);
    assert.notEqual(await fixedRoomId(users.slice(1)), id);
  });

  it("is the same for our spelling of the same users", async () => {
    const [alice, bob] = ["mimi://example.com/u/alice", "mimi://other.example/u/b%23b"];
    const seeds = ["im:mimi=%40alice@example.com", "im:mimi=%40b%23b@other.example"];
    assert.equal(await fixedRoomId([alice, bob]), await fixedRoomId(seeds));
  });

  it("is for users, and for nothing else", async () => {
    for (const uri of ["im:mimi=example.com", "mimi://example.com/r/room", "alice"]) {
      await assert.rejects(fixedRoomId([uri]), CodecError, uri);
    }
  });
});
