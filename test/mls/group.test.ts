import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { concat, toHex, utf8 } from "../../src/codec/bytes.js";
import { EXTENSION } from "../../src/codec/leaf-extensions.js";
import { stageCommit } from "../../src/mls/commit.js";
import { epochAuthenticator, viewGroup } from "../../src/mls/group.js";
import { makeGroupInfo } from "../../src/mls/group-info.js";
import { exportEpochSecret } from "../../src/mls/key-schedule.js";
import { peekMessage } from "../../src/mls/peek.js";
import { protectMessage } from "../../src/mls/protect.js";
import { stage } from "../../src/mls/stage.js";
import { decodeGroup, encodeGroup } from "../../src/mls/stored-group.js";
import { DEFAULT_EXTENSION } from "../../src/mls/wire/extension.js";
import { deliver, makeSeats, seatAt } from "../support/mls-builders.js";

describe("a new group", () => {
  it("has its maker as the only member and the context of a room", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const view = viewGroup(alice.group);
    assert.equal(view.epoch, 0n);
    assert.deepEqual(view.roomPolicy, Uint8Array.of(1, 2, 3));
    assert.deepEqual(
      view.extensions.map(({ type }) => type),
      [DEFAULT_EXTENSION.requiredCapabilities, DEFAULT_EXTENSION.externalSenders, EXTENSION.roomPolicy],
    );
    const [member, ...others] = view.members;
    assert.deepEqual(others, []);
    const { clientUri, nickname, userKey, signatureKey } = alice.identity;
    assert.deepEqual(member, {
      leafIndex: 0,
      clientUri,
      userUri: clientUri.replace("/d/", "/u/").replace(/\/1$/, ""),
      nickname,
      userKey,
      signatureKey,
    });
  });
});

describe("a stored group", () => {
  it("comes back octet for octet and goes on where it was", async () => {
    let [alice, bob, carol] = await makeSeats(["alice", "bob", "carol"]);
    assert.ok(alice && bob && carol);
    const said = await protectMessage(alice.crypto, alice.group, utf8("one"));
    const heard = await stage(bob.crypto, bob.group, said.message, []);
    assert.ok(heard.kind === "application");
    alice = { ...alice, group: decodeGroup(encodeGroup(said.next)) };
    bob = { ...bob, group: decodeGroup(encodeGroup(heard.next)) };
    carol = { ...carol, group: decodeGroup(encodeGroup(carol.group)) };
    assert.deepEqual(encodeGroup(alice.group), encodeGroup(said.next));
    await assert.rejects(stage(bob.crypto, bob.group, said.message, []), { code: "replayed" });
    const two = await protectMessage(alice.crypto, alice.group, utf8("two"));
    const heardTwo = await stage(carol.crypto, carol.group, two.message, []);
    assert.ok(heardTwo.kind === "application");
    const done = await stageCommit(bob.crypto, bob.group, { proposals: [], references: [] });
    for (const seat of await deliver([alice, carol], done.commit)) {
      assert.equal(toHex(epochAuthenticator(seat.group)), toHex(epochAuthenticator(done.next)));
    }
  });

  it("is refused when cut, longer, or of another version", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    const stored = encodeGroup(alice.group);
    assert.throws(() => decodeGroup(stored.slice(0, -1)), { code: "malformed" });
    assert.throws(() => decodeGroup(concat(stored, Uint8Array.of(0))), { code: "malformed" });
    assert.throws(() => decodeGroup(Uint8Array.of(4, ...stored.slice(1))), { code: "unsupported" });
    assert.throws(() => decodeGroup(new Uint8Array(0)), { code: "unsupported" });
  });

  for (const [version, fields] of [
    [1, 5],
    [2, 2],
  ] as const) {
    it(`of version ${version}, which ended ${fields} empty fields earlier, is read and goes on`, async () => {
      const [alice] = await makeSeats(["alice"]);
      assert.ok(alice);
      const former = Uint8Array.of(version, ...encodeGroup(alice.group).slice(1, -fields));
      const read = decodeGroup(former);
      assert.deepEqual(encodeGroup(read), encodeGroup(alice.group));
      await stageCommit(alice.crypto, read, { proposals: [], references: [] });
      assert.throws(() => decodeGroup(former.slice(0, -1)), { code: "malformed" });
    });
  }

  it("holds no signature key: only its public half", async () => {
    const [alice] = await makeSeats(["alice"]);
    assert.ok(alice);
    await assert.rejects(crypto.subtle.exportKey("pkcs8", alice.signatureKeyPair.privateKey));
  });
});

describe("a secret for another use", () => {
  it("is the same for all members of an epoch, and another for each label, context, length and epoch", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const [alice, bob] = [seatAt(seats, 0), seatAt(seats, 1)];
    const use = { label: "files", context: utf8("one"), length: 32 };
    const exported = async ({ crypto, group }: typeof alice, of = use) =>
      toHex(await exportEpochSecret(crypto, group.keys, of));
    const secret = await exported(alice);
    assert.equal(await exported(bob), secret);
    assert.equal(secret.length, 64);
    const { commit, next } = await stageCommit(alice.crypto, alice.group, { proposals: [], references: [] });
    const [bobAfter] = await deliver([bob], commit);
    assert.ok(bobAfter);
    const others = [
      await exported(alice, { ...use, label: "calls" }),
      await exported(alice, { ...use, context: utf8("two") }),
      (await exported(alice, { ...use, length: 40 })).slice(0, 64),
      await exported({ ...alice, group: next }),
    ];
    assert.equal(new Set([secret, ...others]).size, 5);
    assert.equal(await exported(bobAfter), others[3]);
  });
});

describe("peekMessage", () => {
  it("tells kind, group, epoch and sender without a key", async () => {
    const seats = await makeSeats(["alice", "bob"]);
    const { crypto, group } = seatAt(seats, 1);
    const { groupId, epoch } = group;
    const { commit } = await stageCommit(crypto, group, { proposals: [], references: [] });
    const { message } = await protectMessage(crypto, group, utf8("hello"));
    const { groupInfo } = await makeGroupInfo(crypto, group);
    const of = { groupId, epoch };
    assert.deepEqual(peekMessage(commit), { wireFormat: "publicMessage", ...of, contentType: "commit", senderLeaf: 1 });
    const said = { wireFormat: "privateMessage", ...of, contentType: "application", authenticatedData: utf8("") };
    assert.deepEqual(peekMessage(message), said);
    assert.deepEqual(peekMessage(groupInfo), { wireFormat: "groupInfo", ...of, contentType: undefined });
    assert.throws(() => peekMessage(utf8("no")), { code: "malformed" });
  });
});
