import { encode } from "../codec/tls.js";
import type { Crypto } from "./crypto.js";
import { forget } from "./forget.js";
import { signContent } from "./framing.js";
import { type Group, signatureHandle } from "./group.js";
import { ensure } from "./mls-error.js";
import { sealPrivateMessage } from "./private-framing.js";
import { nextKey } from "./secret-tree.js";
import { mlsMessage } from "./wire/message.js";

/**
 * Encrypts an application message. `next` must be on disk before `message` is sent: from the old group the same key
 * would be used again. `authenticatedData` is read by everybody who sees the message, and changed by nobody.
 */
export async function protectMessage(
  crypto: Crypto,
  group: Group,
  content: Uint8Array,
  authenticatedData = new Uint8Array(0),
): Promise<{ message: Uint8Array<ArrayBuffer>; next: Group }> {
  // "the client MUST NOT use the group to send messages anymore" (RFC 9420, 12.4.2)
  ensure(group.reInit === undefined, "invalidCommit", "the group begins anew elsewhere");
  const { groupId, epoch, ownLeafIndex: leafIndex } = group;
  const header = { groupId, epoch, contentType: "application", authenticatedData } as const;
  const framed = {
    ...header,
    sender: { kind: "member", leafIndex },
    content: { kind: "application", applicationData: content },
  } as const;
  const signature = await signContent(crypto, "privateMessage", framed, group.context, signatureHandle(group));
  const { messageKey, generation, tree } = await nextKey(crypto, group.secretTree, leafIndex);
  const { senderDataSecret } = group.keys;
  const body = { applicationData: content, signature };
  const sender = { leafIndex, generation };
  const privateMessage = await sealPrivateMessage(crypto, header, body, sender, messageKey, senderDataSecret);
  forget(messageKey.key, messageKey.nonce);
  return {
    message: encode(mlsMessage, { kind: "privateMessage", privateMessage }),
    next: { ...group, secretTree: tree },
  };
}
