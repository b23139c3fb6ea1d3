import { equalBytes } from "../codec/bytes.js";
import { encode } from "../codec/tls.js";
import type { Group } from "./group.js";
import { readGroupInfo } from "./group-info.js";
import { groupContext } from "./wire/group-context.js";

/**
 * Whether a GroupInfo (an MLSMessage) is of the very epoch that `group` is in: the same context, hence the same tree and
 * transcript, and the same confirmation tag. Its signature is not looked at: it says nothing that is not known. Throws
 * MlsError "malformed", "invalidGroupInfo", "unsupported".
 */
export function showsEpoch(groupInfo: Uint8Array, { context, confirmationTag }: Group): boolean {
  const shown = readGroupInfo(groupInfo);
  return (
    equalBytes(encode(groupContext, shown.groupContext), encode(groupContext, context)) &&
    equalBytes(shown.confirmationTag, confirmationTag)
  );
}
