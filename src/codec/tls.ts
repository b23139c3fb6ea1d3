import { fromUtf8, utf8 } from "./bytes.js";
import { unlessMalformed } from "./codec-error.js";
import { Reader } from "./reader.js";
import { Writer } from "./writer.js";

export { Reader } from "./reader.js";
export { Writer } from "./writer.js";

/** How a type stands on the wire: TLS presentation language with the vectors of RFC 9420, 2.1.2. */
export interface Codec<T> {
  write(writer: Writer, value: T): void;
  read(reader: Reader): T;
}

/** The type that a codec writes and reads. */
export type Infer<C> = C extends Codec<infer T> ? T : never;

/** The octets of `value`. Throws CodecError when a field cannot hold its value. */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  codec.write(writer, value);
  return writer.finish();
}

/** The value that `bytes` are, all of them. Throws CodecError, naming the field, for anything malformed or trailing. */
export function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  const reader = new Reader(bytes);
  const value = codec.read(reader);
  reader.end();
  return value;
}

function uint(octets: number): Codec<number> {
  return {
    write: (writer, value) => writer.uint(value, octets),
    read: (reader) => reader.uint(octets),
  };
}

export const uint8 = uint(1);
export const uint16 = uint(2);
export const uint32 = uint(4);

export const uint64: Codec<bigint> = {
  write: (writer, value) => writer.uint64(value),
  read: (reader) => reader.uint64(),
};

/** `enum { false(0), true(1) } bool`: one octet, any other value is malformed. */
export const bool: Codec<boolean> = {
  write: (writer, value) => writer.uint(value ? 1 : 0, 1),
  read(reader) {
    const octet = reader.uint(1);
    if (octet > 1) throw reader.error(`${octet} is no bool`);
    return octet === 1;
  },
};

/** `opaque value<V>` */
export const opaque: Codec<Uint8Array> = {
  write: (writer, value) => writer.vector(value),
  read: (reader) => new Uint8Array(reader.view()),
};

/** `opaque value[length]` */
export function opaqueFixed(length: number): Codec<Uint8Array> {
  return {
    write(writer, value) {
      if (value.length !== length) throw writer.error(`${value.length} octets where ${length} stand`);
      writer.bytes(value);
    },
    read: (reader) => reader.bytes(length),
  };
}

/** `opaque value<V>` that is UTF-8. */
export const text: Codec<string> = {
  write(writer, value) {
    const bytes = unlessMalformed(() => utf8(value));
    if (bytes === undefined) throw writer.error("text with a lone surrogate");
    writer.vector(bytes);
  },
  read(reader) {
    const bytes = reader.view();
    const value = unlessMalformed(() => fromUtf8(bytes));
    if (value === undefined) throw reader.error("not UTF-8");
    return value;
  },
};

/** `struct { opaque uri<V>; } Uri`: UTF-8; "zero length means absent". */
export const uri = text;

/** An enum of one octet, its values by their labels; a value without a label is malformed. */
export function enumeration<const L extends string>(name: string, values: Readonly<Record<L, number>>): Codec<L> {
  const labels = new Map((Object.keys(values) as L[]).map((label) => [values[label], label]));
  return {
    write(writer, label) {
      if (!Object.hasOwn(values, label)) throw writer.error(`${JSON.stringify(label)} is no ${name}`);
      writer.uint(values[label], 1);
    },
    read(reader) {
      const value = reader.uint(1);
      const label = labels.get(value);
      if (label === undefined) throw reader.error(`${value} is no ${name}`);
      return label;
    },
  };
}

/** `T items<V>`: its length counts octets, not items. More than `most` items are malformed. */
export function vector<T>(item: Codec<T>, most = Number.POSITIVE_INFINITY): Codec<readonly T[]> {
  return {
    write(writer, values) {
      const part = writer.part();
      for (const [index, value] of values.entries()) part.within(`[${index}]`, () => item.write(part, value));
      const octets = part.finish();
      writer.vector(octets);
      octets.fill(0);
    },
    read(reader) {
      const items = reader.vector();
      const values: T[] = [];
      while (items.remaining > 0) {
        const before = items.remaining;
        if (values.length === most) throw items.error(`more than ${most} items`);
        values.push(items.at(values.length, item));
        if (items.remaining === before) throw items.error("an item without octets would never end");
      }
      return values;
    },
  };
}

/** `optional<T>` (RFC 9420, 2.1.1): one octet 0 or 1 says whether the value follows. */
export function optional<T>(item: Codec<T>): Codec<T | undefined> {
  return {
    write(writer, value) {
      bool.write(writer, value !== undefined);
      if (value !== undefined) item.write(writer, value);
    },
    read: (reader) => (bool.read(reader) ? item.read(reader) : undefined),
  };
}

/** A struct: its fields in the order in which they are given. */
export function struct<T extends object>(fields: { readonly [K in keyof T]: Codec<T[K]> }): Codec<Readonly<T>> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return {
    write(writer, value) {
      for (const name of names) writer.within(name, () => fields[name].write(writer, value[name]));
    },
    read(reader) {
      const value: Partial<T> = {};
      for (const name of names) value[name] = reader.at(name, fields[name]);
      return value as T;
    },
  };
}

type Variant<T> = { [K in keyof T]: { readonly kind: K } & T[K] }[keyof T];

/**
 * A `select` over a tag that stands first: `{ kind: label, ...fields of that case }`. A label without a case is
 * malformed.
 */
export function variant<L extends string, T extends { readonly [K in L]?: object }>(
  tag: Codec<L>,
  cases: { readonly [K in keyof T]: Codec<T[K]> },
): Codec<Variant<T>> {
  const isCase = (label: PropertyKey): label is keyof T & L => Object.hasOwn(cases, label);
  return {
    write(writer, value) {
      const label: PropertyKey = value.kind;
      if (!isCase(label)) throw writer.error(`${String(label)} has no case`);
      tag.write(writer, label);
      cases[label].write(writer, value as T[keyof T & L]);
    },
    read(reader) {
      const label: string = tag.read(reader);
      if (!isCase(label)) throw reader.error(`${label} has no case`);
      return { kind: label, ...cases[label].read(reader) };
    },
  };
}
