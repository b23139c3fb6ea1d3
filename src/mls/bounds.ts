import { encode } from "../codec/tls.js";
import { ensure } from "./mls-error.js";
import { type Extension, extensions as extensionList } from "./wire/extension.js";

/**
 * How much of anything a group may have, so that one member cannot make it slow or large for all. Everybody must refuse the same messages:
 * other numbers are another protocol, and part a group. What is beyond is an MlsError "tooLarge", before it costs anything.
 */
export const BOUNDS = {
  /** Leaves of a tree, blank ones included; a tree of so many is joined in seconds. */
  leaves: 2 ** 14,
  /** Proposals of one commit. A hub may ask a joiner for the SelfRemove of everybody. */
  proposals: 4096,
  /** Pre-shared keys of one commit. */
  psks: 64,
  /** Octets of one leaf without its signature: everybody who joins gets all of them. */
  leafOctets: 2 ** 14,
  /** Octets of all extensions of a GroupContext: it is hashed for every ciphertext of a path. */
  contextOctets: 2 ** 17,
  /** Generations of one sender that may be skipped, and keys of skipped ones that are kept. */
  skipped: 1000,
} as const;

/** Throws MlsError "tooLarge" when there are more than {@link BOUNDS} allows. */
export function ensureWithin(bound: keyof typeof BOUNDS, count: number): void {
  ensure(count <= BOUNDS[bound], "tooLarge", `${count} ${bound} where at most ${BOUNDS[bound]} may be`);
}

/** Throws MlsError "tooLarge" for GroupContext extensions that are together too long. */
export function ensureBounded(extensions: readonly Extension[]): void {
  ensureWithin("contextOctets", encode(extensionList, extensions).length);
}
