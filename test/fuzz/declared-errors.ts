import { CodecError } from "../../src/codec/codec-error.js";
import { EngineProblem } from "../../src/engine/engine-problem.js";
import { MlsError } from "../../src/mls/mls-error.js";
import { ProviderRefusal, Unreachable } from "../../src/transport/provider-refusal.js";

/** `a`, `a.b[0].c`, `[3].d`: a field, before what is wrong with it. */
const FIELD = /^(?:[a-z]\w*|\[\d+\])(?:\.[a-z]\w*|\[[^\]]*\])*: ./u;
/** What is wrong with the whole, where no field can be named: its length, its tag, what follows it. */
const WHOLE =
  /^\d+ (?:trailing octets$|octets wanted|octets announced)|^\d+ is (?:no|not) |^a vector length|^an application message that is not encrypted$/u;

/** Of a CodecError: its message begins with the path that it has. */
export function codecErrorCode(error: unknown): string | undefined {
  if (!(error instanceof CodecError) || error.message === "") return undefined;
  return error.path === "" || error.message.startsWith(`${error.path}: `) ? error.code : undefined;
}

/** Of a CodecError about a struct: its message names a field, unless the whole is too long. */
export function fieldErrorCode(error: unknown): string | undefined {
  const code = codecErrorCode(error);
  return code !== undefined && namesField((error as CodecError).message) ? code : undefined;
}

/** What is wrong with the outermost item of CBOR, which has no place in another. */
const OUTERMOST = /^CBOR|^not an array$|^\d+ items too many$|^\d+ octets wanted/u;

/** Of a CodecError about content: its message names a field or a position, unless the outermost item is wrong. */
export function contentErrorCode(error: unknown): string | undefined {
  if (error instanceof CodecError && OUTERMOST.test(error.message)) return error.code;
  return fieldErrorCode(error);
}

/** Of an MlsError; a malformed one names a field. */
export function mlsErrorCode(error: unknown): string | undefined {
  if (!(error instanceof MlsError) || error.message === "") return undefined;
  return error.code !== "malformed" || namesField(error.message) ? error.code : undefined;
}

/** Of what the client of a provider throws for an answer. */
export function answerErrorCode(error: unknown): string | undefined {
  if (error instanceof ProviderRefusal) return "refusal";
  return error instanceof Unreachable ? "unreachable" : fieldErrorCode(error);
}

/** Of a problem, for which a page has a sentence. */
export function problemCode(error: unknown): string | undefined {
  return error instanceof EngineProblem ? error.problem.code : undefined;
}

function namesField(message: string): boolean {
  return FIELD.test(message) || WHOLE.test(message);
}
