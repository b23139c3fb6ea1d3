import { CodecError } from "../codec/codec-error.js";
import { type Codec, decode } from "../codec/tls.js";

/** Why a message, a tree, a GroupInfo or a request of one's own was refused. Nothing has changed when one is thrown. */
export type MlsErrorCode =
  /** Bytes that are not what the format says. */
  | "malformed"
  /** Another group's message. */
  | "wrongGroup"
  /** Another epoch's message. */
  | "wrongEpoch"
  | "badSignature"
  | "badMembershipTag"
  | "badConfirmationTag"
  /** The user key of a leaf does not vouch for its client, or is not the key that the user ID names. */
  | "badBinding"
  /** A leaf without what RFC 9420, 7.3 and the room ask of one; a sender that is no member. */
  | "badLeaf"
  /** A ratchet tree that RFC 9420, 12.4.3.1 refuses. */
  | "badTree"
  | "invalidCommit"
  | "invalidProposal"
  /** A commit of a proposal that was not received, or was refused. */
  | "unknownProposal"
  | "invalidGroupInfo"
  | "invalidKeyPackage"
  /** A KeyPackage that is not good now, or for too long. */
  | "badLifetime"
  | "invalidWelcome"
  /** A pre-shared key that this client does not have. */
  | "unknownPsk"
  | "cannotDecrypt"
  /** A generation whose key was used, or skipped too long ago. */
  | "replayed"
  /** A generation further ahead than anybody sends. */
  | "futureGeneration"
  /** A message of this member: it was applied when it was made. */
  | "ownMessage"
  /** More of something than a group may have: bounds.ts. */
  | "tooLarge"
  /** Valid MLS that this product does not do. */
  | "unsupported";

export class MlsError extends Error {
  override readonly name = "MlsError";
  readonly code: MlsErrorCode;

  constructor(code: MlsErrorCode, reason: string) {
    super(reason);
    this.code = code;
  }
}

/** Throws `code` unless `condition` holds. */
export function ensure(condition: boolean, code: MlsErrorCode, reason: string): asserts condition {
  if (!condition) throw new MlsError(code, reason);
}

/** The value that `bytes` are. Throws MlsError "malformed" where the codec throws CodecError. */
export function parse<T>(codec: Codec<T>, bytes: Uint8Array): T {
  return attempt("malformed", () => decode(codec, bytes));
}

/** What `work` returns; its CodecError becomes an MlsError with `code`. */
export function attempt<T>(code: MlsErrorCode, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof CodecError ? new MlsError(code, error.message) : error;
  }
}
