import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import type { App } from "../app.js";
import type { EventSocket } from "../hub/event-socket.js";
import { Refusal } from "../refusal.js";
import type { Peer } from "../routes/environment.js";
import { refuseConnection } from "./refuse-connection.js";

const MAX_FRAME_OCTETS = 64 * 1024;
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;

/** The WebSockets that are open, each the event stream of a client. */
export class EventSockets {
  readonly #app: App;
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_FRAME_OCTETS });

  /** @param refused Told of every connection that cannot become a WebSocket. */
  constructor(app: App, refused: (refusal: Refusal) => void) {
    this.#app = app;
    this.#server.on("wsClientError", (error, socket) => {
      const refusal = new Refusal("malformed", error.message);
      refused(refusal);
      void refuseConnection(socket, refusal);
    });
  }

  /** Makes a WebSocket of the connection that `request` came on. */
  accept(request: IncomingMessage, connection: Duplex, head: Buffer, peer: Peer): void {
    this.#server.handleUpgrade(request, connection, head, (socket) => {
      connect(this.#app, socket, request.headers.origin, peer);
    });
  }

  /** Tells everybody that the provider stops; they come back by themselves. */
  close(): void {
    for (const socket of this.#server.clients) socket.close(GOING_AWAY, "the provider is stopping");
  }

  cut(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }
}

function connect(app: App, socket: WebSocket, origin: string | undefined, peer: Peer): void {
  socket.on("error", () => socket.terminate());
  const stream = app.openEventStream(eventSocket(socket), origin, peer);
  if (stream === undefined) {
    socket.close(TRY_AGAIN_LATER, "unavailable");
    return;
  }
  socket.on("message", (data, isBinary) => stream.received(isBinary ? undefined : data.toString()));
  socket.on("pong", () => stream.alive());
  socket.on("close", () => stream.closed());
}

function eventSocket(socket: WebSocket): EventSocket {
  return {
    send(data) {
      if (socket.readyState === WebSocket.OPEN) socket.send(data);
    },
    // a ping stands behind everything that was sent before it
    flushed: () =>
      new Promise((resolve) => {
        if (socket.readyState === WebSocket.OPEN) socket.ping(undefined, undefined, () => resolve());
        else resolve();
      }),
    get backlog() {
      return socket.bufferedAmount;
    },
    close: (code, reason) => socket.close(code, reason),
    cut: () => socket.terminate(),
    ping() {
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    },
  };
}
