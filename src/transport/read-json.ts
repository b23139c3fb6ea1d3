import { Unreachable } from "./provider-refusal.js";

/** A JSON object of a provider, read field by field; a field of the wrong kind is no answer of a provider. */
export interface JsonFields {
  readonly names: readonly string[];
  text(name: string): string;
  /** A whole number from 0 on, exactly. */
  number(name: string): number;
  boolean(name: string): boolean;
  object(name: string): JsonFields;
  texts(name: string): readonly string[];
  optional<T>(name: string, read: (fields: JsonFields, name: string) => T): T | undefined;
}

/** Reads `value` as a JSON object. Throws Unreachable when it is something else. */
export function readJson(value: unknown, where = "answer"): JsonFields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unexpected(where);
  const fields = new Map<string, unknown>(Object.entries(value));

  function field<T>(name: string, is: (value: unknown) => value is T): T {
    const found = fields.get(name);
    if (!is(found)) throw unexpected(`${where}.${name}`);
    return found;
  }

  const reader: JsonFields = {
    names: [...fields.keys()],
    text: (name) => field(name, (value) => typeof value === "string"),
    number: (name) => field(name, (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0),
    boolean: (name) => field(name, (value) => typeof value === "boolean"),
    texts: (name) =>
      field(
        name,
        (value): value is string[] => Array.isArray(value) && value.every((item) => typeof item === "string"),
      ),
    object: (name) => readJson(fields.get(name), `${where}.${name}`),
    optional: (name, read) => (fields.get(name) == null ? undefined : read(reader, name)),
  };
  return reader;
}

function unexpected(where: string): Unreachable {
  return new Unreachable(`Not what a provider answers: ${where}.`);
}
