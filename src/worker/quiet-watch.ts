import type { Clock } from "../transport/ports.js";

/** A tab that follows and hears nothing for so long asks whether its leader lives, in milliseconds. */
const QUIET = 25_000;

/** Calls `quiet` when nothing was heard for a while, and again for as long as nothing is, until it is stopped. */
export class QuietWatch {
  readonly #clock: Clock;
  readonly #quiet: () => void;
  #cancel: () => void = () => {};

  constructor(clock: Clock, quiet: () => void) {
    this.#clock = clock;
    this.#quiet = quiet;
  }

  /** Something was heard; the first call begins the watch. */
  heard(): void {
    this.stop();
    this.#cancel = this.#clock.after(QUIET, () => {
      this.heard();
      this.#quiet();
    });
  }

  stop(): void {
    this.#cancel();
  }
}
