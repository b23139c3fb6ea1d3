import { toBase64Url } from "../codec/bytes.js";
import { EngineProblem } from "../engine/engine-problem.js";
import type { Clock, Random } from "../transport/ports.js";
import type { Outcome } from "./engine-api.js";
import type { CallName, CallParameters, CallResult } from "./engine-calls.js";
import type { TabCall, TabMessage } from "./tab-message.js";

/** A leader that says nothing for so long while a call waits is frozen, in milliseconds: three of its signs of life. */
const PATIENCE = 6_000;

interface Waiting {
  readonly message: TabCall;
  answer(outcome: Outcome<CallResult<CallName>>): void;
  refuse(why: EngineProblem): void;
  /** Carries the call out here: this tab leads now. */
  take(): void;
}

/** The calls of this tab that the leading one has not answered. */
export class Follower {
  readonly #post: (message: TabMessage) => void;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #frozen: () => void;
  readonly #waiting = new Map<string, Waiting>();
  #stopWatch = () => {};

  /** `frozen` is called when the leader does not even give a sign of life. */
  constructor(options: {
    readonly post: (message: TabMessage) => void;
    readonly clock: Clock;
    readonly random: Random;
    readonly frozen: () => void;
  }) {
    this.#post = options.post;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#frozen = options.frozen;
  }

  /** Has a call carried out by the leader; by `here` if this tab becomes it meanwhile. */
  call<Name extends CallName>(
    name: Name,
    parameters: CallParameters<Name>,
    here: () => Promise<CallResult<Name>>,
  ): Promise<CallResult<Name>> {
    return new Promise((resolve, reject) => {
      const message = { kind: "call", id: toBase64Url(this.#random(16)), name, parameters } as TabCall;
      this.#waiting.set(message.id, {
        message,
        answer: (outcome) =>
          outcome.ok ? resolve(outcome.value as CallResult<Name>) : reject(new EngineProblem(outcome.problem)),
        refuse: reject,
        take: () => resolve(here()),
      });
      this.#post(message);
      if (this.#waiting.size === 1) this.#watch();
    });
  }

  /** Something of the leader was heard. */
  heard(message: TabMessage): void {
    if (message.kind === "answer") {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      waiting?.answer(message.outcome);
    }
    if (message.kind === "lead") for (const waiting of this.#waiting.values()) this.#post(waiting.message);
    this.#watch();
  }

  /** This tab leads now: what waits is carried out here. */
  takeAll(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#watch();
    for (const call of waiting) call.take();
  }

  /** Nobody will ever carry out what waits. */
  refuseAll(why: EngineProblem): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#watch();
    for (const call of waiting) call.refuse(why);
  }

  #watch(): void {
    this.#stopWatch();
    this.#stopWatch = this.#waiting.size > 0 ? this.#clock.after(PATIENCE, () => this.#frozen()) : () => {};
  }
}
