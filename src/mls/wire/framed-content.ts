import { concat } from "../../codec/bytes.js";
import {
  type Codec,
  encode,
  enumeration,
  type Infer,
  opaque,
  type Reader,
  struct,
  uint16,
  uint32,
  uint64,
  variant,
  type Writer,
} from "../../codec/tls.js";
import { commit } from "./commit.js";
import { type GroupContext, groupContext, MLS10 } from "./group-context.js";
import { proposal } from "./proposal.js";

/** WireFormat (RFC 9420, 6): how the content is sent is part of what is signed. */
export const WIRE_FORMAT = { publicMessage: 1, privateMessage: 2, welcome: 3, groupInfo: 4, keyPackage: 5 } as const;
export type WireFormat = keyof typeof WIRE_FORMAT;

export const contentType = enumeration("ContentType", { application: 1, proposal: 2, commit: 3 });
export type ContentType = Infer<typeof contentType>;

/** `struct { SenderType sender_type; select (…) { case member: uint32 leaf_index; case external: uint32 sender_index; … } } Sender` */
const sender = variant(
  enumeration("SenderType", { member: 1, external: 2, newMemberProposal: 3, newMemberCommit: 4 }),
  {
    member: struct({ leafIndex: uint32 }),
    external: struct({ senderIndex: uint32 }),
    newMemberProposal: struct({}),
    newMemberCommit: struct({}),
  },
);
export type ContentSender = Infer<typeof sender>;

const content = variant(contentType, {
  application: struct({ applicationData: opaque }),
  proposal: struct({ proposal }),
  commit: struct({ commit }),
});

/**
 *     struct {
 *       opaque group_id<V>;
 *       uint64 epoch;
 *       Sender sender;
 *       opaque authenticated_data<V>;
 *       ContentType content_type;
 *       select (FramedContent.content_type) {
 *         case application: opaque application_data<V>;
 *         case proposal:    Proposal proposal;
 *         case commit:      Commit commit;
 *       };
 *     } FramedContent;                           // RFC 9420, 6
 */
export const framedContent = struct({ groupId: opaque, epoch: uint64, sender, authenticatedData: opaque, content });
export type FramedContent = Infer<typeof framedContent>;

/** FramedContentAuthData (RFC 9420, 6.1): `confirmationTag` is there exactly when the content is a commit. */
export interface AuthData {
  readonly signature: Uint8Array;
  readonly confirmationTag: Uint8Array | undefined;
}

export function writeAuthData(writer: Writer, auth: AuthData): void {
  opaque.write(writer, auth.signature);
  if (auth.confirmationTag !== undefined) opaque.write(writer, auth.confirmationTag);
}

export function readAuthData(reader: Reader, type: ContentType): AuthData {
  const signature = reader.within("signature", () => opaque.read(reader));
  if (type !== "commit") return { signature, confirmationTag: undefined };
  return { signature, confirmationTag: reader.within("confirmationTag", () => opaque.read(reader)) };
}

/** `struct { WireFormat wire_format; FramedContent content; FramedContentAuthData auth; } AuthenticatedContent` (RFC 9420, 6) */
export interface AuthenticatedContent {
  readonly wireFormat: WireFormat;
  readonly content: FramedContent;
  readonly auth: AuthData;
}

export function encodeAuthenticatedContent({
  wireFormat,
  content,
  auth,
}: AuthenticatedContent): Uint8Array<ArrayBuffer> {
  return concat(encode(uint16, WIRE_FORMAT[wireFormat]), encode(framedContent, content), encodeAuthData(auth));
}

/** FramedContentTBS (RFC 9420, 6.1): "case member / new_member_commit: GroupContext context". */
export function encodeFramedContentTBS(
  wireFormat: WireFormat,
  content: FramedContent,
  context: GroupContext,
): Uint8Array<ArrayBuffer> {
  const { kind } = content.sender;
  return concat(
    encode(uint16, MLS10),
    encode(uint16, WIRE_FORMAT[wireFormat]),
    encode(framedContent, content),
    kind === "member" || kind === "newMemberCommit" ? encode(groupContext, context) : new Uint8Array(0),
  );
}

/** AuthenticatedContentTBM (RFC 9420, 6.2): what the membership tag covers. */
export function encodeAuthenticatedContentTBM(
  content: FramedContent,
  auth: AuthData,
  context: GroupContext,
): Uint8Array<ArrayBuffer> {
  return concat(encodeFramedContentTBS("publicMessage", content, context), encodeAuthData(auth));
}

/** ConfirmedTranscriptHashInput (RFC 9420, 8.2). */
export function encodeConfirmedTranscriptHashInput({
  wireFormat,
  content,
  auth,
}: AuthenticatedContent): Uint8Array<ArrayBuffer> {
  return concat(
    encode(uint16, WIRE_FORMAT[wireFormat]),
    encode(framedContent, content),
    encode(opaque, auth.signature),
  );
}

const authData: Codec<AuthData> = {
  write: writeAuthData,
  read: (reader) => readAuthData(reader, "commit"),
};

function encodeAuthData(auth: AuthData): Uint8Array<ArrayBuffer> {
  return encode(authData, auth);
}
