/** A proposal as the model sees it: what it does to whom, without any cryptography. */
export type Wish =
  | { readonly kind: "update" | "remove" | "selfRemove"; readonly leaf: number }
  | { readonly kind: "add"; readonly name: string }
  /** A key that all agreed on elsewhere, or of an epoch of the group. */
  | { readonly kind: "psk"; readonly of: "elsewhere" | bigint }
  /** Another value in the GroupContext. */
  | { readonly kind: "mark"; readonly value: number };

/** A proposal that was sent as a message of this epoch. */
export interface PendingWish {
  readonly id: number;
  readonly wish: Wish;
}

/** No history has more members than that at once. */
const MOST_MEMBERS = 32;
const MOST_RESUMPTIONS = 8n;

/** Who is in a group, and where: what a history must have come to, told by the sentences of RFC 9420, 12 alone. */
export class HistoryModel {
  /** By leaf index, blank ones undefined. */
  slots: (string | undefined)[];
  epoch: bigint;
  mark = 0;
  pending: PendingWish[] = [];
  readonly #joined = new Map<string, bigint>();
  #count = 0;

  constructor(names: readonly string[], epoch: bigint) {
    this.slots = [...names];
    this.epoch = epoch;
    for (const name of names) this.#joined.set(name, epoch);
    this.#joined.set(names[0] ?? "", 0n);
  }

  /** Leaf indices of those who are in, from left to right. */
  get members(): readonly number[] {
    return this.slots.flatMap((name, leaf) => (name === undefined ? [] : [leaf]));
  }

  /** One of them, chosen by a number. */
  pick(number: number): number {
    const { members } = this;
    return members[number % members.length] ?? 0;
  }

  /** A number that was not there yet, for names and proposals. */
  next(): number {
    this.#count += 1;
    return this.#count;
  }

  /** An epoch whose resumption PSK everybody has: "joined since" is who has not. */
  sharedEpoch(number: number): bigint {
    const joined = this.members.map((leaf) => this.#joined.get(this.slots[leaf] ?? "") ?? this.epoch);
    const first = [...joined, this.epoch - MOST_RESUMPTIONS].reduce((latest, at) => (at > latest ? at : latest));
    return first + (BigInt(number) % (this.epoch - first + 1n));
  }

  /** Those of the wishes that may stand in one commit of the member at `committer` (RFC 9420, 12.2), in their order. */
  allowed(committer: number, wishes: readonly Wish[]): readonly Wish[] {
    const touched = new Set([committer]);
    const names = new Set<string>();
    let marked = false;
    const fits = (wish: Wish) => {
      switch (wish.kind) {
        case "add": {
          const isNew = !names.has(wish.name) && this.members.length + names.size < MOST_MEMBERS;
          if (isNew) names.add(wish.name);
          return isNew;
        }
        case "mark":
          if (marked) return false;
          marked = true;
          return true;
        case "psk":
          return true;
        default:
          if (touched.has(wish.leaf)) return false;
          touched.add(wish.leaf);
          return true;
      }
    };
    const list = wishes.filter(fits);
    // a newcomer was in no epoch
    return names.size === 0 ? list : list.filter((wish) => wish.kind !== "psk" || wish.of === "elsewhere");
  }

  /** What the commit of these wishes makes of the group; `joiner` comes in by it, from outside. */
  commit(wishes: readonly Wish[], joiner?: string): void {
    this.epoch += 1n;
    this.pending = [];
    for (const wish of wishes) {
      if (wish.kind === "remove" || wish.kind === "selfRemove") this.slots[wish.leaf] = undefined;
      if (wish.kind === "mark") this.mark = wish.value;
    }
    for (const wish of wishes) if (wish.kind === "add") this.#place(wish.name);
    if (joiner !== undefined) this.#place(joiner);
  }

  /** "the leftmost blank leaf", or a new one behind the last (12.1.1). */
  #place(name: string): void {
    const blank = this.slots.indexOf(undefined);
    this.slots[blank < 0 ? this.slots.length : blank] = name;
    this.#joined.set(name, this.epoch);
  }
}
