import { fromUtf8, utf8 } from "../codec/bytes.js";
import { unlessMalformed } from "../codec/codec-error.js";
import type { PolicyExtension, RoomPolicy } from "../codec/room-policy.js";

/** The policy extension of a room that is locked down: a JSON object with what {@link unlock} brings back. */
export const LOCKDOWN = "lockdown";

/** Each "true" or "false", so that the same room is the same octets. */
interface Former {
  readonly open: boolean;
  readonly moderated: boolean;
  readonly knock_allowed: boolean;
}

/** Whether only whom the policy lists comes into the room for now, and who has not been given voice is silent. */
export function lockedDown(policy: RoomPolicy): boolean {
  return extensionIn(policy) !== undefined;
}

/** The policy with the room locked down; who is inside stays. The same policy where it is so already. */
export function lockDown(policy: RoomPolicy): RoomPolicy {
  if (lockedDown(policy)) return policy;
  const { membershipStyle, moderated, knockAllowed } = policy;
  const former: Former = { open: membershipStyle === "open", moderated, knock_allowed: knockAllowed };
  const extension = { name: LOCKDOWN, type: "jsonObject", value: utf8(JSON.stringify(former)) } as const;
  return {
    ...policy,
    membershipStyle: former.open ? "members_only" : membershipStyle,
    moderated: true,
    knockAllowed: false,
    policyExtensions: [...policy.policyExtensions, extension],
  };
}

/** The policy as it was before {@link lockDown}; the same where the room is not locked down. */
export function unlock(policy: RoomPolicy): RoomPolicy {
  const former = formerOf(policy);
  if (former === undefined) return policy;
  return {
    ...policy,
    membershipStyle: former.open ? "open" : policy.membershipStyle,
    moderated: former.moderated,
    knockAllowed: former.knock_allowed,
    policyExtensions: policy.policyExtensions.filter(({ name }) => name !== LOCKDOWN),
  };
}

/** Whether a policy that says "locked down" is, and can be unlocked again. */
export function holdsLockdown(policy: RoomPolicy): boolean {
  if (!lockedDown(policy)) return true;
  const closed = policy.membershipStyle !== "open" && policy.moderated && !policy.knockAllowed;
  const former = formerOf(policy);
  return closed && former !== undefined && canComeBack(former, policy);
}

/** Only a members-only room was open, or took knocks, and never both: another could not be unlocked validly. */
function canComeBack({ open, knock_allowed }: Former, { membershipStyle }: RoomPolicy): boolean {
  return (!open && !knock_allowed) || (membershipStyle === "members_only" && open !== knock_allowed);
}

function formerOf(policy: RoomPolicy): Former | undefined {
  const extension = extensionIn(policy);
  return extension?.type === "jsonObject" ? parse(extension.value) : undefined;
}

// Written by anybody: what is not the one spelling of three booleans is nothing.
function parse(value: Uint8Array): Former | undefined {
  const text = unlessMalformed(() => fromUtf8(value));
  const [, open, moderated, knock] =
    /^\{"open":(true|false),"moderated":(true|false),"knock_allowed":(true|false)\}$/u.exec(text ?? "") ?? [];
  if (open === undefined) return undefined;
  return { open: open === "true", moderated: moderated === "true", knock_allowed: knock === "true" };
}

function extensionIn({ policyExtensions }: RoomPolicy): PolicyExtension | undefined {
  return policyExtensions.find(({ name }) => name === LOCKDOWN);
}
