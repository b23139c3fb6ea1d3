import { codecErrorCode } from "./declared-errors.js";
import { type Decoder, type Input, textOf } from "./decoder.js";
import { QUICK } from "./tls-decoder.js";

/** The entry of a function that reads text. */
export function textDecoder(parts: {
  readonly name: string;
  readonly covers: readonly unknown[];
  readonly corpus: readonly string[];
  readonly read: (text: string) => unknown;
  readonly write?: (value: unknown) => Input;
  readonly codeOf?: (error: unknown) => string | undefined;
}): Decoder {
  const { name, covers, corpus, read, codeOf = codecErrorCode, write } = parts;
  return {
    name,
    covers,
    weight: QUICK,
    open: () => ({
      corpus,
      read: (input) => read(textOf(input)),
      codeOf,
      ...(write === undefined ? {} : { write }),
    }),
  };
}
