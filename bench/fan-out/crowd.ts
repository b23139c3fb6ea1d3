/** Hundreds of occupants that only listen: a process of sockets that notes when each event reached each of them. */
import { WebSocket } from "ws";
import { roomEvent } from "../../src/codec/hub-messages.js";
import { decode } from "../../src/codec/tls.js";
import { percentile } from "../figure.js";
import { answerParent, now } from "../support/child.js";

export type CrowdQuestion =
  /** Connects one socket a token to the provider's event stream. */
  | { readonly kind: "follow"; readonly provider: string; readonly room: string; readonly seats: readonly Seat[] }
  /** Connects so many sockets to a bare broadcast. */
  | { readonly kind: "listen"; readonly url: string; readonly count: number }
  /** Resolves when every socket has had all of these events. */
  | { readonly kind: "await"; readonly numbers: readonly number[] }
  /** How long events took, from their starts on. */
  | { readonly kind: "delays"; readonly starts: readonly (readonly [number: number, start: number])[] };

export interface Seat {
  readonly token: string;
  readonly after: number;
}

export interface Delays {
  readonly deliveries: number;
  readonly p50: number;
  readonly p99: number;
}

const sockets: WebSocket[] = [];
const arrivals = new Map<number, number[]>();
let progress = (): void => undefined;

function arrived(number: number): void {
  const times = arrivals.get(number);
  if (times === undefined) arrivals.set(number, [now()]);
  else times.push(now());
  progress();
}

answerParent<CrowdQuestion>(async (question) => {
  switch (question.kind) {
    case "follow": {
      const url = `${question.provider.replace(/^http/, "ws")}/v1/events`;
      for (const seat of question.seats) await follow(url, question.room, seat);
      return {};
    }
    case "listen":
      for (let index = 0; index < question.count; index += 1) await listen(question.url);
      return {};
    case "await":
      return new Promise((resolve) => {
        progress = () => {
          if (question.numbers.every((number) => arrivals.get(number)?.length === sockets.length))
            resolve({ at: now() });
        };
        progress();
      });
    case "delays": {
      const all = question.starts.flatMap(([number, start]) =>
        (arrivals.get(number) ?? []).map((time) => time - start),
      );
      return { deliveries: all.length, p50: percentile(all, 0.5), p99: percentile(all, 0.99) };
    }
  }
});

/** Octets of the bare broadcast and of the event stream are read alike: a number from the head of a binary frame. */
function listen(url: string): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  sockets.push(socket);
  socket.on("message", (data: Buffer) => arrived(Number(data.readBigUInt64BE())));
  return new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
}

function follow(url: string, room: string, { token, after }: Seat): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  sockets.push(socket);
  return new Promise((resolve, reject) => {
    socket.once("open", () => socket.send(JSON.stringify({ type: "authenticate", token, rooms: [{ room, after }] })));
    socket.once("error", reject);
    socket.once("close", (code, reason) => reject(new Error(`closed: ${code} ${reason}`)));
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) arrived(cursorOf(data));
      else if (JSON.parse(data.toString()).type === "ready") resolve();
    });
  });
}

function cursorOf(frame: Buffer): number {
  return Number(decode(roomEvent, frame).cursor);
}

process.once("SIGTERM", () => process.exit(0));
