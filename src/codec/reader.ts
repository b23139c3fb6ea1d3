import { CodecError } from "./codec-error.js";

/**
 * Reads TLS presentation language (RFC 8446, 3; vectors as RFC 9420, 2.1.2) from the front of `bytes`. Every read
 * checks bounds before it allocates, and fails with a CodecError that names the field being read.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #path: Step[];
  #offset = 0;

  constructor(bytes: Uint8Array, path: readonly Step[] = []) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#path = [...path];
  }

  /** Octets not yet read. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** The next `length` octets, copied: what is kept of a message does not keep the message. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#take(length));
  }

  /** Everything not yet read. */
  rest(): Uint8Array<ArrayBuffer> {
    return this.bytes(this.remaining);
  }

  /** The next `octets` octets as a big-endian number; at most six. */
  uint(octets: number): number {
    // octet by octet where they stand: a view of each length in a long list would cost more than what it heads
    const end = this.#advance(octets);
    let value = 0;
    for (let at = end - octets; at < end; at++) value = value * 256 + this.#view.getUint8(at);
    return value;
  }

  /** The next eight octets as a big-endian number. */
  uint64(): bigint {
    return (BigInt(this.uint(4)) << 32n) | BigInt(this.uint(4));
  }

  /** The length that heads a `<V>` vector, in octets. */
  length(): number {
    const first = this.uint(1);
    const prefix = first >> 6;
    // RFC 9420, 2.1.2: the prefix 3 is invalid, and a length takes the fewest octets that hold it
    if (prefix === 3) throw this.error("a vector length with the reserved prefix 3");
    const length = (first & 0x3f) * 256 ** ((1 << prefix) - 1) + this.uint((1 << prefix) - 1);
    if (prefix > 0 && length < (prefix === 1 ? 0x40 : 0x4000)) throw this.error("a vector length that is not minimal");
    if (length > this.remaining) throw this.error(`${length} octets announced, ${this.remaining} there`);
    return length;
  }

  /** The octets of a `<V>` vector, as a reader of their own. */
  vector(): Reader {
    return new Reader(this.#take(this.length()), this.#path);
  }

  /** The octets of a `<V>` vector as they stand in the message: for those who make something else of them at once. */
  view(): Uint8Array {
    return this.#take(this.length());
  }

  /** Reads with `field` added to the path that errors name. */
  within<T>(field: string, read: () => T): T {
    return this.at(field, { read });
  }

  /** What `codec` reads, with the field or the index `step` added to the path that errors name. */
  at<T>(step: Step, codec: { read(reader: Reader): T }): T {
    this.#path.push(step);
    const value = codec.read(this);
    this.#path.pop();
    return value;
  }

  /** Throws unless everything was read. */
  end(): void {
    if (this.remaining > 0) throw this.error(`${this.remaining} trailing octets`);
  }

  /** An error at the field being read; the caller throws it. */
  error(reason: string): CodecError {
    return new CodecError(joinPath(this.#path), reason);
  }

  #take(length: number): Uint8Array {
    const end = this.#advance(length);
    return this.#bytes.subarray(end - length, end);
  }

  /** Where the next `length` octets end, which are read then. */
  #advance(length: number): number {
    if (length > this.remaining) throw this.error(`${length} octets wanted, ${this.remaining} there`);
    this.#offset += length;
    return this.#offset;
  }
}

/** A field, or the index of an item: as it is, since a text for each of thousands of items would cost more than they do. */
type Step = string | number;

/** `a`, `0`, `b` as `a[0].b`. */
export function joinPath(path: readonly Step[]): string {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : step));
  return steps.join(".").replaceAll(".[", "[");
}
