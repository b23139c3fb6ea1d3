import { expect } from "@open-wc/testing";
import { toBase64Url, toHex } from "../../src/codec/bytes.js";
import { type RoomEvent, roomEvent } from "../../src/codec/hub-messages.js";
import { encode } from "../../src/codec/tls.js";
import { EventStream, type StreamOptions } from "../../src/transport/event-stream.js";
import { network } from "../../src/transport/network.js";
import type { SocketEvents } from "../../src/transport/ports.js";

const room = "mimi://p.example/r/a";
const hashes = Array.from({ length: 100 }, (_, n) => new Uint8Array(32).fill(n));

describe("EventStream, asked for a commit", () => {
  it("acknowledges it when it is taken, and not before", async () => {
    const { hub, taken, release } = open({ holdsBack: true });
    (await hub).binary(eventAt(1));
    (await hub).text(ask(1));
    await taken.begun(1);
    expect(taken.said()).to.deep.equal([]);
    release();
    await taken.until(() => taken.said().length > 0);
    expect(taken.said()).to.deep.equal([answerTo(1)]);
    taken.stream.stop();
  });

  it("acknowledges at once what it has taken already", async () => {
    const { hub, taken } = open();
    (await hub).binary(eventAt(1));
    await taken.until(() => taken.cursor() === 1);
    (await hub).text(ask(1));
    expect(taken.said()).to.deep.equal([answerTo(1)]);
    taken.stream.stop();
  });

  it("says one word for all that it has read, the latest", async () => {
    const { hub, taken, release } = open({ holdsBack: true });
    for (const cursor of [1, 2, 3]) (await hub).binary(eventAt(cursor));
    for (const cursor of [1, 2, 3, 4]) (await hub).text(ask(cursor));
    release();
    await taken.until(() => taken.cursor() === 3);
    await taken.until(() => taken.said().length > 0);
    expect(taken.said().at(-1)).to.deep.equal(answerTo(3));
    expect(taken.said()).not.to.deep.include(answerTo(4));
    taken.stream.stop();
  });

  it("says nothing of a commit that it does not follow, of another room, or of more than any hub asks for", async () => {
    const { hub, taken } = open({ follows: ({ cursor }) => cursor !== 1 });
    const socket = await hub;
    socket.text(JSON.stringify({ ...JSON.parse(ask(1)), room: "mimi://p.example/r/b" }));
    for (let n = 2; n < 60; n++) socket.text(ask(n));
    for (let cursor = 1; cursor < 60; cursor++) socket.binary(eventAt(cursor));
    socket.text(ask(1));
    await taken.until(() => taken.cursor() === 59);
    const cursors = taken.said().map(({ cursor }) => Number(cursor));
    expect(cursors).not.to.include(1);
    expect(Math.max(...cursors)).to.equal(33);
    taken.stream.stop();
  });
});

function ask(cursor: number): string {
  return JSON.stringify({ type: "acknowledge", room, cursor, hash: toBase64Url(hashes[cursor] ?? new Uint8Array()) });
}

function answerTo(cursor: number): Record<string, unknown> {
  return { type: "acknowledged", room, cursor, hash: toBase64Url(hashes[cursor] ?? new Uint8Array()) };
}

function eventAt(cursor: number): Uint8Array {
  const nothing = new Uint8Array();
  const event: RoomEvent = { room, cursor: BigInt(cursor), timestamp: 0n, message: nothing, externalPub: nothing };
  return encode(roomEvent, event);
}

/** A stream that is connected, and what a hub hears on its socket. */
function open({ holdsBack = false, follows }: { holdsBack?: boolean; follows?: StreamOptions["follows"] } = {}) {
  const said: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const look of [...waiting]) look();
  };
  let release = () => {};
  const released = holdsBack ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve();
  let cursor = 0;
  let begun = 0;
  let connected: (events: SocketEvents) => void = () => {};
  const hub = new Promise<SocketEvents>((resolve) => (connected = resolve));
  const stream = new EventStream({
    provider: "https://p.example",
    room,
    openSocket(_, events) {
      queueMicrotask(() => {
        events.opened();
        events.text('{"type":"ready"}');
        connected(events);
      });
      return {
        send(frame) {
          const json = JSON.parse(frame) as Record<string, unknown>;
          if (json.type === "acknowledged") said.push(json);
          changed();
        },
        close: () => {},
      };
    },
    clock: network.clock,
    random: network.random,
    token: async () => "token",
    hash: () => "",
    after: () => cursor,
    page: async () => ({ events: [], more: false }),
    async take(events) {
      begun = Number(events.at(-1)?.cursor);
      changed();
      await released;
      cursor = begun;
      queueMicrotask(changed);
    },
    follows: follows ?? (({ hash, cursor }) => hash === toHex(hashes[cursor] ?? new Uint8Array())),
    status: () => {},
    refused: () => {},
    fault: (error) => {
      throw error;
    },
  });
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!holds()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  stream.start();
  const taken = {
    stream,
    until,
    said: () => said,
    cursor: () => cursor,
    begun: (n: number) => until(() => begun >= n),
  };
  return { hub, taken, release: () => release() };
}
