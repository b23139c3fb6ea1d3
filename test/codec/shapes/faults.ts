import type { Shape } from "./shape.js";
import { writeShape } from "./write-shape.js";

/** A value with one thing wrong in it. */
interface Malformed {
  readonly title: string;
  /** The field that the error must name. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const NOT_MINIMAL = [
  [0x40, 0x00],
  [0x40, 0x01, 0x61],
  [0x80, 0, 0, 1, 0x61],
];
const RESERVED_PREFIX = [0xc0, 0, 0, 0, 0, 0, 0, 0];
const NOT_UTF8 = [
  [1, 0xff],
  [2, 0xc0, 0x80],
  [3, 0xed, 0xa0, 0x80],
];

/** Everything that can be wrong with each part of `value`, one at a time, and an octet too many behind it. */
export function* faultsOf(shape: Shape, value: unknown): Generator<Malformed> {
  const { bytes, parts } = writeShape(shape, value);
  yield { title: "a trailing octet", path: "", bytes: Uint8Array.from([...bytes, 0]) };
  for (const [part, { path, shape: type, octets }] of parts.entries()) {
    for (const [title, wrong, last] of wrongOctets(type, octets)) {
      yield { title, path, bytes: writeShape(shape, value, { part, octets: wrong, last }).bytes };
    }
  }
}

function wrongOctets(shape: Shape, octets: readonly number[]): (readonly [string, readonly number[], boolean])[] {
  const length = NOT_MINIMAL.map((wrong) => ["a length that is not minimal", wrong, false] as const);
  const prefix = ["a length with the reserved prefix", RESERVED_PREFIX, false] as const;
  const cut = octets.length > 1 ? [["cut short", octets.slice(0, -1), true] as const] : [];
  switch (shape.kind) {
    case "bool":
    case "optional":
      return [2, 0x80, 0xff].map((octet) => [`${octet} as a bool`, [octet], false]);
    case "enum":
      return Array.from({ length: 256 }, (_, octet) => octet)
        .filter((octet) => !Object.values(shape.values).includes(octet))
        .map((octet) => [`${octet} in an enum`, [octet], false]);
    case "text":
      return [...length, prefix, ...cut, ...NOT_UTF8.map((wrong) => ["text that is not UTF-8", wrong, false] as const)];
    case "opaque":
      return [...length, prefix, ...cut];
    case "vector":
      return [...length, prefix];
    case "struct":
      return [];
    default:
      return cut;
  }
}
