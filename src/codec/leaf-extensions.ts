import { CodecError } from "./codec-error.js";
import { bool, type Codec, type Infer, opaque, struct, text, uri, vector } from "./tls.js";

/** MLS extension types of ours, from the private-use range (RFC 9420, 17.3). */
export const EXTENSION = {
  /** GroupContext: the room's policy. The number once proposed, 0x000B, collides with another draft. */
  roomPolicy: 0xf0a0,
  /** Leaf: the user key and its signature over the client. */
  clientBinding: 0xf0a1,
  /** Leaf: what the user wants to be called. */
  nickname: 0xf0a2,
  /** Leaf: what kinds of rooms its user takes part in; absent: any. */
  acceptablePolicies: 0xf0a3,
  /** Leaf: what the user's provider says of its user. */
  userClaims: 0xf0a4,
} as const;

/** SignWithLabel labels (RFC 9420, 5.1.2). */
export const CLIENT_BINDING_LABEL = "MimiClientBinding";
export const CLIENT_PROOF_LABEL = "MimiClientProof";
export const USER_CLAIMS_LABEL = "MimiUserClaims";

/** `struct { opaque user_key<V>; opaque signature<V>; } ClientBinding`: the user key vouches for this leaf. */
export const clientBinding = struct({ userKey: opaque, signature: opaque });
export type ClientBinding = Infer<typeof clientBinding>;

/** `struct { Uri client_uri; opaque signature_key<V>; } ClientBindingTBS`: what the user key signs. */
export const clientBindingTBS = struct({ clientUri: text, signatureKey: opaque });

/** `struct { opaque challenge<V>; Uri client_uri; } ClientProofTBS`: what a leaf key signs to register at a provider. */
export const clientProofTBS = struct({ challenge: opaque, clientUri: text });

/**
 *     struct { bool logging; bool history; bool bots; bool receipts; bool pseudonyms; } Acceptance;
 *
 * What a client's user accepts of a room: that it is logged, that newcomers are shown what was said before, that it has bots, that
 * delivery notifications or read receipts are required, and that people need no long-term names (framework draft, 5.11: "If
 * clients advertise acceptable policies").
 */
export const acceptance = struct({ logging: bool, history: bool, bots: bool, receipts: bool, pseudonyms: bool });
export type Acceptance = Infer<typeof acceptance>;

/** A leaf is read by everybody who joins: so many groups, and as many workgroups, may stand in one. */
const MAX_CLAIMED = 16;

/**
 *     struct {
 *       opaque provider_key<V>;     // the key that made the signature
 *       Uri groups<V>;              // 16 at most
 *       Uri workgroups<V>;          // 16 at most
 *       opaque signature<V>;        // over UserClaimsTBS, SignWithLabel "MimiUserClaims"
 *     } UserClaims;
 *
 * A statement of a user's provider: that the user is of its domain, and in these groups and workgroups of it. It says which key
 * signed it, so that the signature can be checked with the leaf alone; whether that key is the provider's, each room says
 * (resolutions, "Claims of a user").
 */
export const userClaims = struct({
  providerKey: opaque,
  groups: vector(uri, MAX_CLAIMED),
  workgroups: vector(uri, MAX_CLAIMED),
  signature: opaque,
});
export type UserClaims = Infer<typeof userClaims>;

/** `struct { Uri user; opaque user_key<V>; Uri groups<V>; Uri workgroups<V>; } UserClaimsTBS`: what the provider signs. */
export const userClaimsTBS = struct({
  user: uri,
  userKey: opaque,
  groups: vector(uri, MAX_CLAIMED),
  workgroups: vector(uri, MAX_CLAIMED),
});

const MAX_NICKNAME = 80;

// Controls, line separators, and the marks that turn or isolate the direction of the text around them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unfit = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** A nickname as it goes into a leaf: trimmed, NFC. Throws CodecError unless 1 to 80 characters without controls remain. */
export function checkNickname(input: string): string {
  const name = input.normalize("NFC").trim();
  const problem = nicknameProblem(name);
  if (problem !== undefined) throw new CodecError("nickname", problem);
  return name;
}

/**
 * The nickname in a leaf. Reading does not ask for NFC: engines differ in the Unicode version that they normalise by,
 * and whether a leaf is well-formed must not depend on the engine.
 */
export const nickname: Codec<string> = {
  write: (writer, value) => text.write(writer, checkNickname(value)),
  read(reader) {
    const value = text.read(reader);
    const problem = nicknameProblem(value);
    if (problem !== undefined) throw reader.error(problem);
    return value;
  },
};

function nicknameProblem(name: string): string | undefined {
  const { length } = Array.from(name);
  if (length < 1 || length > MAX_NICKNAME) return `${length} characters, not 1 to ${MAX_NICKNAME}`;
  if (unfit.test(name)) return "a control character";
  return name.trim() === "" ? "nothing but blanks" : undefined;
}
