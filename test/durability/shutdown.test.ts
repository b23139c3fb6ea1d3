import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ApiMember } from "../support/api-member.js";
import { StreamClient } from "../support/event-stream.js";
import { ProviderChild } from "../support/provider-child.js";

describe("a provider that is told to stop", () => {
  let provider: ProviderChild;
  let alice: ApiMember;
  let stream: StreamClient;
  beforeEach(async () => {
    provider = await ProviderChild.start();
    alice = await ApiMember.register(provider.url, "Alice");
    await alice.createRoom("ending");
    stream = await StreamClient.open(provider.url);
    stream.authenticate(alice.guest.token, [{ room: alice.room, after: 0 }]);
    assert.deepEqual(await stream.next(), { type: "ready" });
  });
  afterEach(async () => {
    stream.close();
    await provider.dispose();
  });

  it("answers what was begun, closes streams, takes nothing new, and ends with 0", async () => {
    const body = await alice.messageBody("begun before");
    const sending = await begin(body);
    const late = await open();
    late.socket.write("GET /v1/rooms/ending HTTP/1.1\r\nHost: localhost\r\n");
    // what came so far has been read when a later request is answered
    assert.equal((await fetch(`${provider.url}/healthz`)).status, 200);

    const ended = provider.end("SIGTERM");
    assert.deepEqual(await stream.next(), { type: "closed", code: 1001 });
    await assert.rejects(open(), /ECONNREFUSED/u);
    late.socket.write("\r\n");
    const told = await late.received();
    assert.match(told, /^HTTP\/1\.1 503 /u);
    assert.match(told, /retry-after: 1\r\n/iu);
    assert.match(told, /"code":"unavailable"/u);
    sending.socket.write(body.subarray(10));
    const answer = await sending.received();
    assert.match(answer, /^HTTP\/1\.1 200 /u);
    assert.match(answer, /connection: close\r\n/iu);
    assert.match(answer, /"cursor":1/u);
    assert.equal(await ended, 0);

    await provider.start();
    assert.equal((await alice.catchUp()).length, 1);
  });

  it("does not wait for ever for who does not finish", async () => {
    const sending = await begin(await alice.messageBody("never finished"));
    assert.equal(await provider.end("SIGTERM"), 0);
    sending.socket.destroy();
  });

  it("ends at once when it is told twice", async () => {
    const sending = await begin(await alice.messageBody("never finished"));
    const ended = provider.end("SIGTERM");
    assert.deepEqual(await stream.next(), { type: "closed", code: 1001 });
    const asked = performance.now();
    await provider.end("SIGTERM");
    assert.equal(await ended, 1);
    assert.ok(performance.now() - asked < 4000, "it waited for its drain to end");
    sending.socket.destroy();
  });

  /** A request of which ten octets of the body have been sent. */
  async function begin(body: Uint8Array): Promise<Raw> {
    const raw = await open();
    raw.socket.write(
      `POST ${alice.path}/submitMessage HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${alice.guest.token}\r\n` +
        `Content-Type: application/octet-stream\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    raw.socket.write(body.subarray(0, 10));
    return raw;
  }

  async function open(): Promise<Raw> {
    const socket = connect(provider.port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    await once(socket, "connect");
    return {
      socket,
      async received() {
        if (!socket.closed) await once(socket, "close");
        return text;
      },
    };
  }
});

/** A connection whose every octet the test sends itself. */
interface Raw {
  readonly socket: Socket;
  /** All that came, once the other end has closed. */
  received(): Promise<string>;
}
