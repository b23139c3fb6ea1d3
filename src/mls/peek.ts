import { MlsError, parse } from "./mls-error.js";
import type { ContentType } from "./wire/framed-content.js";
import { mlsMessage } from "./wire/message.js";

/** What a message says of itself without any key, and without any proof. */
export interface Peeked {
  readonly wireFormat: "publicMessage" | "privateMessage" | "groupInfo";
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  /** Undefined for a GroupInfo. */
  readonly contentType: ContentType | undefined;
  /** Of a PrivateMessage. */
  readonly authenticatedData?: Uint8Array;
  /** The leaf index that a member's PublicMessage states. */
  readonly senderLeaf?: number;
}

/** Reads the outside of an MLSMessage, for ordering. Throws MlsError "malformed", "unsupported". */
export function peekMessage(bytes: Uint8Array): Peeked {
  const message = parse(mlsMessage, bytes);
  switch (message.kind) {
    case "keyPackage":
    case "welcome":
      throw new MlsError("unsupported", `a ${message.kind} is of no epoch`);
    case "privateMessage": {
      const { groupId, epoch, contentType, authenticatedData } = message.privateMessage;
      return { wireFormat: message.kind, groupId, epoch, contentType, authenticatedData };
    }
    case "publicMessage": {
      const { groupId, epoch, content, sender } = message.publicMessage.content;
      const peeked = { wireFormat: message.kind, groupId, epoch, contentType: content.kind };
      return sender.kind === "member" ? { ...peeked, senderLeaf: sender.leafIndex } : peeked;
    }
    case "groupInfo": {
      const { groupId, epoch } = message.groupInfo.groupContext;
      return { wireFormat: message.kind, groupId, epoch, contentType: undefined };
    }
  }
}
