import { expect } from "@open-wc/testing";
import { connectWorker } from "../../src/client/connect-worker.js";
import type { WorkerConnection } from "../../src/client/worker-connection.js";
import { saltOf } from "../support/crash-page.js";
import { CrashRoom } from "../support/crash-room.js";
import { Told } from "../support/engine-world.js";
import { tell } from "../support/tell.js";

/** How many messages of its worker a page hears before it ends it. */
const MESSAGES = [0, 1, 2, 3, 4, 5, 6, 7];
/** Milliseconds after a call at which a page ends its worker, whatever it is at. */
const MOMENTS = [0, 1, 2, 4, 8, 16, 32, 64];

describe("The built worker, when a browser ends it", () => {
  it("while its page joins and sends has one seat, and says each message once when it is started again", async function () {
    this.timeout(120_000);
    for (const messages of MESSAGES) {
      const room = await CrashRoom.make();
      const text = `joined over a death after ${messages} messages`;
      const first = await WorkerPage.start(room);
      void first.join();
      await first.hears(messages);
      first.end();
      await finish(room, [text]);
      expect(room.watcher.engine.state.occupants.map(({ clients }) => clients)).to.deep.equal([1, 1]);
      await room.finish([""]);
    }
  });

  it("while its page opens and sends says each message once when it is started again", async function () {
    this.timeout(120_000);
    const room = await CrashRoom.make();
    await finish(room, ["the first"]);
    const deaths = [
      ...MESSAGES.map((count) => ({ name: `after ${count} messages`, comes: (page: WorkerPage) => page.hears(count) })),
      ...MOMENTS.map((ms) => ({ name: `after ${ms} ms`, comes: () => new Promise((end) => setTimeout(end, ms)) })),
    ];
    for (const { name, comes } of deaths) {
      const [early, late] = [`${name} of opening`, `${name} of sending`];
      const opening = await WorkerPage.start(room);
      void opening.open();
      void opening.say(early);
      await comes(opening);
      opening.end();

      const sending = await WorkerPage.start(room);
      await sending.open();
      void sending.say(late);
      void sending.say(early);
      await comes(sending);
      sending.end();
      await finish(room, [early, late]);
    }
    await room.finish([""]);
    tell(`ended workers: ${MESSAGES.length + 2 * deaths.length} of the built one`);
  });
});

/** Opens the room anew, says what was typed again, and sees that it is there once on both sides. */
async function finish(room: CrashRoom, typed: readonly string[]): Promise<void> {
  const page = await WorkerPage.start(room);
  await page.open();
  await page.join();
  for (const text of typed) await page.say(text);
  for (const text of typed) {
    await page.told.until(`"${text}" is sent`, ({ timeline }) =>
      timeline.some(({ content, status }) => content.kind === "text" && content.text === text && status === "sent"),
    );
  }
  await room.check(page, "", typed);
  page.end();
}

/** A page's end of the built worker. */
class WorkerPage {
  readonly told = new Told();
  readonly #room: CrashRoom;
  #connection: WorkerConnection | undefined;
  #heard = 0;

  private constructor(room: CrashRoom) {
    this.#room = room;
  }

  static async start(room: CrashRoom): Promise<WorkerPage> {
    const page = new WorkerPage(room);
    page.#connection = await connectWorker(undefined, (event) => {
      page.#heard += 1;
      page.told.listener(event);
    });
    return page;
  }

  get #worker(): WorkerConnection {
    if (!this.#connection) throw new Error("not started");
    return this.#connection;
  }

  async open(): Promise<void> {
    const state = await this.#worker.call("open", this.#room.address);
    this.told.listener({ type: "state", state });
    const entries = await this.#worker.call("older", Number.MAX_SAFE_INTEGER, 100);
    this.told.listener({ type: "timeline", entries, gone: [] });
  }

  async join(): Promise<void> {
    if (!this.told.state) await this.open();
    if (this.told.state?.phase === "preview") await this.#worker.call("join", "Adam");
    await this.told.until("it is in", ({ state }) => state?.phase === "joined");
  }

  async say(text: string): Promise<void> {
    await this.#worker.call("send", { text, format: "plain", salt: await saltOf(text) });
  }

  /** Resolves when the worker has told so much from now on, or has nothing more to tell. */
  hears(messages: number): Promise<void> {
    const until = this.#heard + messages;
    return this.told.until(
      `${messages} messages came`,
      ({ state, timeline }) =>
        this.#heard >= until ||
        (state?.phase === "joined" &&
          state.connection === "online" &&
          timeline.every(({ status }) => status === "sent")),
    );
  }

  /** The worker is ended at once, whatever it is at. */
  end(): void {
    this.#connection?.terminate();
  }
}
