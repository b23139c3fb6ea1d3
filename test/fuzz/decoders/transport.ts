import { toBase64Url } from "../../../src/codec/bytes.js";
import { eventPage, groupInfoResponse, roomEvent } from "../../../src/codec/hub-messages.js";
import { encode } from "../../../src/codec/tls.js";
import { type EventPlace, EventSocket } from "../../../src/transport/event-socket.js";
import type { Clock, SocketEvents } from "../../../src/transport/ports.js";
import { createProviderClient, type ProviderClient } from "../../../src/transport/provider-client.js";
import { readJson } from "../../../src/transport/read-json.js";
import { answerErrorCode } from "../declared-errors.js";
import { bytesOf, type Decoder, textOf } from "../decoder.js";
import { varyJson } from "../make-case.js";

const PROVIDER = "https://provider.example";
const ROOM = "mimi://provider.example/r/keynote";
const key = toBase64Url(new Uint8Array(32).fill(7));
/** A clock in which no time passes. */
const still: Clock = { now: () => 1_700_000_000_000, after: () => () => undefined };

/** A client whose provider answers every request with these octets. */
function clientAnswered(body: Uint8Array<ArrayBuffer> | string, status = 200, headers = {}): ProviderClient {
  const fetch = async () => new Response(body, { status, headers });
  return createProviderClient({ provider: PROVIDER, fetch, clock: still });
}

export const transportDecoders: readonly Decoder[] = [
  jsonAnswer(
    "directory",
    { domain: "provider.example", hubSender: { uri: "mimi://provider.example", signatureKey: key } },
    (client) => client.directory(),
  ),
  jsonAnswer("challenge", { challenge: key, expiresAt: 1_700_000_000_000 }, (client) => client.challenge()),
  jsonAnswer("room", { room: ROOM, occupantCount: 3, policy: key, hasGroup: true, name: "Keynote" }, (client) =>
    client.room(ROOM),
  ),
  jsonAnswer("accepted", { cursor: 8, acceptedTimestamp: 1_700_000_000_000 }, (client) =>
    client.submitMessage("token", ROOM, new Uint8Array()),
  ),
  jsonAnswer("outcome", { outcome: "rolledBack" }, (client) => client.refuseEvent("token", ROOM, new Uint8Array())),
  jsonAnswer("token", { token: key, expiresAt: 1_700_000_000_000 }, (client) => {
    const octets = new Uint8Array();
    return client.register({
      clientUri: "mimi://provider.example/d/alice/1",
      userKey: octets,
      signatureKey: octets,
      binding: octets,
      challenge: octets,
      proof: octets,
    });
  }),
  binaryAnswer(
    "groupInfo",
    encode(groupInfoResponse, {
      groupInfo: new Uint8Array(90),
      ratchetTree: new Uint8Array(40),
      pendingProposals: [{ message: new Uint8Array(5), hubAcceptedTime: 1n }],
      cursor: 7n,
    }),
    (client) => client.groupInfo("token", ROOM),
  ),
  binaryAnswer(
    "events",
    encode(eventPage, {
      events: [{ room: ROOM, cursor: 8n, timestamp: 5n, message: new Uint8Array(9), externalPub: new Uint8Array(32) }],
      more: false,
    }),
    (client) => client.events("token", ROOM, 7, 100),
  ),
  {
    name: "transport/refusal",
    covers: [],
    weight: 4,
    open: () => ({
      corpus: [
        { status: 409, retryAfter: "", body: { code: "wrongEpoch", message: "later", currentEpoch: 9 } },
        { status: 429, retryAfter: "3", body: { code: "rateLimited", message: "too often", rule: "hub/rate" } },
        { status: 503, retryAfter: "Wed, 21 Oct 2015 07:28:00 GMT", body: { code: "unavailable", message: "busy" } },
      ].map((answer) => JSON.stringify(answer)),
      vary: varyJson,
      async read(input) {
        const { status, retryAfter, body } = answerOf(textOf(input));
        return clientAnswered(body, status, { "retry-after": retryAfter }).room(ROOM);
      },
      codeOf: answerErrorCode,
    }),
  },
  {
    name: "transport/readJson",
    covers: [readJson],
    weight: 8,
    open: () => ({
      corpus: [JSON.stringify({ type: "error", code: "notSeated", n: 5, yes: true, inner: { type: "x" } })],
      vary: varyJson,
      read(input) {
        const fields = readJson(jsonOf(textOf(input)));
        const text = fields.text("type");
        const maybe = fields.optional("n", (inner, name) => inner.number(name));
        return { text, maybe, yes: fields.boolean("yes"), inner: fields.object("inner").text("type") };
      },
      codeOf: answerErrorCode,
    }),
  },
  {
    name: "transport/textFrame",
    covers: [EventSocket],
    weight: 8,
    open: () => ({
      corpus: [
        { type: "ready" },
        { type: "pong" },
        { type: "acknowledge", room: ROOM, cursor: 8, hash: key },
        { type: "error", code: "notSeated", message: "gone" },
      ].map((frame) => JSON.stringify(frame)),
      vary: varyJson,
      read: (input) => heardOn((socket) => socket.text(textOf(input))),
      codeOf: () => undefined,
    }),
  },
  {
    name: "transport/binaryFrame",
    covers: [],
    weight: 4,
    open: () => ({
      corpus: [
        encode(roomEvent, {
          room: ROOM,
          cursor: 8n,
          timestamp: 5n,
          message: new Uint8Array(9),
          externalPub: new Uint8Array(32),
        }),
      ],
      read: (input) => heardOn((socket) => socket.binary(bytesOf(input))),
      codeOf: () => undefined,
    }),
  },
];

/** What a connection makes of what it hears: nothing that is heard may throw. */
async function heardOn(speak: (socket: SocketEvents) => void) {
  const frames: Uint8Array[] = [];
  const asked: EventPlace[] = [];
  let ready = 0;
  let events: SocketEvents | undefined;
  const socket = new EventSocket({
    url: "wss://provider.example/v1/events",
    clock: still,
    openSocket(_, listeners) {
      events = listeners;
      return { send: () => undefined, close: () => undefined };
    },
    hello: () => ({ type: "authenticate" }),
    sent: () => undefined,
    asked: (commit) => asked.push(commit),
    ready: () => {
      ready += 1;
    },
    frame: (bytes) => frames.push(bytes),
  });
  if (events === undefined) throw new TypeError("no socket was opened");
  events.opened();
  speak(events);
  const { isClosed } = socket;
  events.closed(1000);
  return { ready, frames: frames.length, asked: asked.length, isClosed, refusal: await socket.closed };
}

/** The entry of an answer in JSON; the provider may send anything in its place. */
function jsonAnswer(name: string, valid: object, ask: (client: ProviderClient) => Promise<unknown>): Decoder {
  return {
    name: `transport/${name}`,
    covers: [],
    weight: 4,
    open: () => ({
      corpus: [JSON.stringify(valid)],
      vary: varyJson,
      read: (input) => ask(clientAnswered(textOf(input))),
      codeOf: answerErrorCode,
    }),
  };
}

function binaryAnswer(name: string, valid: Uint8Array, ask: (client: ProviderClient) => Promise<unknown>): Decoder {
  return {
    name: `transport/${name}`,
    covers: [],
    weight: 4,
    open: () => ({
      corpus: [valid],
      read: (input) => ask(clientAnswered(new Uint8Array(bytesOf(input)))),
      codeOf: answerErrorCode,
    }),
  };
}

/** An answer as HTTP can carry it, whatever became of the case. */
function answerOf(text: string): { status: number; retryAfter: string; body: string } {
  const { status, retryAfter, body } = recordOf(text);
  return {
    status: typeof status === "number" && status >= 400 && status <= 599 ? Math.floor(status) : 500,
    retryAfter: (typeof retryAfter === "string" ? retryAfter : (JSON.stringify(retryAfter) ?? "")).replaceAll(
      /[^\x21-\x7e]/gu,
      " ",
    ),
    body: JSON.stringify(body) ?? "",
  };
}

function recordOf(text: string): Record<string, unknown> {
  const value = jsonOf(text);
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
