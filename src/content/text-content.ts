import { utf8 } from "../codec/bytes.js";
import { DISPOSITION, type MimiContent, ROOM_URI, SENDER_URI } from "./mimi-content.js";

/** How text is marked up. Markdown is GFM without HTML and without autolinks. */
export type TextFormat = "plain" | "markdown";

/** Media types that every client can receive (draft-ietf-mimi-content-09, Required media types). */
export const TEXT_TYPE: Readonly<Record<TextFormat, string>> = {
  plain: "text/plain;charset=utf-8",
  markdown: "text/markdown;variant=GFM-MIMI",
};

export interface TextInput {
  readonly text: string;
  readonly format: TextFormat;
  /** 16 random octets; the same again when the same message is sent again. */
  readonly salt: Uint8Array;
  /** The sender's user URI. */
  readonly sender: string;
  readonly room: string;
}

/** A message of one text. Throws CodecError for a lone surrogate in it. */
export function textContent({ text, format, salt, sender, room }: TextInput): MimiContent {
  return {
    salt,
    replaces: undefined,
    topicId: new Uint8Array(),
    expires: undefined,
    inReplyTo: undefined,
    extensions: new Map([
      [SENDER_URI, sender],
      [ROOM_URI, room],
    ]),
    body: {
      kind: "single",
      disposition: DISPOSITION.render,
      language: "",
      contentType: TEXT_TYPE[format],
      content: utf8(text),
    },
  };
}
