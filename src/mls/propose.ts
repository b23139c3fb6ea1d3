import type { Crypto } from "./crypto.js";
import { encodePublicMessage, signContent } from "./framing.js";
import { type Group, signatureHandle } from "./group.js";

/** The message by which this member asks the others to commit its leaving (mls-extensions, SelfRemove). */
export async function proposeSelfRemove(crypto: Crypto, group: Group): Promise<Uint8Array<ArrayBuffer>> {
  const content = {
    groupId: group.groupId,
    epoch: group.epoch,
    sender: { kind: "member", leafIndex: group.ownLeafIndex },
    authenticatedData: new Uint8Array(0),
    content: { kind: "proposal", proposal: { kind: "selfRemove" } },
  } as const;
  const signature = await signContent(crypto, "publicMessage", content, group.context, signatureHandle(group));
  const auth = { signature, confirmationTag: undefined };
  return encodePublicMessage(crypto, content, auth, group.context, group.keys.membershipKey);
}
