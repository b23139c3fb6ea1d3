import { expect } from "@open-wc/testing";
import { CodecError } from "../../src/codec/codec-error.js";
import { type RoomEvent, roomEvent } from "../../src/codec/hub-messages.js";
import { encode } from "../../src/codec/tls.js";
import { EventStream, type StreamOptions } from "../../src/transport/event-stream.js";
import { network } from "../../src/transport/network.js";
import type { OpenSocket, SocketEvents } from "../../src/transport/ports.js";
import { fastClock } from "../support/fast-clock.js";

const room = "mimi://p.example/r/a";

function eventAt(cursor: number | bigint): RoomEvent {
  return { room, cursor: BigInt(cursor), timestamp: 0n, message: new Uint8Array(), externalPub: new Uint8Array() };
}

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => first + n);

/** A stream over a log of `length` events, whose sockets do what `connected` does. */
function streamOf(length: number, connected: (events: SocketEvents) => void, options: Partial<StreamOptions> = {}) {
  const taken: number[] = [];
  const faults: unknown[] = [];
  let woken = () => {};
  const openSocket: OpenSocket = (_, events) => {
    queueMicrotask(() => {
      events.opened();
      events.text('{"type":"ready"}');
      connected(events);
    });
    return { send: () => {}, close: () => {} };
  };
  const streamOptions: StreamOptions = {
    provider: "https://p.example",
    room,
    openSocket,
    clock: network.clock,
    random: network.random,
    token: async () => "token",
    hash: () => "",
    after: () => taken.at(-1) ?? 0,
    page: async (after, limit) => {
      const events = from(after + 1, Math.min(after + limit, length)).map(eventAt);
      return { events, more: after + limit < length };
    },
    take: async (events) => {
      await new Promise(requestAnimationFrame);
      taken.push(...events.map(({ cursor }) => Number(cursor)));
      woken();
    },
    follows: () => true,
    status: () => {},
    refused: () => {},
    fault: (error) => faults.push(error),
    ...options,
  };
  const stream = new EventStream(streamOptions);
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      woken = () => holds() && resolve();
      woken();
    });
  return { stream, taken, faults, until, options: streamOptions };
}

describe("EventStream", () => {
  it("takes nothing of a page that comes after it was stopped: it may be of another log", async () => {
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let answer = () => {};
    const isAnswered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { stream, taken, options } = streamOf(2, (events) => events.binary(encode(roomEvent, eventAt(2))), {
      page: async () => {
        asked();
        await isAnswered;
        return { events: [eventAt(1)], more: false };
      },
    });
    stream.start();
    await isAsked;
    stream.stop();
    answer();
    // It begins anew when the one before has come to its end.
    const began = new Promise<void>((resolve) => {
      options.token = async () => {
        resolve();
        return "token";
      };
    });
    stream.start();
    await began;
    stream.stop();
    expect(taken).to.deep.equal([]);
  });

  it("takes a long past in one connection, however fast it comes", async () => {
    const length = 3_000;
    let connections = 0;
    const { stream, taken, until } = streamOf(length, (events) => {
      connections += 1;
      for (const cursor of from(1, length)) events.binary(encode(roomEvent, eventAt(cursor)));
    });
    stream.start();
    await until(() => taken.length === length);
    expect(taken).to.deep.equal(from(1, length));
    expect(connections).to.equal(1);
    stream.stop();
  });

  it("refuses a cursor that no event has, and takes what comes after it", async () => {
    const { stream, taken, faults, until } = streamOf(2, (events) => {
      for (const cursor of [1n, 2n ** 63n, 2n]) events.binary(encode(roomEvent, eventAt(cursor)));
    });
    stream.start();
    await until(() => taken.length === 2);
    expect(taken).to.deep.equal([1, 2]);
    expect(faults).to.have.lengthOf(1);
    stream.stop();
  });

  it("takes nothing over a page that somebody else answered with garbage, and asks for it again", async () => {
    let asked = 0;
    const { stream, taken, faults, until } = streamOf(3, (events) => events.binary(encode(roomEvent, eventAt(3))), {
      clock: fastClock(50),
      page: async (after) => {
        if (++asked < 3) throw new CodecError("events", "a login page");
        return { events: from(after + 1, 3).map(eventAt), more: false };
      },
    });
    stream.start();
    await until(() => taken.length === 3);
    expect(taken).to.deep.equal([1, 2, 3]);
    expect(faults).to.have.lengthOf(2);
    stream.stop();
  });

  it("takes nothing of a socket that it gave up", async () => {
    let late: SocketEvents | undefined;
    const states: string[] = [];
    const { stream, faults } = streamOf(
      0,
      (events) => {
        late = events;
        events.text("junk");
        events.text('{"type":"ready"}');
        events.binary(Uint8Array.of(1));
      },
      { status: (status) => states.push(status) },
    );
    stream.start();
    while (late === undefined) await new Promise(requestAnimationFrame);
    stream.stop();
    expect(states.filter((state) => state === "online")).to.have.lengthOf(1);
    expect(faults).to.deep.equal([]);
  });

  it("waits ever longer for a provider that accepts and hangs up", async () => {
    const waits: number[] = [];
    let enough = () => {};
    const five = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const { stream } = streamOf(0, (events) => events.closed(1011), {
      random: (length) => new Uint8Array(length).fill(0xff),
      clock: {
        now: () => 0,
        after(milliseconds, then) {
          // What watches over a connection, and a wait that nobody asked for.
          if (milliseconds === 10_000 || milliseconds === 20_000) return () => {};
          if (milliseconds > 0 && waits.push(Math.round(milliseconds)) === 4) enough();
          else queueMicrotask(then);
          return () => {};
        },
      },
    });
    stream.start();
    await five;
    stream.stop();
    expect(waits).to.deep.equal([2_050, 4_050, 8_050, 16_050]);
  });

  it("fetches what got lost on the way when a pong tells of it", async () => {
    let pong = () => {};
    const { stream, taken, until } = streamOf(3, (events) => {
      events.binary(encode(roomEvent, eventAt(1)));
      pong = () => events.text(JSON.stringify({ type: "pong", sent: { [room]: 3, "mimi://p.example/r/b": 99 } }));
    });
    stream.start();
    await until(() => taken.length === 1);
    pong();
    await until(() => taken.length === 3);
    expect(taken).to.deep.equal([1, 2, 3]);
    stream.stop();
  });

  for (const [title, bring] of [
    ["an event of absurd size", (events: SocketEvents) => events.binary(new Uint8Array(6 * 1024 * 1024))],
    ["a text of absurd size", (events: SocketEvents) => events.text(" ".repeat(100_000))],
    ["junk", (events: SocketEvents) => events.text("junk")],
  ] as const) {
    it(`hangs up on ${title}, and connects anew`, async () => {
      let connections = 0;
      const { stream, taken, faults, until } = streamOf(
        1,
        (events) => {
          connections += 1;
          if (connections === 1) bring(events);
          else events.binary(encode(roomEvent, eventAt(1)));
        },
        { random: (length) => new Uint8Array(length) },
      );
      stream.start();
      await until(() => taken.length === 1);
      expect(connections).to.equal(2);
      expect(faults).to.deep.equal([]);
      stream.stop();
    });
  }

  it("gives a connection up that never says ready, whatever else comes", async () => {
    let connections = 0;
    let again = () => {};
    const second = new Promise<void>((resolve) => {
      again = resolve;
    });
    const watches: (() => void)[] = [];
    const stream = new EventStream({
      ...streamOf(0, () => {}).options,
      openSocket: (_, events) => {
        connections += 1;
        if (connections === 2) again();
        queueMicrotask(() => {
          events.opened();
          events.binary(encode(roomEvent, eventAt(7)));
          for (const ring of watches) ring();
        });
        return { send: () => {}, close: () => {} };
      },
      clock: {
        now: () => 0,
        after(milliseconds, then) {
          if (milliseconds === 10_000) watches.push(then);
          else queueMicrotask(then);
          return () => {};
        },
      },
    });
    stream.start();
    await second;
    stream.stop();
  });
});
