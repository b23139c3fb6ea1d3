import { problem, problemOf } from "../engine/engine-problem.js";
import { Superseded } from "../storage/superseded.js";
import type { Clock } from "../transport/ports.js";
import type { Outcome } from "./engine-api.js";
import type { CallName, CallParameters, CallResult } from "./engine-calls.js";
import type { TabCall, TabMessage } from "./tab-message.js";

/** How often the leader says that it is at work on calls, in milliseconds. */
const BEAT = 2_000;

/** Calls of other tabs that are carried out at one time at most. */
const MOST_SERVED = 2_000;

type RunCall = <Name extends CallName>(name: Name, parameters: CallParameters<Name>) => Promise<CallResult<Name>>;

/** Carries out the calls of other tabs, and says that it lives while it does. */
export class Leader {
  readonly #run: RunCall;
  readonly #post: (message: TabMessage) => void;
  readonly #clock: Clock;
  readonly #serving = new Set<string>();
  #stopBeat: (() => void) | undefined;

  /** `run` carries a call out here, and throws Superseded when this tab does not lead any more. */
  constructor(options: {
    readonly run: RunCall;
    readonly post: (message: TabMessage) => void;
    readonly clock: Clock;
  }) {
    this.#run = options.run;
    this.#post = options.post;
    this.#clock = options.clock;
  }

  /** Carries a call out and answers it; one that is repeated meanwhile is carried out once. */
  async serve(call: TabCall): Promise<void> {
    if (this.#serving.has(call.id)) return;
    if (this.#serving.size >= MOST_SERVED) {
      const { problem: told } = problem("rateLimited", "Too many calls wait.");
      return this.#post({ kind: "answer", id: call.id, outcome: { ok: false, problem: told } });
    }
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
      return { ok: true, value: await this.#run(name, parameters) };
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
