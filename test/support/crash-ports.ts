import type { SeatDatabase } from "../../src/storage/seat-database.js";
import { network as real } from "../../src/transport/network.js";
import type { Clock, Fetch, OpenSocket, Socket } from "../../src/transport/ports.js";
import { platform } from "../../src/worker/platform.js";
import type { OpenChannel, RequestLock, WorkerPorts } from "../../src/worker/ports.js";

/** `during`: the call was made and nobody waits for it any more; it has its effect or not. */
export type When = "before" | "during" | "after";

/** Where a world stops: at the `nth` call of a port's method, counted from the start of a life. */
export interface KillPoint {
  readonly call: string;
  readonly nth: number;
  readonly when: When;
}

/** "storage.commitStep 7, after" */
export function nameOfPoint({ call, nth, when }: KillPoint): string {
  return `${call} ${nth}, ${when}`;
}

/** What only asks for the time or for chance, and changes nothing in the world. */
const SENSES = /^(random|clock[.](now|after|cancel))$/u;
/** The ports whose calls have an answer that is waited for. */
const ASKING = /^(storage|http)[.]/u;

/**
 * The points at which a world can stop at calls of this name. Between two calls nothing happens in the world: to stop after
 * one without an answer is to stop before the next, whatever that is, and to stop at one that changes nothing as well.
 * Such worlds are visited once.
 */
export function whensOf(call: string): readonly When[] {
  if (SENSES.test(call)) return [];
  if (call === "storage.commitStep") return ["before", "during", "after"];
  // It resolves when the lock is given back, which is at the end of a life.
  if (call === "lock.request") return ["before", "during"];
  return ASKING.test(call) ? ["before", "after"] : ["before"];
}

/** Waits that are shorter are for another to get ready, and pass faster here; longer ones are patience, in milliseconds. */
const PATIENCE = 5_000;
const FASTER = 50;

/** The platform's clock, on which nobody waits long between two tries. */
export const hastyClock: Clock = {
  now: real.clock.now,
  after: (milliseconds, then) => real.clock.after(milliseconds < PATIENCE ? milliseconds / FASTER : milliseconds, then),
};

/** What a world is made of below the ports that are counted. */
export interface MortalOptions {
  readonly fetch: Fetch;
  readonly openSocket: OpenSocket;
  readonly takeSeat: (name: string) => Promise<SeatDatabase>;
  readonly onFault: WorkerPorts["engine"]["onFault"];
}

/**
 * All ports of a worker, through which its world stops for good at a {@link KillPoint}: no call returns from then on, none
 * has an effect, no timer, frame, lock or message arrives. What the worker held is let go of from outside, as when a
 * browser ends it: its lock, its socket, its requests, its database connection.
 */
export class Mortal {
  readonly ports: WorkerPorts;
  readonly died: Promise<void>;
  /** How often each method was called in this life. */
  readonly counts = new Map<string, number>();
  readonly #point: KillPoint | undefined;
  readonly #death = new AbortController();

  constructor(options: MortalOptions, point?: KillPoint) {
    this.#point = point;
    const { signal } = this.#death;
    this.died = new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    this.ports = {
      engine: {
        takeSeat: (name) => this.#takeSeat(options, name),
        fetch: (url, init) => this.#fetch(options, url, init),
        openSocket: (url, events) => this.#openSocket(options, url, events),
        clock: {
          now: () => this.act("clock.now", hastyClock.now, 0),
          after: (milliseconds, then) => this.#after(milliseconds, then),
        },
        random: (length) => this.act("random", () => real.random(length), new Uint8Array(length)),
        onFault: (fault) => !this.dead && options.onFault(fault),
      },
      requestLock: (...request) => this.#requestLock(...request),
      openChannel: (...channel) => this.#openChannel(...channel),
      release: platform.release,
    };
  }

  get dead(): boolean {
    return this.#death.signal.aborted;
  }

  /** The world stops here and now. */
  die(): void {
    this.#death.abort();
  }

  /** A call without an answer to wait for, outward or inward; `otherwise` is what the dead are told. */
  act<T>(call: string, work: () => T, otherwise: T): T {
    const when = this.#reached(call);
    if (when === "before") this.die();
    if (this.dead) return otherwise;
    const result = work();
    if (when !== undefined) this.die();
    return result;
  }

  /** A call that is waited for. */
  ask<T>(call: string, work: () => Promise<T>): Promise<T> {
    const when = this.#reached(call);
    if (when === "before") this.die();
    return new Promise((resolve, reject) => {
      if (this.dead) return;
      const back = (then: () => void) => {
        if (when === "after") this.die();
        if (!this.dead) then();
      };
      work().then(
        (value) => back(() => resolve(value)),
        (error) => back(() => reject(error)),
      );
      if (when === "during") this.die();
    });
  }

  /** Counts a call. What is to happen at it, if this is the point. */
  #reached(call: string): When | undefined {
    if (this.dead) return undefined;
    const nth = (this.counts.get(call) ?? 0) + 1;
    this.counts.set(call, nth);
    return this.#point?.call === call && this.#point.nth === nth ? this.#point.when : undefined;
  }

  #atDeath(end: () => void): void {
    if (this.dead) end();
    else this.#death.signal.addEventListener("abort", end, { once: true });
  }

  #takeSeat({ takeSeat }: MortalOptions, name: string): Promise<SeatDatabase> {
    return this.ask("storage.takeSeat", async () => {
      const database = await takeSeat(name);
      this.#atDeath(() => database.close());
      return new Proxy(database, {
        get: (target, method) => {
          const call: unknown = Reflect.get(target, method);
          if (typeof call !== "function" || typeof method !== "string") return call;
          return (...parameters: unknown[]) =>
            this.ask(`storage.${method}`, async () => Reflect.apply(call, target, parameters));
        },
      });
    });
  }

  #fetch({ fetch }: MortalOptions, url: string, init: RequestInit): Promise<Response> {
    return this.ask(nameOfRequest(url, init), async () => {
      const signal = AbortSignal.any([...(init.signal ? [init.signal] : []), this.#death.signal]);
      const response = await fetch(url, { ...init, signal });
      // The whole exchange is one call: the body has come too.
      const body = await response.arrayBuffer();
      return new Response(body.byteLength > 0 ? body : null, response);
    });
  }

  #openSocket({ openSocket }: MortalOptions, url: string, events: Parameters<OpenSocket>[1]): Socket {
    const none: Socket = { send: () => {}, close: () => {} };
    return this.act(
      "socket.open",
      () => {
        const socket = openSocket(url, {
          opened: () => this.act("socket.opened", () => events.opened(), undefined),
          text: (frame) => this.act("socket.text", () => events.text(frame), undefined),
          binary: (frame) => this.act("socket.binary", () => events.binary(frame), undefined),
          closed: (code) => this.act("socket.closed", () => events.closed(code), undefined),
        });
        this.#atDeath(() => socket.close());
        return {
          send: (frame) => this.act("socket.send", () => socket.send(frame), undefined),
          close: () => this.act("socket.close", () => socket.close(), undefined),
        };
      },
      none,
    );
  }

  #after(milliseconds: number, then: () => void): () => void {
    return this.act(
      "clock.after",
      () => {
        const cancel = hastyClock.after(milliseconds, () => this.act("clock.fire", then, undefined));
        this.#atDeath(cancel);
        return () => this.act("clock.cancel", cancel, undefined);
      },
      () => {},
    );
  }

  #requestLock(...[name, options, held]: Parameters<RequestLock>): Promise<boolean> {
    return this.ask("lock.request", () => {
      const dying = this.#death.signal;
      const signal = options.signal ? AbortSignal.any([options.signal, dying]) : dying;
      // "A lock that is stolen or asked for at once cannot be waited for" (Web Locks, request): no signal with these.
      const waiting = options.steal || options.ifAvailable ? options : { signal };
      return platform.requestLock(name, waiting, async () => {
        await Promise.race([this.act("lock.grant", held, undefined), this.died]);
      });
    });
  }

  #openChannel(...[name, heard]: Parameters<OpenChannel>): ReturnType<OpenChannel> {
    const channel = platform.openChannel(name, (message) => this.act("channel.heard", () => heard(message), undefined));
    this.#atDeath(() => channel.close());
    return {
      post: (message) => this.act("channel.post", () => channel.post(message), undefined),
      close: () => this.act("channel.close", () => channel.close(), undefined),
    };
  }
}

/** "http.POST update": a request without the names in its path. */
function nameOfRequest(url: string, { method }: RequestInit): string {
  const [, , kind, room, ...rest] = new URL(url).pathname.split("/");
  return `http.${method} ${kind === "rooms" && room ? (rest[0] ?? "room") : kind}`;
}
