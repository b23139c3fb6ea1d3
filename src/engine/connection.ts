import { peekMessage } from "../mls/peek.js";
import { EventStream } from "../transport/event-stream.js";
import { ProviderRefusal } from "../transport/provider-refusal.js";
import type { EngineContext } from "./context.js";
import { problemOf } from "./engine-problem.js";
import { type Memory, standsStill } from "./memory.js";
import { receive } from "./receive/receive.js";
import { hashAt } from "./seen-events.js";

/** The engine's event stream: runs while there is a seat and the page is not frozen. */
export class Connection {
  readonly #context: EngineContext;
  readonly #stream: EventStream;
  #running = false;
  #paused = false;
  #suspended = false;
  /** The provider refused to deliver: it is asked again when somebody wants it, and not before. */
  #refused = false;

  constructor(context: EngineContext) {
    this.#context = context;
    const { ports, access, provider, room, providerUrl } = context;
    this.#stream = new EventStream({
      provider: providerUrl,
      room,
      openSocket: ports.openSocket,
      clock: ports.clock,
      random: ports.random,
      token: (renew) => access.token(renew),
      after: () => context.memory.log.cursor,
      hash: () => context.memory.log.hash,
      page: (after, limit) => {
        const { cursor, hash } = context.memory.log;
        return access.with((token) => provider.events(token, room, after, limit, after === cursor ? hash : ""));
      },
      take: (events) => receive(context, events),
      follows: ({ cursor, hash }) => {
        const { memory, situation } = context;
        const known = hashAt(memory.seen, cursor) ?? hash;
        return !standsStill(memory) && situation.problem?.code !== "outOfSync" && known === hash;
      },
      status: (connection) => {
        // What waited for the network has it again.
        if (connection === "online" && context.situation.connection !== "online") {
          context.hurryUp();
          context.onOnline();
        }
        context.setSituation({ connection });
      },
      refused: (code) => {
        this.#refused = true;
        // A removed client is told so by the log: this one's place or seat is in none that the hub has.
        if (code === "logDiverged" || code === "notSeated" || code === "noSuchRoom") return context.onDiverged();
        const told = problemOf(new ProviderRefusal({ status: 403, code, message: "The events are refused." }));
        context.setSituation({ problem: told });
      },
      fault: (error) => {
        if (!context.stopped.aborted) context.fault({ where: "events", error });
      },
    });
    context.stopped.addEventListener("abort", () => this.#stream.stop(), { once: true });
  }

  /** Starts or stops the stream with the seat. */
  follow({ seat, log }: Memory): void {
    // It was that seat's log.
    if (seat === undefined) this.#suspended = false;
    const held = this.#paused || this.#suspended || standsStill({ log }) || this.#context.stopped.aborted;
    const wanted = seat !== undefined && !held;
    if (wanted === this.#running) return;
    this.#running = wanted;
    this.#refused = false;
    if (wanted) this.#stream.start();
    else this.#stream.stop();
  }

  /** The page may be frozen: a socket left open would keep it from the back/forward cache, or die unseen. */
  pause(): void {
    this.#paused = true;
    this.follow(this.#context.memory);
  }

  resume(): void {
    this.#paused = false;
    this.nudge();
  }

  /** Closes the stream until {@link restart}: the hub's log is another than the one that was read. */
  suspend(): void {
    this.#suspended = true;
    this.follow(this.#context.memory);
  }

  /** Begins anew: a new seat has another cursor. */
  restart(): void {
    this.#stream.stop();
    this.#running = false;
    this.#suspended = false;
    this.follow(this.#context.memory);
  }

  /**
   * The hub is at `epoch`. What leads there is on its way; when the log has nothing more to give, and the hub has not gone back
   * meanwhile, this client lost what led there, and only joining again helps.
   */
  catchUp(epoch: bigint | undefined): void {
    this.#stream.nudge();
    const context = this.#context;
    const isBehind = (of: bigint | undefined) =>
      of !== undefined && context.memory.seat !== undefined && context.memory.seat.view.epoch < of;
    const hasMore = async () => {
      const { provider, room, memory } = context;
      const { events } = await context.access.with((token) => provider.events(token, room, memory.log.cursor, 1));
      return events.length > 0;
    };
    const epochNow = async () => {
      const { provider, room } = context;
      try {
        return peekMessage((await context.access.with((token) => provider.groupInfo(token, room))).groupInfo).epoch;
      } catch (error) {
        if (error instanceof ProviderRefusal && error.definite) return epoch;
        throw error;
      }
    };
    if (!isBehind(epoch)) return;
    context.background("catchUp", async () => {
      if ((await hasMore()) || !isBehind(await epochNow()) || (await hasMore()) || !isBehind(epoch)) return;
      context.setSituation({ problem: { code: "outOfSync", retry: true } });
    });
  }

  /** Looks whether the connection that there seems to be is one. */
  check(): void {
    this.#stream.check();
  }

  /** Somebody wants to know now: tries again at once, also after a refusal. */
  nudge(): void {
    if (this.#refused && !this.#suspended) this.restart();
    else this.follow(this.#context.memory);
    this.#stream.nudge();
  }
}
