import { CodecError } from "../codec/codec-error.js";
import type { Cbor, CborMap } from "./cbor.js";

/** Takes the items of a CBOR array in order, each under the name and type that the CDDL gives it. */
export class CborReader {
  readonly #items: readonly Cbor[];
  readonly #path: string;
  #next = 0;

  constructor(value: Cbor, path: string) {
    if (!Array.isArray(value)) throw new CodecError(path, "not an array");
    this.#items = value;
    this.#path = path;
  }

  /** The next item, whatever it is. */
  any(name: string): Cbor {
    const value = this.#items[this.#next];
    if (value === undefined) throw this.error(name, "missing");
    this.#next += 1;
    return value;
  }

  bool(name: string): boolean {
    const value = this.any(name);
    if (typeof value !== "boolean") throw this.error(name, "not a bool");
    return value;
  }

  /** An unsigned integer of at most `max`. */
  uint(name: string, max: number): number {
    const value = this.any(name);
    if (typeof value !== "number" || value < 0 || value > max)
      throw this.error(name, `not an integer from 0 to ${max}`);
    return value;
  }

  text(name: string): string {
    const value = this.any(name);
    if (typeof value !== "string") throw this.error(name, "not text");
    return value;
  }

  bytes(name: string): Uint8Array {
    const value = this.any(name);
    if (!(value instanceof Uint8Array)) throw this.error(name, "not a byte string");
    return value;
  }

  map(name: string): CborMap {
    const value = this.any(name);
    if (!(value instanceof Map)) throw this.error(name, "not a map");
    return value;
  }

  /** Throws when items remain. */
  end(): void {
    if (this.#next < this.#items.length) throw this.error("", `${this.#items.length - this.#next} items too many`);
  }

  /** The path of the field `name`. */
  at(name: string): string {
    return [this.#path, name].filter((part) => part !== "").join(".");
  }

  /** An error at the field `name`; the caller throws it. */
  error(name: string, reason: string): CodecError {
    return new CodecError(this.at(name), reason);
  }
}
