import { CodecError } from "./codec-error.js";
import { joinPath } from "./reader.js";

const MAX_LENGTH = 2 ** 30 - 1;

/**
 * Writes TLS presentation language (RFC 8446, 3; vectors as RFC 9420, 2.1.2). A value that its field cannot hold is a
 * CodecError that names the field.
 */
export class Writer {
  readonly #path: string[];
  #buffer = new Uint8Array(256);
  #length = 0;

  constructor(path: readonly string[] = []) {
    this.#path = [...path];
  }

  /** Adds octets as they are. */
  bytes(bytes: Uint8Array): void {
    const end = this.#length + bytes.length;
    if (end > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#buffer.length));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer.fill(0);
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = end;
  }

  /** Adds `value` as `octets` big-endian octets; at most six. */
  uint(value: number, octets: number): void {
    if (!Number.isInteger(value) || value < 0 || value >= 256 ** octets) {
      throw this.error(`${value} does not fit ${octets} octets`);
    }
    const bytes = new Uint8Array(octets);
    let rest = value;
    for (let index = octets - 1; index >= 0; index--) {
      bytes[index] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.bytes(bytes);
  }

  /** Adds `value` as eight big-endian octets. */
  uint64(value: bigint): void {
    if (value < 0n || value >= 1n << 64n) throw this.error(`${value} does not fit 8 octets`);
    this.uint(Number(value >> 32n), 4);
    this.uint(Number(value & 0xffffffffn), 4);
  }

  /** Adds a `<V>` vector: the minimal length, then the octets. */
  vector(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length > MAX_LENGTH) throw this.error(`${length} octets are more than a vector holds`);
    if (length < 0x40) this.uint(length, 1);
    else if (length < 0x4000) this.uint(0x4000 + length, 2);
    else this.uint(0x80000000 + length, 4);
    this.bytes(bytes);
  }

  /** A writer for a part whose length must stand before it; its errors name the same field. */
  part(): Writer {
    return new Writer(this.#path);
  }

  /** Writes with `field` added to the path that errors name. */
  within(field: string, write: () => void): void {
    this.#path.push(field);
    write();
    this.#path.pop();
  }

  /** An error at the field being written; the caller throws it. */
  error(reason: string): CodecError {
    return new CodecError(joinPath(this.#path), reason);
  }

  /** What was written, in memory of its own; no copy of it stays here, since it may be secret. */
  finish(): Uint8Array<ArrayBuffer> {
    const octets = this.#buffer.slice(0, this.#length);
    this.#buffer.fill(0);
    this.#length = 0;
    return octets;
  }
}
