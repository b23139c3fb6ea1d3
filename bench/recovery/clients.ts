/** Hundreds of clients' event streams, each as in a browser but over `ws`, that note when they connect and what they hear. */
import { WebSocket } from "ws";
import { EventStream } from "../../src/transport/event-stream.js";
import { network } from "../../src/transport/network.js";
import type { OpenSocket, Random } from "../../src/transport/ports.js";
import { createProviderClient } from "../../src/transport/provider-client.js";
import { answerParent, now } from "../support/child.js";

export type ClientsQuestion =
  /** Ends the streams there are, and opens one for each seat; resolves when all are online. */
  | {
      readonly kind: "follow";
      readonly provider: string;
      readonly room: string;
      readonly seats: readonly ClientSeat[];
      /** Whether waits are as random as a client's are. */
      readonly jitter: boolean;
    }
  /** Begins to note anew. */
  | { readonly kind: "forget" }
  /** Resolves when every client is online and has heard the event at this cursor. */
  | { readonly kind: "await"; readonly cursor: number };

export interface ClientSeat {
  readonly token: string;
  readonly after: number;
}

/** What was noted; times are milliseconds since 1970. */
export interface Recovery {
  /** When each client was online and had heard the event. */
  readonly recovered: readonly number[];
  /** When each connection was opened, in order. */
  readonly opened: readonly number[];
}

interface Client {
  readonly stream: EventStream;
  online: number | undefined;
  heard: number | undefined;
  cursor: number;
}

const constant: Random = (length) => new Uint8Array(length).fill(128);
let clients: readonly Client[] = [];
let opened: number[] = [];
let awaited = Number.POSITIVE_INFINITY;
let progress = (): void => undefined;

answerParent<ClientsQuestion>(async (question) => {
  switch (question.kind) {
    case "follow": {
      for (const { stream } of clients) stream.stop();
      clients = question.seats.map((seat) => client(question, seat));
      for (const { stream } of clients) stream.start();
      await until(() => clients.every(({ online }) => online !== undefined));
      return {};
    }
    case "forget":
      opened = [];
      for (const client of clients) client.online = undefined;
      return {};
    case "await": {
      awaited = question.cursor;
      for (const client of clients) client.heard = client.cursor >= awaited ? now() : undefined;
      await until(() => clients.every(({ online, heard }) => online !== undefined && heard !== undefined));
      const recovered = clients.map(({ online = Number.NaN, heard = Number.NaN }) => Math.max(online, heard));
      return { recovered, opened } satisfies Recovery;
    }
  }
});

function client(
  { provider, room, jitter }: Extract<ClientsQuestion, { kind: "follow" }>,
  { token, after }: ClientSeat,
): Client {
  const api = createProviderClient({ provider, fetch: network.fetch, clock: network.clock });
  const stream = new EventStream({
    provider,
    room,
    openSocket,
    clock: network.clock,
    random: jitter ? network.random : constant,
    token: async () => token,
    after: () => followed.cursor,
    hash: () => "",
    page: (after, limit) => api.events(token, room, after, limit),
    async take(events) {
      followed.cursor = Number(events.at(-1)?.cursor ?? followed.cursor);
      if (followed.cursor >= awaited) followed.heard ??= now();
      progress();
    },
    follows: () => true,
    status(status) {
      followed.online = status === "online" ? now() : undefined;
      progress();
    },
    refused: (code) => console.error(`refused: ${code}`),
    fault: (error) => console.error(error),
  });
  const followed: Client = { stream, online: undefined, heard: undefined, cursor: after };
  return followed;
}

const openSocket: OpenSocket = (url, events) => {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on("open", () => {
    opened.push(now());
    events.opened();
  });
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) events.binary(new Uint8Array(data));
    else events.text(data.toString());
  });
  socket.on("error", () => undefined);
  socket.on("close", (code) => events.closed(code));
  return { send: (frame) => socket.send(frame), close: () => socket.terminate() };
};

function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    progress = () => holds() && resolve();
    progress();
  });
}

process.once("SIGTERM", () => process.exit(0));
