import { network as real } from "../../src/transport/network.js";
import type { Fetch } from "../../src/transport/ports.js";

/** A network on which requests to a path that ends so wait until they are let through. */
export class HoldingFetch {
  readonly #path: string;
  readonly #released: Promise<void>;
  #came: () => void = () => {};
  /** Lets those through that wait, and those that come later. */
  release: () => void = () => {};
  /** Resolves when the first one waits. */
  readonly asked: Promise<void>;

  constructor(path: string) {
    this.#path = path;
    this.#released = new Promise((resolve) => {
      this.release = resolve;
    });
    this.asked = new Promise((resolve) => {
      this.#came = resolve;
    });
  }

  readonly fetch: Fetch = async (url, init) => {
    if (!new URL(url).pathname.endsWith(this.#path)) return real.fetch(url, init);
    this.#came();
    await this.#released;
    return real.fetch(url, init);
  };
}
