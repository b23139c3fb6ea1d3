import { roomEvent } from "../../src/codec/hub-messages.js";
import { decode } from "../../src/codec/tls.js";
import type { ApiMember } from "./api-member.js";
import type { Incoming } from "./event-stream.js";
import type { TestApp } from "./provider-app.js";

/** A question whether a commit is followed. */
export type Asked = Extract<Incoming, { type: "acknowledge" }>;

/** A member's event stream at a provider without sockets, following its room: what came is kept. */
export class AppStream {
  readonly came: Incoming[] = [];
  readonly #tell: (frame: object) => void;
  readonly #hangUp: () => void;

  private constructor(app: TestApp) {
    const stream = app.openEventStream(
      {
        send: (data) => {
          this.came.push(
            typeof data === "string"
              ? (JSON.parse(data) as Incoming)
              : { type: "event", event: decode(roomEvent, data) },
          );
        },
        flushed: () => Promise.resolve(),
        backlog: 0,
        close: (code) => void this.came.push({ type: "closed", code }),
        cut: () => undefined,
        ping: () => undefined,
      },
      undefined,
    );
    this.#tell = (frame) => stream?.received(JSON.stringify(frame));
    this.#hangUp = () => stream?.closed();
  }

  /** Follows the member's room from where it has read it; everything before has been sent. */
  static async follow(app: TestApp, { guest, room, cursor }: ApiMember): Promise<AppStream> {
    const stream = new AppStream(app);
    stream.#tell({ type: "authenticate", token: guest.token, rooms: [{ room, after: cursor }] });
    while (stream.came.length === 0) await turn();
    await turn();
    return stream;
  }

  /** Sends a frame; the provider has dealt with it. */
  async tell(frame: object): Promise<void> {
    this.#tell(frame);
    await turn();
  }

  /** The questions that came. */
  get asked(): readonly Asked[] {
    return this.came.filter((incoming) => incoming.type === "acknowledge");
  }

  /** Says yes to the last question. */
  async acknowledge(): Promise<void> {
    const question = this.asked.at(-1);
    if (question === undefined) throw new Error("not asked");
    await this.tell({ ...question, type: "acknowledged" });
  }

  hangUp(): void {
    this.#hangUp();
  }
}

/** A provider in this process has done all that it can do by itself, but for cryptography in other threads. */
async function turn(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await new Promise(setImmediate);
}
