import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { encodeContent } from "../../src/content/encode-content.js";
import { messageId } from "../../src/content/message-id.js";
import { contentOf, room, salt, sender } from "../support/content.js";

const content = encodeContent(contentOf());

describe("messageId", () => {
  it("is 01 and 31 octets of the hash over lengths, URIs, message and salt", async () => {
    const id = await messageId({ sender, room, content, salt });
    const hash = createHash("sha256")
      .update(Uint8Array.of(0, sender.length))
      .update(sender)
      .update(Uint8Array.of(0, room.length))
      .update(room)
      .update(content)
      .update(salt)
      .digest();
    assert.equal(Buffer.from(id).toString("hex"), `01${hash.subarray(0, 31).toString("hex")}`);
  });

  it("differs with the sender, the room and the message", async () => {
    const other = encodeContent(contentOf({ topicId: Uint8Array.of(1) }));
    const inputs = [
      { sender, room, content, salt },
      { sender: `${sender}2`, room, content, salt },
      { sender, room: `${room}2`, content, salt },
      { sender, room, content: other, salt },
    ];
    const ids = await Promise.all(inputs.map(async (input) => Buffer.from(await messageId(input)).toString("hex")));
    assert.equal(new Set(ids).size, inputs.length);
  });

  it("counts octets of UTF-8, and refuses a URI of more than 65535", async () => {
    assert.equal((await messageId({ sender: "mimi://é", room, content, salt })).length, 32);
    await assert.rejects(messageId({ sender: "x".repeat(65536), room, content, salt }), { code: "malformed" });
  });
});
