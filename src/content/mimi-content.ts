import type { CborMap } from "./cbor.js";

/** A MIMI content message (draft-ietf-mimi-content-09, Message Behavior Fields). */
export interface MimiContent {
  /** 16 random octets. */
  readonly salt: Uint8Array;
  /** Message ID of the message that this one edits or deletes. */
  readonly replaces: Uint8Array | undefined;
  /** Groups messages into a topic; empty: none. */
  readonly topicId: Uint8Array;
  readonly expires: Expiration | undefined;
  /** Message ID of the message that this one answers. */
  readonly inReplyTo: Uint8Array | undefined;
  /** By registered number or private name; {@link SENDER_URI} and {@link ROOM_URI} are text. */
  readonly extensions: CborMap;
  readonly body: NestedPart;
}

/** Extension keys of the "MIMI Content Extension Keys" registry. */
export const SENDER_URI = 1;
export const ROOM_URI = 2;

/** A hint when to delete the message: seconds after it was read (relative), or since 1970. */
export interface Expiration {
  readonly relative: boolean;
  readonly time: number;
}

/** A part of a body. Dispositions are numbers of the registry; `language` is a list of tags, or empty. */
export type NestedPart = { readonly disposition: number; readonly language: string } & (
  | { readonly kind: "null" }
  | { readonly kind: "single"; readonly contentType: string; readonly content: Uint8Array }
  | ({ readonly kind: "external" } & ExternalContent)
  | { readonly kind: "multi"; readonly semantics: PartSemantics; readonly parts: readonly NestedPart[] }
);

/** Content elsewhere, encrypted with the key given here. */
export interface ExternalContent {
  readonly contentType: string;
  readonly url: string;
  /** Seconds since 1970; 0: never. */
  readonly expires: number;
  /** Octets; 0: not said. */
  readonly size: number;
  /** An IANA AEAD algorithm; 0: not encrypted. */
  readonly encAlg: number;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
  /** An IANA named information hash algorithm. */
  readonly hashAlg: number;
  readonly contentHash: Uint8Array;
  readonly description: string;
  readonly filename: string;
}

/** `chooseOne`: pick one part; `singleUnit`: all or none; `processAll`: as many as possible. */
export type PartSemantics = "chooseOne" | "singleUnit" | "processAll";

/** Registered dispositions that this product knows; an unknown one "should be treated as if it were render". */
export const DISPOSITION = {
  unspecified: 0,
  render: 1,
  reaction: 2,
  profile: 3,
  inline: 4,
  icon: 5,
  attachment: 6,
  session: 7,
  preview: 8,
} as const;

export const PART_SEMANTICS: readonly PartSemantics[] = ["chooseOne", "singleUnit", "processAll"];

/** Cardinalities by their numbers on the wire. */
export const CARDINALITY = { null: 0, single: 1, external: 2, multi: 3 } as const;

/** SHA-256 in the named information registry: the first octet of every message ID. */
export const SHA_256 = 0x01;
