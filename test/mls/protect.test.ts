import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { concat, utf8 } from "../../src/codec/bytes.js";
import { decode, encode, opaque, struct, uint64 } from "../../src/codec/tls.js";
import type { Group } from "../../src/mls/group.js";
import { encryptAead } from "../../src/mls/hpke.js";
import { openPrivateContent, sealPrivateMessage } from "../../src/mls/private-framing.js";
import { protectMessage } from "../../src/mls/protect.js";
import { stage } from "../../src/mls/stage.js";
import { encodeGroup } from "../../src/mls/stored-group.js";
import { contentType } from "../../src/mls/wire/framed-content.js";
import { mlsMessage } from "../../src/mls/wire/message.js";
import { makeSeats, type Seat, seatAt } from "../support/mls-builders.js";

async function send(seat: Seat, text: string): Promise<{ message: Uint8Array; seat: Seat }> {
  const { message, next } = await protectMessage(seat.crypto, seat.group, utf8(text));
  return { message, seat: { ...seat, group: next } };
}

async function receive(seat: Seat, message: Uint8Array): Promise<{ text: string; nickname: string; seat: Seat }> {
  const staged = await stage(seat.crypto, seat.group, message, []);
  assert.ok(staged.kind === "application");
  const text = new TextDecoder().decode(staged.content);
  return { text, nickname: staged.sender.nickname, seat: { ...seat, group: staged.next } };
}

async function sendMany(seat: Seat, count: number): Promise<Uint8Array[]> {
  const messages: Uint8Array[] = [];
  let sender = seat;
  for (let index = 0; index < count; index++) {
    const sent = await send(sender, `message ${index}`);
    messages.push(sent.message);
    sender = sent.seat;
  }
  return messages;
}

function messageAt(messages: readonly Uint8Array[], index: number): Uint8Array {
  const message = messages[index];
  assert.ok(message);
  return message;
}

describe("application messages", () => {
  it("go both ways, their sender known", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    let [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    for (let round = 0; round < 3; round++) {
      const there = await send(alice, `there ${round}`);
      const atBob = await receive(bob, there.message);
      assert.deepEqual([atBob.text, atBob.nickname], [`there ${round}`, "alice"]);
      const back = await send(atBob.seat, `back ${round}`);
      const atAlice = await receive(there.seat, back.message);
      assert.deepEqual([atAlice.text, atAlice.nickname], [`back ${round}`, "bob"]);
      [alice, bob] = [atAlice.seat, back.seat];
    }
  });

  it("are read in any order, each once", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const messages = await sendMany(seatAt(seats, 0), 5);
    let bob = seatAt(seats, 1);
    for (const index of [3, 0, 4, 1, 2]) {
      const received = await receive(bob, messageAt(messages, index));
      assert.equal(received.text, `message ${index}`);
      bob = received.seat;
      await assert.rejects(receive(bob, messageAt(messages, index)), { code: "replayed" });
    }
  });

  it("are read when others before them never came", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const messages = await sendMany(seatAt(seats, 0), 40);
    assert.equal((await receive(seatAt(seats, 1), messageAt(messages, 39))).text, "message 39");
  });

  it("are padded, so that short ones are of one length", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const lengths = await Promise.all(
      ["", "hello", "x".repeat(150)].map(async (text) => (await send(alice, text)).message.length),
    );
    assert.equal(new Set(lengths).size, 1);
  });

  it("carry data that is read by everybody on the way, and changed by nobody", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const data = utf8("after event 7");
    const { message } = await protectMessage(alice.crypto, alice.group, utf8("hello"), data);
    const heard = await stage(bob.crypto, bob.group, message, []);
    assert.ok(heard.kind === "application");
    assert.deepEqual(heard.authenticatedData, data);
    const seen = decode(mlsMessage, message);
    assert.ok(seen.kind === "privateMessage");
    assert.deepEqual(seen.privateMessage.authenticatedData, data);
    const privateMessage = { ...seen.privateMessage, authenticatedData: utf8("after event 8") };
    const changed = encode(mlsMessage, { kind: "privateMessage", privateMessage });
    await assert.rejects(stage(bob.crypto, bob.group, changed, []), { code: "cannotDecrypt" });
  });

  it("are refused by their own sender", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const { message } = await send(alice, "me");
    await assert.rejects(stage(alice.crypto, alice.group, message, []), { code: "ownMessage" });
  });

  for (const [leafIndex, code] of [
    [2, "badLeaf"],
    [1_000_000, "badLeaf"],
    [0xffffffff, "badLeaf"],
  ] as const) {
    it(`that say to come from leaf ${leafIndex} are refused at once, and the next good one is read`, async () => {
      const seats = await makeSeats(["alice", "bob"]);
      const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
      const before = encodeGroup(bob.group);
      const started = performance.now();
      const forged = await forge(alice, { leafIndex, generation: 0 });
      await assert.rejects(stage(bob.crypto, bob.group, forged, []), { code });
      assert.ok(performance.now() - started < 1000);
      assert.deepEqual(encodeGroup(bob.group), before);
      assert.equal((await receive(bob, (await send(alice, "good")).message)).text, "good");
    });
  }

  it("of a generation too far ahead are refused at once", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    for (const generation of [1001, 0xffffffff]) {
      const forged = await forge(alice, { leafIndex: 0, generation });
      await assert.rejects(stage(bob.crypto, bob.group, forged, []), { code: "futureGeneration" });
    }
  });

  it("of another epoch and another group are told apart", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const { message } = await send(alice, "now");
    const later: Group = { ...bob.group, context: { ...bob.group.context, epoch: 9n } };
    await assert.rejects(stage(bob.crypto, later, message, []), { code: "wrongEpoch" });
    const [stranger] = await makeSeats(["stranger"]);
    assert.ok(stranger);
    await assert.rejects(stage(stranger.crypto, stranger.group, message, []), { code: "wrongGroup" });
  });

  it("are refused when signed by another member than who encrypted them", async () => {
    const seats = await makeSeats(["alice", "bob", "carol"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const carolAsAlice = { ...seatAt(seats, 2), group: { ...seatAt(seats, 2).group, ownLeafIndex: 0 } };
    const stolen = { ...carolAsAlice.group, nodes: carolAsAlice.group.nodes.with(0, seatAt(seats, 2).group.nodes[4]) };
    const { message } = await send({ ...carolAsAlice, group: stolen }, "I am alice");
    await assert.rejects(stage(bob.crypto, bob.group, message, []), { code: "badSignature" });
    assert.equal((await receive(bob, (await send(alice, "I am")).message)).text, "I am");
  });

  it("with padding that is not zero are refused", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const { groupId, epoch } = alice.group;
    const header = { groupId, epoch, contentType: "application", authenticatedData: new Uint8Array(0) } as const;
    const aad = struct({ groupId: opaque, epoch: uint64, contentType, authenticatedData: opaque });
    const content = encode(struct({ applicationData: opaque, signature: opaque }), {
      applicationData: utf8("hello"),
      signature: new Uint8Array(64),
    });
    const messageKey = { key: new Uint8Array(16), nonce: new Uint8Array(12) };
    const sender = { leafIndex: 0, generation: 0, reuseGuard: new Uint8Array(4) };
    const open = async (padding: Uint8Array) => {
      const plaintext = concat(content, padding);
      const ciphertext = await encryptAead(messageKey.key, messageKey.nonce, encode(aad, header), plaintext);
      const message = { ...header, ciphertext, encryptedSenderData: new Uint8Array(0) };
      return openPrivateContent(message, sender, messageKey);
    };
    assert.deepEqual((await open(Uint8Array.of(0, 0, 0))).applicationData, utf8("hello"));
    await assert.rejects(open(Uint8Array.of(0, 0, 1)), { code: "malformed" });
  });
});

/** A message of an insider who says what it likes about leaf and generation; its content is not even encrypted rightly. */
async function forge({ crypto, group }: Seat, sender: { leafIndex: number; generation: number }): Promise<Uint8Array> {
  const { groupId, epoch } = group;
  const header = { groupId, epoch, contentType: "application", authenticatedData: new Uint8Array(0) } as const;
  const body = { applicationData: utf8("forged"), signature: new Uint8Array(64) };
  const key = { key: new Uint8Array(16), nonce: new Uint8Array(12) };
  const privateMessage = await sealPrivateMessage(crypto, header, body, sender, key, group.keys.senderDataSecret);
  return encode(mlsMessage, { kind: "privateMessage", privateMessage });
}
