import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { CodecError } from "../../src/codec/codec-error.js";
import {
  canonicalMimiUri,
  clientUri,
  domainOf,
  formatMimiUri,
  guestUserId,
  type MimiUri,
  parseMimiUri,
  providerUri,
  roomIdOf,
  roomUri,
  seedMimiUri,
  userOfClient,
  userUri,
} from "../../src/codec/mimi-uri.js";
import { holds } from "../support/property.js";

const name = fc
  .string({ unit: "grapheme", minLength: 1 })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: names have none
  .filter((text) => text !== "." && text !== ".." && !/[\u0000-\u001f\u007f]/u.test(text));
const domain = fc.constantFrom("example.com", "localhost:8787", "a-b.example", "192.0.2.1", "[2001:db8::1]:443");

describe("MIMI URIs", () => {
  it("say the same after printing and reading, whatever the names", () => {
    const uri: fc.Arbitrary<MimiUri> = fc.oneof(
      fc.record({ kind: fc.constant("provider" as const), domain }),
      fc.record({ kind: fc.constant("user" as const), domain, user: name }),
      fc.record({ kind: fc.constant("client" as const), domain, user: name, client: name }),
      fc.record({ kind: fc.constant("room" as const), domain, room: name }),
    );
    holds(uri, (value) => {
      const text = formatMimiUri(value);
      assert.deepEqual(parseMimiUri(text), { ...value });
      assert.equal(canonicalMimiUri(text), text);
      assert.deepEqual(parseMimiUri(seedMimiUri(value)), { ...value });
    });
  });

  for (const [seed, canonical] of [
    ["im:mimi=providerA.example", "mimi://providera.example"],
    ["im:mimi=%40alice@providerA.example", "mimi://providera.example/u/alice"],
    ["im:mimi=@alice@providerA.example", "mimi://providera.example/u/alice"],
    ["im:mimi=#room35@example.com", "mimi://example.com/r/room35"],
    [
      "im:mimi=##xIiZs-mJA6gFSO67f0qYBMun3twIrBU7lXD2y3xbYHI@example.com",
      "mimi://example.com/r/%23xIiZs-mJA6gFSO67f0qYBMun3twIrBU7lXD2y3xbYHI",
    ],
    [
      "im:mimi=%40logging/#Y9agWMglTlaP8F251hmgVQ@medicalProviderC.example",
      "mimi://medicalproviderc.example/d/logging/Y9agWMglTlaP8F251hmgVQ",
    ],
  ] as const) {
    it(`read the seed form ${seed}, and print it`, () => {
      assert.equal(canonicalMimiUri(seed), canonical);
      const lower = seed.replace(/[^@=]+$/u, (domain) => domain.toLowerCase()).replace("=@", "=%40");
      assert.equal(seedMimiUri(parseMimiUri(canonical)), lower);
    });
  }

  for (const [spelling, canonical] of [
    ["MIMI://Example.COM/u/Alice", "mimi://example.com/u/Alice"],
    ["mimi://example.com/u/%61lice", "mimi://example.com/u/alice"],
    ["mimi://example.com/r/caf%c3%a9", "mimi://example.com/r/caf%C3%A9"],
    ["mimi://example.com/r/café", "mimi://example.com/r/caf%C3%A9"],
    ["mimi://example.com/r/a!b", "mimi://example.com/r/a%21b"],
  ] as const) {
    it(`have one canonical spelling: ${spelling}`, () => assert.equal(canonicalMimiUri(spelling), canonical));
  }

  for (const text of [
    "",
    "https://example.com/u/alice",
    "mimi://",
    "mimi:///u/alice",
    "mimi://example.com/",
    "mimi://example.com/u",
    "mimi://example.com/u/",
    "mimi://example.com/u/a/b",
    "mimi://example.com/x/alice",
    "mimi://example.com/d/alice",
    "mimi://example.com/u/..",
    "mimi://example.com/u/%2e",
    "mimi://example.com/u/a?b",
    "mimi://example.com/u/a b",
    "mimi://example.com/u/%",
    "mimi://example.com/u/%ff",
    "mimi://example.com/u/%00",
    "mimi://exa mple.com/u/alice",
    "mimi://-example.com/u/alice",
    "mimi://user@example.com/u/alice",
    "mimi://example.com:99999/u/alice",
    "mimi://example.com:080/u/alice",
    "mimi://exämple.com/u/alice",
    "mimi://\u212aelvin.example/u/alice",
    "im:mimi=",
    "im:mimi=alice@example.com",
    "im:mimi=#@example.com",
    "im:mimi=#room?join;code=x@example.com",
  ]) {
    it(`refuse ${JSON.stringify(text)}`, () => assert.throws(() => parseMimiUri(text), CodecError));
  }

  it("are made and taken apart by kind", () => {
    assert.equal(providerUri("Example.com"), "mimi://example.com");
    assert.equal(userUri("example.com", "a/b"), "mimi://example.com/u/a%2Fb");
    assert.equal(roomUri("example.com", "#x"), "mimi://example.com/r/%23x");
    const client = clientUri("example.com:8443", "alice", "phone");
    assert.equal(userOfClient(client), "mimi://example.com:8443/u/alice");
    assert.equal(domainOf(client), "example.com:8443");
    assert.equal(roomIdOf("mimi://example.com/r/%23x"), "#x");
    assert.throws(() => userOfClient("mimi://example.com/u/alice"), CodecError);
    assert.throws(() => roomIdOf(client), CodecError);
    assert.throws(() => userUri("example.com", ""), CodecError);
    assert.throws(() => userUri("example.com", "\ud800"), CodecError);
  });

  it("name a guest by the hash of its key", async () => {
    const id = await guestUserId(new Uint8Array(32));
    assert.equal(id, "g-Zmh6rfhivXdsj8GLjp-OIAiXFIVu4jOzkCpZHQ1fKSU");
    assert.equal(parseMimiUri(userUri("example.com", id)).kind, "user");
  });
});
