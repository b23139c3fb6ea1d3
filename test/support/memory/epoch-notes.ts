import { toHex } from "../../../src/codec/bytes.js";
import type { Group } from "../../../src/mls/group.js";

/** The secrets of a group's epochs, as one of its members derives them: every other member has had the same. */
export class EpochNotes {
  readonly #names = new Map<string, string>();
  #present = new Set<string>();

  /** Notes what the group has now: it is what there may be from here on, until the next note. */
  note({ epoch, keys, secretTree, resumptions }: Group): void {
    const held = [
      ...Object.entries(keys),
      ...secretTree.nodes.map(({ index, secret }) => [`secret of node ${index}`, secret] as const),
      ...secretTree.ratchets.flatMap(({ leafIndex, generation, secret, skipped }) => [
        [`ratchet ${leafIndex}/${generation}`, secret] as const,
        ...skipped.flatMap(({ key, nonce }) => [["skipped key", key] as const, ["skipped nonce", nonce] as const]),
      ]),
    ].map(([name, secret]) => [toHex(secret), `${name} of epoch ${epoch}`] as const);
    for (const [hex, name] of held) if (!this.#names.has(hex)) this.#names.set(hex, name);
    // the resumption PSKs of former epochs stay, since a commit may name them (RFC 9420, 8.6)
    this.#present = new Set([...held.map(([hex]) => hex), ...resumptions.map(({ secret }) => toHex(secret))]);
  }

  /** Those that are to be forgotten by now, in hex. */
  get former(): string[] {
    return [...this.#names.keys()].filter((hex) => !this.#present.has(hex));
  }

  /** Those that whoever is in the group has now, in hex. */
  get present(): string[] {
    return [...this.#names.keys()].filter((hex) => this.#present.has(hex));
  }

  nameOf(hex: string): string {
    return this.#names.get(hex) ?? hex;
  }
}
