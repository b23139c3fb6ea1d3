import { toHex } from "../../../src/codec/bytes.js";

/** What a file of the MLS working group's vectors is checked with, in Node and in browsers alike. */
export interface VectorCheck {
  readonly title: string;
  /** The name of the file in the folder of vectors. */
  readonly file: string;
  /** Throws where this code and one vector of the file differ. */
  check(vector: unknown): Promise<void>;
}

/** The suite of rooms: vectors of others are not looked at. */
const CIPHER_SUITE = 1;

/** A check of a file whose vectors have that shape. */
export function vectorCheck<V>(title: string, file: string, check: (vector: V) => Promise<void>): VectorCheck {
  return { title, file, check: (vector) => check(vector as V) };
}

/** Runs a check on each vector of a file that is of the suite of rooms; resolves with how many there were. */
export async function runCheck({ check, file }: VectorCheck, vectors: readonly unknown[]): Promise<number> {
  const own = vectors.filter((vector) => (vector as { cipher_suite: number }).cipher_suite === CIPHER_SUITE);
  if (own.length === 0) throw new Error(`${file}: no vector of suite ${CIPHER_SUITE}`);
  for (const vector of own) await check(vector);
  return own.length;
}

/** Throws unless both are the same octets (given as hex or as octets), text, number, or list of such. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [one, other] = [actual, expected].map((value) => JSON.stringify(value, octetsAsHex));
  if (one !== other) throw new Error(`${what}: ${one} instead of ${other}`);
}

/** Throws unless the work is refused with an MlsError of that code. */
export async function refused(work: Promise<unknown>, code: string, what: string): Promise<void> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  same((error as { code?: unknown } | undefined)?.code, code, what);
}

function octetsAsHex(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? toHex(value) : value;
}
