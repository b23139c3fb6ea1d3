import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { toHex } from "../../src/codec/bytes.js";
import { CodecError } from "../../src/codec/codec-error.js";
import { type RoomPolicy, roomName, roomNameExtension, roomPolicy } from "../../src/codec/room-policy.js";
import { decode, encode } from "../../src/codec/tls.js";
import { presets } from "../../src/policy/presets.js";
import { refusesAt, refusesEveryOtherLength } from "../support/codec-error.js";
import { holds } from "../support/property.js";

const text = fc.string({ unit: "grapheme", maxLength: 20 });
const list = fc.array(text, { maxLength: 3 });
const optionality = fc.constantFrom("optional" as const, "required" as const, "forbidden" as const);
const role = fc.constantFrom("system", "owner", "admin", "regular_user", "visitor", "banned" as const);
const uint32 = fc.nat(0xffffffff);

const anyPolicy: fc.Arbitrary<RoomPolicy> = fc.record({
  membershipStyle: fc.constantFrom("open", "members_only", "fixed_membership", "parent_dependent" as const),
  multiDevice: fc.boolean(),
  knockAllowed: fc.boolean(),
  moderated: fc.boolean(),
  passwordProtected: fc.boolean(),
  preAuthList: fc.array(
    fc.record({
      targetRole: role,
      preauthDomain: list,
      preauthWorkgroup: list,
      preauthGroup: list,
      preauthUser: list,
    }),
    { maxLength: 3 },
  ),
  parentRoomUri: text,
  persistentRoom: fc.boolean(),
  deliveryNotifications: optionality,
  readReceipts: optionality,
  pseudonymousIds: fc.boolean(),
  discoverable: fc.boolean(),
  linkPolicy: fc.record({
    onRequest: fc.boolean(),
    joinLink: text,
    multiuser: fc.boolean(),
    expiration: uint32,
    linkRequests: text,
  }),
  loggingPolicy: fc.record({
    logging: optionality,
    enabled: fc.boolean(),
    loggingClients: list,
    machineReadablePolicy: text,
    humanReadablePolicy: text,
  }),
  historySharing: fc.record({
    historySharing: optionality,
    whoCanShare: fc.array(role, { maxLength: 3 }),
    automaticallyShare: fc.boolean(),
    maxTimePeriod: uint32,
  }),
  allowedBots: fc.array(
    fc.record({
      name: text,
      description: text,
      homepage: text,
      botRole: role,
      canRead: fc.boolean(),
      canWrite: fc.boolean(),
      canTargetMessageInGroup: fc.boolean(),
      perUserContent: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  policyExtensions: fc.array(
    fc.record({
      name: text,
      type: fc.constantFrom("null", "boolean", "number", "string", "jsonObject" as const),
      value: fc.uint8Array({ maxLength: 20 }).map((bytes) => new Uint8Array(bytes)),
    }),
    { maxLength: 2 },
  ),
});

const event = presets.event({
  name: "Kéynote",
  owner: "mimi://example.com/u/alice",
  hub: "mimi://example.com",
});

describe("roomPolicy", () => {
  it("reads what it writes, whatever the policy", () => {
    holds(anyPolicy, (policy) =>
      assert.deepEqual(plain(decode(roomPolicy, encode(roomPolicy, policy))), plain(policy)),
    );
  });

  it("refuses a policy that is cut short or goes on", () => {
    refusesEveryOtherLength(encode(roomPolicy, event), (bytes) => decode(roomPolicy, bytes));
  });

  it("writes the fields in the order of section 8", () => {
    const list = (role: string, uri: string): string =>
      `${role}000000${hexLength(uri.length + 1)}${hexLength(uri.length)}${hex(uri)}`;
    const lists = list("01", "mimi://example.com") + list("02", "mimi://example.com/u/alice");
    const name = `09${hex("room_name")}0308${hex("Kéynote")}`;
    const expected = [
      "01", // open
      "01000000", // multi_device, knock_allowed, moderated, password_protected
      hexLength(lists.length / 2) + lists,
      "00", // parent_room_uri
      "01", // persistent_room
      "0000", // delivery_notifications, read_receipts
      "0100", // semi_anonymous_ids, discoverable
      "0000000000000000", // link_policy
      "0200000000", // logging_policy: forbidden
      "02000000000000", // history_sharing: forbidden
      "00", // allowed_bots
      hexLength(name.length / 2) + name,
    ];
    assert.equal(toHex(encode(roomPolicy, event)), expected.join(""));
  });

  for (const [title, path, at, octet] of [
    ["the reserved membership style", "membershipStyle", 0, 0],
    ["an unknown membership style", "membershipStyle", 0, 5],
    ["a bool of 2", "multiDevice", 1, 2],
    ["a length that is not minimal", "preAuthList[0].preauthDomain", 7, 0x40],
    ["the reserved role", "preAuthList[0].targetRole", 6, 0],
  ] as const) {
    it(`refuses ${title}`, () => {
      const bytes = encode(roomPolicy, event);
      bytes[at] = octet;
      refusesAt(path, () => decode(roomPolicy, bytes));
    });
  }
});

describe("roomName", () => {
  it("reads the room's name from its extension", () => assert.equal(roomName(event), "Kéynote"));
  it("is empty where the policy gives none", () => assert.equal(roomName({ ...event, policyExtensions: [] }), ""));
  it("refuses a name that is not UTF-8", () => {
    const extension = { ...roomNameExtension("x"), value: Uint8Array.of(0xff) };
    assert.throws(() => roomName({ ...event, policyExtensions: [extension] }), CodecError);
  });
});

function hex(value: string): string {
  return Buffer.from(value).toString("hex");
}

function hexLength(length: number): string {
  return length < 64 ? length.toString(16).padStart(2, "0") : (0x4000 + length).toString(16);
}

/** A copy without the difference of object prototypes, which deepEqual sees. */
function plain(policy: RoomPolicy): RoomPolicy {
  return structuredClone(policy);
}
