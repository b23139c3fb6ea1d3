import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { App } from "../app.js";
import type { Logger } from "../log.js";
import { Refusal } from "../refusal.js";
import type { Peer } from "../routes/environment.js";
import { EventSockets } from "./event-sockets.js";
import { refuseConnection } from "./refuse-connection.js";

const EVENTS_PATH = "/v1/events";
/** How long what has begun may take to end once the provider stops, in milliseconds. */
const DRAIN_MS = 5000;
/** Answers that one connection may wait for at once: browsers and proxies ask one after the other. */
const MOST_ANSWERS = 4;

/** What stands between an HTTP server and the app: its requests, its event streams, and what is neither. */
export class FrontDoor {
  readonly #server: Server;
  readonly #app: App;
  readonly #log: Logger;
  readonly #peer: (request: IncomingMessage) => Peer;
  readonly #sockets: EventSockets;
  /** What is being answered, and the work behind it. */
  readonly #answering = new Map<Duplex, Set<ServerResponse>>();
  readonly #working = new Set<Promise<Response>>();
  #closing = false;

  constructor(server: Server, app: App, log: Logger, peer: (request: IncomingMessage) => Peer) {
    this.#server = server;
    this.#app = app;
    this.#log = log;
    this.#peer = peer;
    this.#sockets = new EventSockets(app, (refusal) => this.#logged(refusal));
    this.#listen();
  }

  /**
   * Takes no more connections and requests; resolves when all that had begun has been answered and everybody is gone, which
   * they are after five seconds at the latest.
   */
  async close(): Promise<void> {
    this.#closing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const answers of this.#answering.values()) {
      for (const answer of answers) if (!answer.headersSent) answer.setHeader("connection", "close");
    }
    this.#sockets.close();
    const cut = setTimeout(() => {
      this.#sockets.cut();
      this.#server.closeAllConnections();
    }, DRAIN_MS);
    await closed;
    clearTimeout(cut);
    await Promise.allSettled(this.#working);
  }

  #listen(): void {
    const answer = getRequestListener((request, { incoming }) => this.#fetch(request, incoming as IncomingMessage), {
      overrideGlobalObjects: false,
      // what is no request comes here, and never to the app
      errorHandler: () =>
        this.#logged(new Refusal("malformed", "not a request: its host or its address is none")).toResponse(),
    });
    this.#server.on("request", (incoming: IncomingMessage, outgoing: ServerResponse) => {
      const { socket } = incoming;
      if (socket.destroyed) return;
      const answers = this.#answersOn(socket);
      if (answers.size === MOST_ANSWERS) {
        this.#logged(new Refusal("rateLimited", "too many requests ahead of their answers"));
        socket.destroy();
        return;
      }
      answers.add(outgoing);
      outgoing.once("close", () => answers.delete(outgoing));
      if (this.#closing) outgoing.setHeader("connection", "close");
      void answer(incoming, outgoing);
    });
    this.#server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
      const refusal =
        error.code === "HPE_HEADER_OVERFLOW"
          ? new Refusal("tooLarge", "more header fields than anybody needs")
          : new Refusal("malformed", "not a request, or not all of one in time");
      void refuseConnection(socket, this.#logged(refusal));
    });
    this.#server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // from here on nobody else listens, and an error that nobody listens to ends the process
      socket.on("error", () => socket.destroy());
      if (request.url?.split("?", 1)[0] !== EVENTS_PATH) {
        void refuseConnection(socket, this.#logged(new Refusal("noSuchRoute", "no such event stream")));
      } else if (this.#closing) {
        void refuseConnection(socket, stopping());
      } else {
        this.#sockets.accept(request, socket, head, this.#peer(request));
      }
    });
  }

  /** What is being answered on a connection. An answer that waits behind another is never told that the connection is gone. */
  #answersOn(socket: Duplex): Set<ServerResponse> {
    const known = this.#answering.get(socket);
    if (known !== undefined) return known;
    const answers = new Set<ServerResponse>();
    this.#answering.set(socket, answers);
    socket.once("close", () => this.#answering.delete(socket));
    return answers;
  }

  /** A request that comes on a connection from before is told to come again: to the next provider, or this one anew. */
  async #fetch(request: Request, incoming: IncomingMessage): Promise<Response> {
    if (this.#closing) return stopping().toResponse();
    const work = this.#app.fetch(request, this.#peer(incoming));
    this.#working.add(work);
    try {
      return await work;
    } finally {
      this.#working.delete(work);
    }
  }

  #logged(refusal: Refusal): Refusal {
    this.#log.warn({ code: refusal.code, reason: refusal.message }, "refused");
    return refusal;
  }
}

function stopping(): Refusal {
  return new Refusal("unavailable", "the provider is stopping", { retryAfter: 1 });
}
