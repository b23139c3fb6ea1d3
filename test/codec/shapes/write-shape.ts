import type { Shape } from "./shape.js";

/** Octets that stand for a part of a value, in the place of the right ones. */
export interface Fault {
  /** Which part: they are counted in the order in which they are written. */
  readonly part: number;
  readonly octets: readonly number[];
  /** Whether nothing follows; the lengths around fit, so that only this part is cut short. */
  readonly last: boolean;
}

/** A part of a value as it is written. */
export interface Part {
  readonly path: string;
  readonly shape: Shape;
  readonly octets: readonly number[];
}

/** The octets of `value`, with `fault` in them where one is given, and the parts that they are of, by their numbers. */
export function writeShape(
  shape: Shape,
  value: unknown,
  fault?: Fault,
): { readonly bytes: Uint8Array; readonly parts: readonly Part[] } {
  const parts: Part[] = [];
  let count = 0;
  let stopped = false;

  const write = (type: Shape, item: unknown, path: string): number[] => {
    const part = count;
    count += 1;
    const right = stopped ? [] : inner(type, item, path);
    parts[part] = { path, shape: type, octets: right };
    if (part !== fault?.part) return right;
    stopped = fault.last;
    return [...fault.octets];
  };
  const inner = (type: Shape, item: unknown, path: string): number[] => {
    switch (type.kind) {
      case "struct":
        return Object.entries(type.fields).flatMap(([name, field]) =>
          stopped ? [] : write(field, read(item, name), path === "" ? name : `${path}.${name}`),
        );
      case "vector": {
        const body = (item as readonly unknown[]).flatMap((one, index) =>
          stopped ? [] : write(type.item, one, `${path}[${index}]`),
        );
        return [...lengthOf(body.length), ...body];
      }
      case "optional":
        return item === undefined ? [0] : [1, ...write(type.item, item, path)];
      default:
        return plain(type, item);
    }
  };
  return { bytes: Uint8Array.from(write(shape, value, "")), parts };
}

function plain(shape: Shape, value: unknown): number[] {
  switch (shape.kind) {
    case "bool":
      return [value === true ? 1 : 0];
    case "enum":
      return [shape.values[value as string] ?? 0];
    case "text": {
      const bytes = Buffer.from(value as string, "utf8");
      return [...lengthOf(bytes.length), ...bytes];
    }
    case "opaque":
      return [...lengthOf((value as Uint8Array).length), ...(value as Uint8Array)];
    case "uint32":
    case "uint64":
      return bigEndian(BigInt(value as number | bigint), shape.kind === "uint32" ? 4 : 8);
    default:
      return [...(value as Uint8Array)];
  }
}

/** A `<V>` length (RFC 9420, 2.1.2). */
function lengthOf(length: number): number[] {
  if (length < 0x40) return [length];
  if (length < 0x4000) return bigEndian(BigInt(0x4000 + length), 2);
  return bigEndian(BigInt(0x80000000 + length), 4);
}

function bigEndian(value: bigint, octets: number): number[] {
  return Array.from({ length: octets }, (_, index) => Number((value >> BigInt(8 * (octets - 1 - index))) & 0xffn));
}

function read(value: unknown, name: string): unknown {
  return (value as Readonly<Record<string, unknown>>)[name];
}
