/** Runs steps one after the other, each when the one before has ended, whatever came of that. */
export class StepQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#last.then(step, step);
    this.#last = result;
    return result;
  }
}
