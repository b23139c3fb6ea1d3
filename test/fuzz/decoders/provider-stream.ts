import type { EventSocket } from "../../../provider/hub/event-socket.js";
import { toBase64Url } from "../../../src/codec/bytes.js";
import type { TestApp } from "../../support/provider-app.js";
import { Answered, answeredCode, openAttackedProvider } from "../attacked-provider.js";
import type { Chance } from "../chance.js";
import { type Decoder, type Input, textOf } from "../decoder.js";
import { Finding } from "../judge.js";
import { varyJson } from "../make-case.js";
import { mutateText } from "../mutate-text.js";

const TYPES = ["ready", "pong", "following", "acknowledge", "error"];
/** Frames of one conversation that are sent. */
const MOST_FRAMES = 20;

/** The frames of one event stream, as a JSON list of texts. */
export const providerStreamDecoders: readonly Decoder[] = [
  {
    name: "provider/eventStream",
    covers: [],
    weight: 8,
    lasts: 1500,
    async open() {
      const { app, bob } = await openAttackedProvider();
      const { room, guest } = bob;
      const hello = { type: "authenticate", token: guest.token, rooms: [{ room, after: 0 }] };
      const word = { type: "acknowledged", room, cursor: 1, hash: toBase64Url(new Uint8Array(32)) };
      const frames = [hello, { type: "ping" }, { type: "follow", room, after: 1 }, word].map((frame) =>
        JSON.stringify(frame),
      );
      return {
        corpus: [JSON.stringify(frames), JSON.stringify(frames.slice(0, 2))],
        vary: varyFrames,
        read: (input) => converse(app, framesOf(textOf(input))),
        codeOf: answeredCode,
        repeatable: false,
        close: () => app.close(),
      };
    },
  },
];

/** Says the frames and then goodbye. Throws Answered when the stream was refused before. */
async function converse(app: TestApp, frames: readonly string[]): Promise<number> {
  const said: string[] = [];
  let end: (code: number) => void = () => undefined;
  const closed = new Promise<number>((resolve) => {
    end = resolve;
  });
  const socket: EventSocket = {
    send: (data) => {
      if (typeof data === "string") said.push(data);
    },
    flushed: async () => undefined,
    backlog: 0,
    close: (code) => end(code),
    cut: () => end(1006),
    ping: () => undefined,
  };
  const stream = app.openEventStream(socket, undefined, { ip: "192.0.2.1", local: false });
  if (stream === undefined) throw new Answered("tooMany", "no more streams");
  for (const frame of frames.slice(0, MOST_FRAMES)) stream.received(frame);
  // a binary frame is refused, so that every conversation has an end
  stream.received(undefined);
  const code = await closed;
  stream.closed();
  const errors = said.map(typeOf).filter((type) => type.startsWith("error"));
  if (errors.includes("error internal"))
    throw new Finding("an internal error on a stream", JSON.stringify(app.lines.at(-1)));
  if (code < 4800 || code > 4999 || errors.length !== 1) throw new Finding("an end without a reason", String(code));
  if (errors[0] === "error malformed" && said.length > 1) return said.length;
  throw new Answered(errors[0] ?? "", "the stream was refused");
}

/** The type of a frame, and the code of an error. */
function typeOf(frame: string): string {
  const { type, code } = JSON.parse(frame) as { type: string; code?: string };
  if (!TYPES.includes(type)) throw new Finding("a frame of no known type", frame.slice(0, 100));
  return type === "error" ? `error ${code}` : type;
}

function framesOf(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : [text];
  } catch {
    return [text];
  }
}

function varyFrames(chance: Chance, valid: Input): string {
  const frames = framesOf(textOf(valid));
  const at = chance.below(frames.length);
  const frame = frames[at] ?? "";
  switch (chance.below(6)) {
    case 0:
      return JSON.stringify(frames.toReversed());
    case 1:
      return JSON.stringify(frames.toSpliced(at, 0, frame));
    case 2:
      return JSON.stringify(frames.with(at, mutateText(chance, frame, frame)));
    default:
      return JSON.stringify(frames.with(at, varyJson(chance, frame) ?? frame));
  }
}
