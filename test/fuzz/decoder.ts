import type { Chance } from "./chance.js";

/** What a decoder takes from somebody else. */
export type Input = Uint8Array | string;

/** One entry of the registry: something that reads what somebody else sent. */
export interface Decoder {
  /** Area and export: `codec/roomPolicy`. */
  readonly name: string;
  /** The exports that it exercises, by identity: what the house test looks for. */
  readonly covers: readonly unknown[];
  /** Its share of a run's cases. */
  readonly weight: number;
  /** After so many cases it is opened anew: for those with a state that what they accept moves on. */
  readonly lasts?: number;
  /** Makes it ready; chance is seeded while it is opened, so it is the same every time. */
  open(): Promise<Subject> | Subject;
}

/** A decoder that is ready. */
export interface Subject {
  /** Valid inputs; each must be accepted. */
  readonly corpus: readonly Input[];
  /** Reads; resolves with a value, or throws what it says that it throws. */
  read(input: Input): unknown;
  /** The code of an error that is declared; undefined for any other, which is a crash. */
  codeOf(error: unknown): string | undefined;
  /** The input that a value is written as; where there is one, what is read must be written as it was. */
  write?(value: unknown): Input;
  /** An input made of a valid one by somebody who knows the format; the general mutations come on top. */
  vary?(chance: Chance, valid: Input): Input | undefined | Promise<Input | undefined>;
  /** Throws when the case left traces that it must not leave. */
  settled?(): void;
  /** How many times its input a value may take in memory; Infinity where the value holds a state besides. */
  readonly growth?: number;
  /** Whether reading twice gives the same; false for what has a state or makes keys. */
  readonly repeatable?: boolean;
  close?(): Promise<void> | void;
}

/** Bytes of an input that a decoder of bytes was given. Throws TypeError for text. */
export function bytesOf(input: Input): Uint8Array {
  if (typeof input === "string") throw new TypeError("text where a decoder takes octets");
  return input;
}

/** Text of an input that a decoder of text was given. Throws TypeError for bytes. */
export function textOf(input: Input): string {
  if (typeof input !== "string") throw new TypeError("octets where a decoder takes text");
  return input;
}
