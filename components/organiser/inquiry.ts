import type { Outcome } from "../../src/client/contract.js";

/**
 * A question that is asked again and again. One is on its way at a time; what is asked meanwhile is asked once more after it, and
 * only the last answer is told.
 */
export class Inquiry<Answer> {
  readonly #question: () => Promise<Outcome<Answer>>;
  readonly #tell: (answer: Outcome<Answer>) => void;
  #subject: string | undefined;
  #asking = false;
  #again = false;

  constructor(question: () => Promise<Outcome<Answer>>, tell: (answer: Outcome<Answer>) => void) {
    this.#question = question;
    this.#tell = tell;
  }

  /** Asks if the answer depends on something else than the last time. */
  about(...subject: readonly unknown[]): void {
    const key = JSON.stringify(subject);
    if (key === this.#subject) return;
    this.#subject = key;
    this.ask();
  }

  /** Asks anew. */
  async ask(): Promise<void> {
    this.#again = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#again) {
      this.#again = false;
      const answer = await this.#question();
      if (!this.#again) this.#tell(answer);
    }
    this.#asking = false;
  }
}
