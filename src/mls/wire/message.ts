import { type Codec, type Infer, opaque, struct, uint16, uint64, variant } from "../../codec/tls.js";
import {
  type AuthData,
  contentType,
  type FramedContent,
  framedContent,
  readAuthData,
  WIRE_FORMAT,
  type WireFormat,
  writeAuthData,
} from "./framed-content.js";
import { groupInfo, MLS10 } from "./group-context.js";
import { keyPackage } from "./key-package.js";
import { welcome } from "./welcome.js";

/** `membershipTag` is there exactly when the sender is a member. */
export interface PublicMessage {
  readonly content: FramedContent;
  readonly auth: AuthData;
  readonly membershipTag: Uint8Array | undefined;
}

/** `struct { FramedContent content; FramedContentAuthData auth; select (…) { case member: MAC membership_tag; … } } PublicMessage` (RFC 9420, 6.2) */
export const publicMessage: Codec<PublicMessage> = {
  write(writer, { content, auth, membershipTag }) {
    writer.within("content", () => framedContent.write(writer, content));
    writer.within("auth", () => writeAuthData(writer, auth));
    if (membershipTag !== undefined) writer.within("membershipTag", () => opaque.write(writer, membershipTag));
  },
  read(reader) {
    const content = reader.within("content", () => framedContent.read(reader));
    // "Application messages MUST be … PrivateMessage" (RFC 9420, 6.2 and 15.2)
    if (content.content.kind === "application") throw reader.error("an application message that is not encrypted");
    const auth = reader.within("auth", () => readAuthData(reader, content.content.kind));
    if (content.sender.kind !== "member") return { content, auth, membershipTag: undefined };
    return { content, auth, membershipTag: reader.within("membershipTag", () => opaque.read(reader)) };
  },
};

/**
 *     struct {
 *       opaque group_id<V>;
 *       uint64 epoch;
 *       ContentType content_type;
 *       opaque authenticated_data<V>;
 *       opaque encrypted_sender_data<V>;
 *       opaque ciphertext<V>;
 *     } PrivateMessage;                          // RFC 9420, 6.3
 */
export const privateMessage = struct({
  groupId: opaque,
  epoch: uint64,
  contentType,
  authenticatedData: opaque,
  encryptedSenderData: opaque,
  ciphertext: opaque,
});
export type PrivateMessage = Infer<typeof privateMessage>;

const formats = new Map(
  (Object.keys(WIRE_FORMAT) as WireFormat[]).map((label) => [WIRE_FORMAT[label] as number, label]),
);

/** `ProtocolVersion version = mls10; WireFormat wire_format;` as the tag of an MLSMessage. */
const versionAndFormat: Codec<WireFormat> = {
  write(writer, label) {
    uint16.write(writer, MLS10);
    uint16.write(writer, WIRE_FORMAT[label]);
  },
  read(reader) {
    const version = uint16.read(reader);
    if (version !== MLS10) throw reader.error(`${version} is not the version mls10`);
    const format = uint16.read(reader);
    const label = formats.get(format);
    if (label === undefined) throw reader.error(`${format} is no WireFormat`);
    return label;
  },
};

/** MLSMessage (RFC 9420, 6). */
export const mlsMessage = variant(versionAndFormat, {
  publicMessage: struct({ publicMessage }),
  privateMessage: struct({ privateMessage }),
  groupInfo: struct({ groupInfo }),
  welcome: struct({ welcome }),
  keyPackage: struct({ keyPackage }),
});
