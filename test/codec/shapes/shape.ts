import fc from "fast-check";

/**
 * A type of TLS presentation language, said a second time and apart from src/codec: what a test writes by it, right or wrong,
 * does not come from the code that reads it.
 */
export type Shape =
  | { readonly kind: "bool" | "text" | "opaque" | "uint64" }
  | { readonly kind: "uint32" }
  | { readonly kind: "fixed"; readonly length: number }
  | { readonly kind: "enum"; readonly values: Readonly<Record<string, number>> }
  | { readonly kind: "vector" | "optional"; readonly item: Shape }
  | { readonly kind: "struct"; readonly fields: Readonly<Record<string, Shape>> };

export const bool: Shape = { kind: "bool" };
export const text: Shape = { kind: "text" };
export const opaque: Shape = { kind: "opaque" };
export const uint32: Shape = { kind: "uint32" };
export const uint64: Shape = { kind: "uint64" };
export const fixed = (length: number): Shape => ({ kind: "fixed", length });
export const oneOf = (values: Readonly<Record<string, number>>): Shape => ({ kind: "enum", values });
export const vector = (item: Shape): Shape => ({ kind: "vector", item });
export const optional = (item: Shape): Shape => ({ kind: "optional", item });
export const struct = (fields: Readonly<Record<string, Shape>>): Shape => ({ kind: "struct", fields });

/** Any value of the type. */
export function anyOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case "bool":
      return fc.boolean();
    case "text":
      return fc.string({ unit: "grapheme", maxLength: 20 });
    case "opaque":
      return octets({ maxLength: 80 });
    case "uint32":
      return fc.nat(0xffffffff);
    case "uint64":
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case "fixed":
      return octets({ minLength: shape.length, maxLength: shape.length });
    case "enum":
      return fc.constantFrom(...Object.keys(shape.values));
    case "vector":
      return fc.array(anyOf(shape.item), { maxLength: 3 });
    case "optional":
      return fc.option(anyOf(shape.item), { nil: undefined });
    case "struct":
      return fc.record(Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, anyOf(field)])));
  }
}

function octets(size: { readonly minLength?: number; readonly maxLength: number }): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array(size).map((bytes) => new Uint8Array(bytes));
}
