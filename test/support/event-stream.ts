import { once } from "node:events";
import { WebSocket } from "ws";
import { type RoomEvent, roomEvent } from "../../src/codec/hub-messages.js";
import { decode } from "../../src/codec/tls.js";

/** What came on the stream. */
export type Incoming =
  | { readonly type: "event"; readonly event: RoomEvent }
  | { readonly type: "ready" }
  | { readonly type: "pong"; readonly sent: Readonly<Record<string, number>> }
  | { readonly type: "following"; readonly room: string }
  | { readonly type: "acknowledge"; readonly room: string; readonly cursor: number; readonly hash: string }
  | { readonly type: "error"; readonly code: string; readonly message: string }
  | { readonly type: "closed"; readonly code: number };

/** A client's end of an event stream: what comes is kept until it is asked for. */
export class StreamClient {
  readonly socket: WebSocket;
  readonly #kept: Incoming[] = [];
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data, isBinary) => {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
      this.#keep(
        isBinary
          ? { type: "event", event: decode(roomEvent, new Uint8Array(bytes)) }
          : (JSON.parse(bytes.toString()) as Incoming),
      );
    });
    socket.on("close", (code) => this.#keep({ type: "closed", code }));
    socket.on("error", () => undefined);
  }

  /** Opens a stream at a provider; `origin` is what a browser would send. */
  static async open(provider: string, origin?: string): Promise<StreamClient> {
    const socket = new WebSocket(
      `${provider.replace(/^http/u, "ws")}/v1/events`,
      origin === undefined ? {} : { origin },
    );
    const client = new StreamClient(socket);
    await once(socket, "open");
    return client;
  }

  tell(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  authenticate(
    token: string,
    rooms: readonly { readonly room: string; readonly after: number; readonly hash?: string }[],
  ): void {
    this.tell({ type: "authenticate", token, rooms });
  }

  /** What comes next. */
  async next(): Promise<Incoming> {
    for (;;) {
      const first = this.#kept.shift();
      if (first !== undefined) return first;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The cursors of the next `count` events; fails when something else comes in between. */
  async cursors(count: number): Promise<number[]> {
    const cursors: number[] = [];
    while (cursors.length < count) {
      const came = await this.next();
      if (came.type !== "event") throw new Error(`${JSON.stringify(came)} instead of an event`);
      cursors.push(Number(came.event.cursor));
    }
    return cursors;
  }

  close(): void {
    this.socket.terminate();
  }

  #keep(incoming: Incoming): void {
    this.#kept.push(incoming);
    this.#wake();
  }
}
