import { type Codec, decode, encode } from "../../src/codec/tls.js";
import type { Chance } from "./chance.js";
import { codecErrorCode, fieldErrorCode } from "./declared-errors.js";
import { bytesOf, type Decoder, type Input } from "./decoder.js";
import { mutateTree } from "./mutate-tree.js";

/** Decoders that take microseconds get this share of the cases. */
export const QUICK = 16;

interface TlsOptions {
  /** Which errors are declared; those of a struct name a field, unless this says otherwise. */
  readonly codeOf?: (error: unknown) => string | undefined;
  /** Whether what is read is written as it was; usually it is. */
  readonly canonical?: boolean;
}

/** The entry of a codec in TLS presentation language: valid values, made when the decoder is opened. */
export function tlsDecoder<T>(
  name: string,
  codec: Codec<T>,
  values: readonly T[] | (() => Promise<readonly T[]>),
  options: TlsOptions = {},
): Decoder {
  return {
    name,
    covers: [codec],
    weight: QUICK,
    async open() {
      const valid = typeof values === "function" ? await values() : values;
      return {
        corpus: valid.map((value) => encode(codec, value)),
        read: (input) => decode(codec, bytesOf(input)),
        codeOf: options.codeOf ?? fieldErrorCode,
        vary: (chance, input) => varyTls(chance, codec, input),
        ...(options.canonical === false ? {} : { write: (value: unknown) => encode(codec, value as T) }),
      };
    },
  };
}

/** The entry of a type that has no fields: its errors are about the whole. */
export function scalarDecoder<T>(name: string, codec: Codec<T>, values: readonly T[]): Decoder {
  return { ...tlsDecoder(name, codec, values, { codeOf: codecErrorCode }), weight: 2 };
}

/** What `codec` reads, with one thing in it changed; undefined where the change cannot be written. */
export function varyTls<T>(chance: Chance, codec: Codec<T>, valid: Input): Uint8Array | undefined {
  try {
    return encode(codec, mutateTree(chance, decode(codec, bytesOf(valid))) as T);
  } catch {
    return undefined;
  }
}
