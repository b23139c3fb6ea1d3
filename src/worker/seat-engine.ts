import { Engine, type EngineSeat } from "../engine/engine.js";
import { problem } from "../engine/engine-problem.js";
import { type SeatEnd, Superseded } from "../storage/superseded.js";
import type { EngineEvent } from "./engine-api.js";
import type { WorkerPorts } from "./ports.js";

/**
 * A call waits so long for the seat's database, in milliseconds. A tab that sleeps may sit on it, and does not hear that
 * somebody wants it.
 */
const PATIENCE = 10_000;

/** How often a database that was taken away is opened at most, until it opens, and how long to wait between, in milliseconds. */
const MOST_REOPENINGS = 5;
const BETWEEN_REOPENINGS = 500;

interface SeatEngineOptions {
  readonly ports: WorkerPorts["engine"];
  readonly seat: EngineSeat;
  readonly leading: () => boolean;
  /** Under which name the page shows a seat in the room: an engine that finds nothing on disk then has lost it. */
  readonly joinedAs: () => string | undefined;
  readonly tell: (event: EngineEvent) => void;
  /** Somebody else ended this engine's hold of the seat. */
  readonly ended: (why: SeatEnd) => void;
}

/** The engine of a tab that leads: taken when it is asked for, stopped when the lead is lost. */
export class SeatEngine {
  readonly #options: SeatEngineOptions;
  #taking: Promise<Engine> | undefined;

  constructor(options: SeatEngineOptions) {
    this.#options = options;
  }

  /** The engine, if there is one. */
  get present(): Promise<Engine> | undefined {
    return this.#taking;
  }

  /** The engine, taken if there is none. Throws EngineProblem; Superseded when this tab does not lead. */
  take(): Promise<Engine> {
    if (!this.#options.leading()) return Promise.reject(new Superseded());
    this.#taking ??= this.#begin();
    return this.#taking;
  }

  /** {@link take} after the database was taken away: a browser that is still at deleting closes what is opened meanwhile. */
  async takeAgain(): Promise<void> {
    for (let tries = 0; tries < MOST_REOPENINGS; tries++) {
      try {
        await this.take();
        return;
      } catch {
        await new Promise<void>((resolve) => this.#options.ports.clock.after(BETWEEN_REOPENINGS, resolve));
      }
    }
  }

  /** {@link take} for somebody who waits: throws EngineProblem `superseded` when it takes too long. It goes on meanwhile. */
  soon(): Promise<Engine> {
    return new Promise((resolve, reject) => {
      const cancel = this.#options.ports.clock.after(PATIENCE, () =>
        reject(problem("superseded", "Another tab holds the seat's database.")),
      );
      this.take().finally(cancel).then(resolve, reject);
    });
  }

  stop(): void {
    const taking = this.#taking;
    this.#taking = undefined;
    taking?.then((engine) => engine.stop()).catch(() => {});
  }

  #begin(): Promise<Engine> {
    const { ports, seat, joinedAs, tell } = this.#options;
    const forget = (): boolean => {
      const present = this.#taking === taking;
      if (present) this.#taking = undefined;
      return present;
    };
    const onSuperseded = ({ why }: Superseded) => {
      if (forget()) this.#options.ended(why);
    };
    const taking = Engine.take({ ...ports, onSuperseded }, seat, tell).then((engine) => {
      const nickname = joinedAs();
      if (engine.fresh && nickname !== undefined) engine.emptied(nickname);
      return engine;
    });
    taking.catch((error) => {
      if (error instanceof Superseded) onSuperseded(error);
      // Storage that failed once may be there the next time.
      else forget();
    });
    return taking;
  }
}
