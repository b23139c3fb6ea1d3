import { concat } from "../../src/codec/bytes.js";
import type { Chance } from "./chance.js";

type Mutation = (chance: Chance, bytes: Uint8Array, other: Uint8Array) => Uint8Array;

const EDGES = [0x00, 0x01, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xc0, 0xff];

/** Heads of CBOR items and lengths of vectors that announce much, or themselves badly. */
const BOLD_HEADS = [
  [0x7f, 0xff],
  [0xbf, 0xff, 0xff, 0xff],
  [0x80, 0x00, 0x00, 0x01],
  [0x40, 0x01],
  [0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01],
  [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xbb, 0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x5b, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00],
  [0x9a, 0x7f, 0xff, 0xff, 0xff],
  [0x7a, 0x00, 0x00, 0x00, 0x03],
  [0x9f],
  [0xbf],
  [0x5f],
  [0xff],
];

/** UTF-8 that is none, is too long, or is odd. */
const ODD_UTF8 = [
  [0xc0, 0x80],
  [0xe2, 0x80, 0xae],
  [0xed, 0xa0, 0x80],
  [0xef, 0xbb, 0xbf],
  [0xf0, 0x9f, 0x98, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0x00],
  [0xcc, 0x81],
];

const flip: Mutation = (chance, bytes) => {
  const at = chance.below(bytes.length);
  return bytes.length === 0 ? bytes : bytes.with(at, (bytes[at] ?? 0) ^ (1 << chance.below(8)));
};

const overwrite: Mutation = (chance, bytes) => {
  const value = chance.once(2) ? chance.pick(EDGES) : chance.below(256);
  return bytes.length === 0 ? bytes : bytes.with(chance.below(bytes.length), value);
};

const truncate: Mutation = (chance, bytes) => bytes.slice(0, chance.below(bytes.length));

const behead: Mutation = (chance, bytes) => bytes.slice(chance.below(bytes.length));

const extend: Mutation = (chance, bytes) => concat(bytes, chance.bytes(1 + chance.below(chance.once(20) ? 2000 : 8)));

/** One more or one less, where a length or a count may stand. */
const offByOne: Mutation = (chance, bytes) => {
  const at = chance.below(bytes.length);
  const changed = (bytes[at] ?? 0) + (chance.once(2) ? 1 : 255);
  return bytes.length === 0 ? bytes : bytes.with(at, changed & 0xff);
};

/** A vector's length of one octet in two or four: the same number, not minimal. */
const widenLength: Mutation = (chance, bytes) => {
  const at = lengthIn(chance, bytes);
  const length = (bytes[at] ?? 0) & 0x3f;
  return replaced(bytes, at, 1, chance.once(2) ? [0x40, length] : [0x80, 0, 0, length]);
};

/** A length or head that announces more than there is, put in the place of one. */
const boldHead: Mutation = (chance, bytes) => {
  const head = chance.pick(BOLD_HEADS);
  return replaced(bytes, chance.once(2) ? lengthIn(chance, bytes) : chance.below(bytes.length), 1, head);
};

/** A vector taken out, doubled, emptied, or put somewhere else: whole, with its length. */
const moveVector: Mutation = (chance, bytes) => {
  const at = lengthIn(chance, bytes);
  const end = Math.min(bytes.length, at + 1 + ((bytes[at] ?? 0) & 0x3f));
  const vector = bytes.slice(at, end);
  const rest = concat(bytes.slice(0, at), bytes.slice(end));
  switch (chance.below(4)) {
    case 0:
      return rest;
    case 1:
      return replaced(bytes, at, 0, vector);
    case 2:
      return replaced(bytes, at, end - at, [0]);
    default:
      return replaced(rest, chance.below(rest.length + 1), 0, vector);
  }
};

const splice: Mutation = (chance, bytes, other) =>
  concat(bytes.slice(0, chance.below(bytes.length + 1)), other.slice(chance.below(other.length + 1)));

const copyOver: Mutation = (chance, bytes, other) => {
  const part = other.slice(chance.below(other.length), chance.below(other.length + 1));
  return replaced(bytes, chance.below(bytes.length + 1), chance.once(2) ? part.length : 0, part);
};

const oddText: Mutation = (chance, bytes) => {
  const odd = chance.pick(ODD_UTF8);
  return replaced(bytes, chance.below(bytes.length + 1), chance.once(2) ? odd.length : 0, odd);
};

/** The same few octets again and again: what nests, nests deep; what counts, counts far. */
const bomb: Mutation = (chance, bytes) => {
  const unit = chance.once(2)
    ? chance.pick([[0x81], [0x82, 0xf6], [0xa1, 0x00], [0x9f], [0x01], [0x00]])
    : [0x41, 0x00];
  const times = chance.pick([40, 200, 2000]);
  const many = Uint8Array.from({ length: unit.length * times }, (_, index) => unit[index % unit.length] ?? 0);
  return replaced(bytes, chance.below(bytes.length + 1), 0, many);
};

const extremes: Mutation = (chance, bytes) => {
  const width = chance.pick([1, 2, 4, 8]);
  const value = new Uint8Array(width).fill(chance.pick([0x00, 0xff, 0x7f, 0x80]));
  return replaced(bytes, chance.below(bytes.length), width, value);
};

const MUTATIONS: readonly Mutation[] = [
  ...[flip, flip, overwrite, overwrite, truncate, behead, extend, offByOne, offByOne, widenLength, boldHead],
  ...[moveVector, moveVector, splice, copyOver, oddText, extremes, extremes, bomb],
];

/** `bytes` with one to four changes; `other` is another valid input that parts may come from. */
export function mutateBytes(chance: Chance, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let mutant = bytes;
  for (let rest = 1 + chance.below(chance.once(3) ? 4 : 1); rest > 0; rest--) {
    mutant = chance.pick(MUTATIONS)(chance, mutant, other);
  }
  return mutant;
}

/** A place where a vector's length of one octet may stand: what it announces is there. */
function lengthIn(chance: Chance, bytes: Uint8Array): number {
  for (let tries = 0; tries < 8; tries++) {
    const at = chance.below(bytes.length);
    const octet = bytes[at] ?? 0;
    if (octet < 0x40 && at + octet < bytes.length) return at;
  }
  return chance.below(bytes.length);
}

function replaced(bytes: Uint8Array, at: number, length: number, by: ArrayLike<number>): Uint8Array {
  return concat(bytes.slice(0, at), Uint8Array.from(by), bytes.slice(at + length));
}
