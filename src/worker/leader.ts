import { problemOf } from "../engine/engine-problem.js";
import { Superseded } from "../storage/superseded.js";
import type { Clock } from "../transport/ports.js";
import type { Outcome } from "./engine-api.js";
import { type CallName, type CallResult, type EngineCalls, runCall } from "./engine-calls.js";
import type { TabCall, TabMessage } from "./tab-message.js";

/** How often the leader says that it is at work on calls, in milliseconds. */
const BEAT = 2_000;

/** Carries out the calls of other tabs, and says that it lives while it does. */
export class Leader {
  readonly #engine: () => Promise<EngineCalls>;
  readonly #post: (message: TabMessage) => void;
  readonly #clock: Clock;
  readonly #serving = new Set<string>();
  #stopBeat: (() => void) | undefined;

  constructor(options: {
    readonly engine: () => Promise<EngineCalls>;
    readonly post: (message: TabMessage) => void;
    readonly clock: Clock;
  }) {
    this.#engine = options.engine;
    this.#post = options.post;
    this.#clock = options.clock;
  }

  /** Carries a call out and answers it; one that is repeated meanwhile is carried out once. */
  async serve(call: TabCall): Promise<void> {
    if (this.#serving.has(call.id)) return;
    this.#serving.add(call.id);
    this.#beat();
    try {
      const outcome = await this.#outcome(call);
      // Superseded while at it: the next leader is asked again.
      if (outcome) this.#post({ kind: "answer", id: call.id, outcome });
    } finally {
      this.#serving.delete(call.id);
    }
  }

  async #outcome({ name, parameters }: TabCall): Promise<Outcome<CallResult<CallName>> | undefined> {
    try {
      return { ok: true, value: await runCall(await this.#engine(), name, parameters) };
    } catch (error) {
      return error instanceof Superseded ? undefined : { ok: false, problem: problemOf(error) };
    }
  }

  #beat(): void {
    if (this.#serving.size === 0) {
      this.#stopBeat = undefined;
      return;
    }
    this.#post({ kind: "alive" });
    this.#stopBeat?.();
    this.#stopBeat = this.#clock.after(BEAT, () => this.#beat());
  }

  stop(): void {
    this.#stopBeat?.();
    this.#serving.clear();
  }
}
