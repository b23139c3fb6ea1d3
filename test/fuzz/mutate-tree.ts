import type { Chance } from "./chance.js";
import { mutateBytes } from "./mutate-bytes.js";
import { mutateText } from "./mutate-text.js";

const NUMBERS = [
  0,
  1,
  -1,
  2,
  5,
  255,
  256,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
];
const BIG_NUMBERS = [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];
const RISKY_NAMES = ["__proto__", "constructor", "toString", "kind", "length", ""];

/**
 * A copy of `value` (records, lists, maps, octets, text, numbers) with one thing in it changed; whatever is not on the way
 * there is shared with it.
 */
export function mutateTree(chance: Chance, value: unknown): unknown {
  const descends = !chance.once(6);
  if (Array.isArray(value)) return descends && value.length > 0 ? inList(chance, value) : changeList(chance, value);
  if (value instanceof Uint8Array) return mutateBytes(chance, value, value);
  if (value instanceof Map) return inMap(chance, value);
  if (typeof value === "object" && value !== null) return inRecord(chance, value, descends);
  return changeScalar(chance, value);
}

function inList(chance: Chance, list: readonly unknown[]): unknown[] {
  const at = chance.below(list.length);
  return list.with(at, mutateTree(chance, list[at]));
}

/** Taken out, doubled, swapped, emptied, or very many. */
function changeList(chance: Chance, list: readonly unknown[]): unknown[] {
  const at = chance.below(list.length);
  const item = list[at];
  switch (chance.below(6)) {
    case 0:
      return list.toSpliced(at, 1);
    case 1:
      return list.toSpliced(at, 0, item);
    case 2:
      return list.toReversed();
    case 3:
      return [];
    case 4:
      return list.length === 0 ? [] : Array.from({ length: chance.pick([10, 100, 1000]) }, () => item);
    default:
      return list.toSpliced(at, 1).toSpliced(chance.below(list.length), 0, item);
  }
}

function inMap(chance: Chance, map: ReadonlyMap<unknown, unknown>): Map<unknown, unknown> {
  const entries = [...map];
  const [key, value] = entries[chance.below(entries.length)] ?? ["new", null];
  if (chance.once(3)) return new Map(changeList(chance, entries) as [unknown, unknown][]);
  if (chance.once(3)) return new Map([...entries, [changeScalar(chance, key), value]]);
  return new Map([...entries, [key, mutateTree(chance, value)]]);
}

function inRecord(chance: Chance, record: object, descends: boolean): unknown {
  const entries = Object.entries(record);
  const at = chance.below(entries.length);
  const [key, value] = entries[at] ?? ["new", null];
  if (descends && entries.length > 0) return fromEntries(entries.with(at, [key, mutateTree(chance, value)]));
  const [, otherValue] = entries[chance.below(entries.length)] ?? ["", null];
  switch (chance.below(5)) {
    case 0:
      return fromEntries(entries.toSpliced(at, 1));
    case 1:
      return fromEntries([...entries, [chance.pick(RISKY_NAMES), chance.once(2) ? value : { polluted: true }]]);
    case 2:
      return fromEntries(entries.toReversed());
    case 3:
      return fromEntries(entries.with(at, [key, otherValue]));
    default:
      return fromEntries(entries.with(at, [key, strange(chance)]));
  }
}

/** Own fields, also one that is called `__proto__`. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): object {
  const record = {};
  for (const [key, value] of entries) {
    Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return record;
}

function changeScalar(chance: Chance, value: unknown): unknown {
  if (chance.once(12)) return strange(chance);
  switch (typeof value) {
    case "number":
      return chance.once(2) ? chance.pick(NUMBERS) : value + (chance.once(2) ? 1 : -1);
    case "bigint":
      return chance.once(2) ? chance.pick(BIG_NUMBERS) : value + (chance.once(2) ? 1n : -1n);
    case "string":
      return mutateText(chance, value, value);
    case "boolean":
      return !value;
    default:
      return strange(chance);
  }
}

/** Something of another kind. */
function strange(chance: Chance): unknown {
  const deep = (levels: number): unknown => (levels === 0 ? null : [deep(levels - 1)]);
  const kinds = [
    () => undefined,
    () => null,
    () => true,
    () => chance.pick(NUMBERS),
    () => 0.5,
    () => "",
    () => "text",
    () => [],
    () => ({}),
    () => new Uint8Array(chance.below(40)),
    () => deep(chance.pick([3, 5, 40, 500])),
    () => ({ __proto__: null, toString: 1 }),
  ];
  return chance.pick(kinds)();
}
