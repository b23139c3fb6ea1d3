import { readAddress, seatName } from "../../src/engine/address.js";
import { Engine } from "../../src/engine/engine.js";
import { EngineProblem } from "../../src/engine/engine-problem.js";
import { Superseded } from "../../src/storage/superseded.js";
import { pause } from "../../src/transport/backoff.js";
import { network } from "../../src/transport/network.js";
import type { EngineEvent, RoomState, TimelineEntry } from "../../src/worker/engine-api.js";
import type { Action, Part } from "./faults.js";
import { FaultyNetwork } from "./faulty-network.js";
import { SeatMirror } from "./seat-mirror.js";
import type { VirtualClock } from "./virtual-clock.js";

/** How long a person waits before trying again what failed, in milliseconds. */
const PATIENCE = 3_000;

interface Said {
  readonly text: string;
  /** Which of the person's seats it was said from. */
  readonly life: number;
}

export interface PersonOptions {
  readonly name: string;
  readonly address: { readonly provider: string; readonly room: string };
  readonly part: Part;
  readonly clock: VirtualClock;
  /** Called when something was told, or written. */
  readonly changed: () => void;
}

/** Somebody in a schedule: an engine on a browser of its own, its network, and what a person sees and does. */
export class Person {
  readonly name: string;
  readonly network: FaultyNetwork;
  readonly disk: SeatMirror;
  readonly said: Said[] = [];
  /** Texts that were shown as sent, and where they stood in the room's order. */
  readonly seen = new Map<string, number>();
  /** How often there was nothing for it but to join again. */
  rejoined = 0;
  readonly faults: string[] = [];
  readonly #options: PersonOptions;
  readonly #seat: { readonly provider: string; readonly room: string; readonly name: string };
  #engine: Engine | undefined;
  #resumed = 0;

  constructor(options: PersonOptions) {
    const { name, address, part, clock, changed } = options;
    this.#options = options;
    this.name = name;
    this.network = new FaultyNetwork(clock, part.requests, part.sockets);
    this.disk = new SeatMirror(changed);
    this.#seat = { ...readAddress(address), name: seatName(readAddress(address), `#${name}`) };
  }

  get engine(): Engine {
    if (!this.#engine) throw new Error(`${this.name} is not there`);
    return this.#engine;
  }

  get state(): RoomState {
    return this.engine.state;
  }

  get database(): string {
    return this.#seat.name;
  }

  async start(): Promise<void> {
    const { clock, changed } = this.#options;
    const ports = {
      fetch: this.network.fetch,
      openSocket: this.network.openSocket,
      clock,
      random: network.random,
      takeSeat: this.disk.takeSeat,
      onFault: ({ where, error }: { readonly where: string; readonly error: unknown }) => {
        this.faults.push(`${where}: ${String(error)}`);
      },
      onSuperseded: () => {},
    };
    this.#engine = await Engine.take(ports, this.#seat, (event) => {
      this.#heard(event);
      changed();
    });
  }

  stop(): void {
    this.#engine?.stop();
  }

  /** Makes the room, however often it takes. */
  async create(): Promise<void> {
    while (this.state.phase !== "joined") {
      const made = this.disk.unsettled.includes("createRoom")
        ? this.engine.reconnect()
        : this.engine.create({
            provider: this.#seat.provider,
            name: "A room",
            preset: "event",
            nickname: this.name,
            origins: [],
          });
      await this.#unless(made);
    }
  }

  /** Gets into the room, as a person does: by the way that is shown, and again when that failed. */
  async enter(): Promise<void> {
    for (;;) {
      const { phase, problem } = this.state;
      if (phase === "joined" && problem?.code !== "outOfSync") return;
      if (phase === "joined") await this.#joinAgain();
      else if (phase === "loading") await this.engine.open();
      else if (phase === "joining") await this.#later(100);
      else if (phase === "preview") await this.#unless(this.engine.join(this.name));
      else if (phase === "left" || problem) await this.#unless(this.engine.reconnect());
      else throw new Error(`${this.name} is told nothing: ${phase}`);
    }
  }

  async do(action: Action): Promise<void> {
    await this.enter();
    switch (action.kind) {
      case "say":
        for (let n = 0; n < action.count; n++) await this.say();
        return;
      case "leave":
        return await this.#unless(this.engine.leave());
      case "reload":
        this.stop();
        await this.start();
        return void (await this.engine.open());
      case "offline":
        this.network.cut();
        await this.#later(action.milliseconds);
        return this.network.restore();
      case "wait":
        return await this.#later(action.milliseconds);
    }
  }

  async say(): Promise<void> {
    const text = `${this.name} ${this.said.length}`;
    for (;;) {
      await this.enter();
      const life = this.disk.lives;
      const kept = await this.engine.send({ text, format: "plain" }).catch((error: unknown) => this.#complain(error));
      if (kept !== undefined) return void this.said.push({ text, life });
    }
  }

  /** Tries again what a problem is told of, from inside the room. */
  async again(): Promise<void> {
    if (this.state.problem?.code === "outOfSync") return await this.enter();
    await this.#unless(this.engine.reconnect());
  }

  /** The cursor from which on everything in the room is shown here. */
  since(timeline: readonly TimelineEntry[]): number {
    const joined = timeline.filter(({ content, sender }) => content.kind === "joined" && sender.own);
    return Math.max(this.#resumed, joined.at(-1)?.order ?? 0);
  }

  /** What is on screen, from the beginning. */
  timeline(): Promise<TimelineEntry[]> {
    return this.engine.older(Number.MAX_SAFE_INTEGER, 500);
  }

  /** What was said between the old seat and the new one is not shown here. */
  async #joinAgain(): Promise<void> {
    this.rejoined += 1;
    await this.#unless(this.engine.reconnect());
    this.#resumed = this.disk.cursor;
  }

  #heard(event: EngineEvent): void {
    if (event.type === "state") return;
    for (const { content, status, order } of event.entries) {
      if (content.kind !== "text" || status !== "sent") continue;
      const before = this.seen.get(content.text);
      if (before !== undefined && before !== order) throw new Error(`${content.text} stands in two places`);
      this.seen.set(content.text, order);
    }
  }

  /** Waits for what a person asked for; when it fails, and says why, some time passes. */
  async #unless(asked: Promise<unknown>): Promise<void> {
    const failed = await asked.then(
      () => false,
      (error: unknown) => {
        this.#complain(error);
        return true;
      },
    );
    if (failed) await this.#later(PATIENCE);
  }

  #complain(error: unknown): undefined {
    const told = error instanceof Superseded || (error instanceof EngineProblem && error.problem.code !== "internal");
    // What the engine passes on as it is, its door makes a problem of.
    const named = told || (error instanceof Error && ["ProviderRefusal", "Unreachable"].includes(error.name));
    if (!named) throw error;
    return undefined;
  }

  #later(milliseconds: number): Promise<void> {
    return pause(this.#options.clock, milliseconds);
  }
}
