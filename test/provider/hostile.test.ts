import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import Database from "libsql";
import { WebSocket } from "ws";
import type { RunningProvider } from "../../provider/node.js";
import { ApiMember } from "../support/api-member.js";
import { StreamClient } from "../support/event-stream.js";
import { startTestProvider } from "../support/provider-process.js";
import { assertRefused, type RefusalBody } from "../support/refusals.js";

const UPGRADE = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
].join("\r\n");

describe("a provider among strangers", () => {
  let provider: RunningProvider;
  before(async () => {
    provider = await startTestProvider({ assets: false });
  });
  after(() => provider.stop());

  for (const [title, request, code] of [
    [
      "a connection upgrade at an address that is none",
      `GET // HTTP/1.1\r\nHost: a\r\n${UPGRADE}\r\n\r\n`,
      "noSuchRoute",
    ],
    ["a connection upgrade elsewhere", `GET /v1 HTTP/1.1\r\nHost: a\r\n${UPGRADE}\r\n\r\n`, "noSuchRoute"],
    [
      "an upgrade without a key",
      "GET /v1/events HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
      "malformed",
    ],
    ["what is not HTTP", "\x16\x03\x01\x02\x00\x01\r\n\r\n", "malformed"],
    ["a request without a host", "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", "malformed"],
    ["a host that is none", "GET /healthz HTTP/1.1\r\nHost: a b<>\r\nConnection: close\r\n\r\n", "malformed"],
    [
      "two lengths",
      "POST /v1/clients HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "malformed",
    ],
    ["a flood of headers", `GET / HTTP/1.1\r\nHost: a\r\n${"X-A: b\r\n".repeat(5000)}\r\n`, "tooLarge"],
    [
      "a room's name that is no UTF-8",
      "GET /v1/rooms/%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      "noSuchRoom",
    ],
    ["a path that climbs", "GET /v1/rooms/..%2f.. HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "noSuchRoom"],
  ] as const) {
    it(`answers ${title} with a code, and goes on`, async () => {
      const answer = await talk(request);
      assert.match(answer, /^HTTP\/1\.1 4\d\d /u);
      const body = JSON.parse(answer.slice(answer.indexOf("{"), answer.lastIndexOf("}") + 1)) as RefusalBody;
      assert.equal(body.code, code, answer);
      await isThere();
    });
  }

  it("answers a few requests that come at once on one connection, and hangs up on many", async () => {
    const request = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    const last = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    const answersTo = async (requests: string) => (await talk(requests)).match(/HTTP\/1\.1 200/gu)?.length ?? 0;
    assert.equal(await answersTo(request.repeat(3) + last), 4);
    assert.ok((await answersTo(request.repeat(200))) < 200);
    assert.equal(await answersTo(last), 1);
  });

  it("outlives connections that are reset in the middle of an upgrade", async () => {
    const { port } = new URL(provider.url);
    const request = `GET /nowhere HTTP/1.1\r\nHost: a\r\n${UPGRADE}\r\n\r\n`;
    const reset = () =>
      new Promise<void>((resolve) => {
        const socket = connect(Number(port), "127.0.0.1", () => socket.write(request, () => socket.resetAndDestroy()));
        socket.on("error", () => undefined);
        socket.on("close", () => resolve());
      });
    await Promise.all(Array.from({ length: 100 }, reset));
    await isThere();
  });

  it("keeps little for a consumer that asks again and again and never reads", async () => {
    const alice = await ApiMember.register(provider.url, "Alice");
    await alice.createRoom("unread");
    for (let index = 0; index < 15; index++) await alice.say("x".repeat(60_000));
    const stream = await StreamClient.open(provider.url);
    stream.authenticate(alice.guest.token, [{ room: alice.room, after: 15 }]);
    assert.deepEqual(await stream.next(), { type: "ready" });
    stream.socket.pause();
    const before = process.memoryUsage().arrayBuffers;
    for (let turn = 0; turn < 100 && stream.socket.readyState === WebSocket.OPEN; turn++) {
      stream.tell({ type: "follow", room: alice.room, after: 0 });
      // an answer to somebody else means that the provider has had its turn
      await isThere();
    }
    const kept = process.memoryUsage().arrayBuffers - before;
    assert.ok(kept < 16 * 1024 * 1024, `${kept} octets wait`);
    stream.close();
    assert.equal((await alice.say("still here")).status, 200);
  });

  it("reads no list of rooms that is longer than a stream may follow", async () => {
    const alice = await ApiMember.register(provider.url, "Alice");
    await alice.createRoom("listed");
    const stream = await StreamClient.open(provider.url);
    stream.authenticate(
      alice.guest.token,
      Array.from({ length: 65 }, () => ({ room: alice.room, after: 0 })),
    );
    const error = await stream.next();
    assert.ok(error.type === "error" && error.code === "tooLarge");
    stream.close();
  });

  it("says that it is busy while another process holds the database, and loses nothing by it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mimi-busy-"));
    const shared = await startTestProvider({ dataDir: folder, assets: false });
    const alice = await ApiMember.register(shared.url, "Alice");
    await alice.createRoom("busy");
    const body = await alice.messageBody("once");
    const other = new Database(shared.databasePath);
    other.exec("BEGIN IMMEDIATE");
    await assertRefused(await alice.submit(body), 503, "unavailable");
    other.exec("ROLLBACK");
    other.close();
    assert.equal((await alice.submit(body)).status, 200);
    assert.equal((await alice.page()).events.length, 1);
    await shared.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function isThere(): Promise<void> {
    assert.equal((await fetch(`${provider.url}/healthz`)).status, 200);
  }

  /** Sends raw octets; resolves with all that is answered until the provider ends the connection. */
  function talk(request: string): Promise<string> {
    return new Promise((resolve) => {
      let answer = "";
      const socket = connect(Number(new URL(provider.url).port), "127.0.0.1", () => socket.write(request, "latin1"));
      socket.on("data", (data) => {
        answer += data.toString();
      });
      socket.on("error", () => undefined);
      socket.on("close", () => resolve(answer));
    });
  }
});
