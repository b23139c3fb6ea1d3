import { updateRequest } from "../codec/hub-messages.js";
import { encode } from "../codec/tls.js";
import type { StagedOwnCommit } from "../mls/commit.js";
import { forgetGroup } from "../mls/forget-group.js";
import type { Group } from "../mls/group.js";
import { encodeGroup } from "../mls/stored-group.js";
import type { PendingPurpose, PendingRecord } from "../storage/records.js";
import { sha256 } from "./sha256.js";

/** An own commit as it is stored before it is sent; `before`: the group that it is of. Its group is kept as octets only. */
export async function pendingCommit(
  purpose: "join" | "commitProposals" | "changePolicy",
  { commit, groupInfo, ratchetTree, next }: StagedOwnCommit,
  ...before: readonly Group[]
): Promise<PendingRecord> {
  const bundle = { welcome: undefined, groupInfo, ratchetTree };
  const body = encode(updateRequest, { proposalOrCommit: commit, bundle });
  const stored = encodeGroup(next);
  forgetGroup(next, ...before);
  return { purpose, body, hash: await sha256(commit), next: stored };
}

/** Whether it is a commit of a member: one that lost its seat has no use for it. */
export function isMembersCommit({ purpose }: PendingRecord): boolean {
  return purpose === "commitProposals" || purpose === "changePolicy";
}

/** Whether an event of the log tells of it: of a group's start none does. */
export function isEvent({ purpose }: PendingRecord): boolean {
  return purpose !== "createRoom" && purpose !== "startGroup";
}

/** A new group as it is stored before it is sent, and from then on as octets only. No event of the log tells of it, so the request's hash names it. */
export async function pendingGroup(purpose: PendingPurpose, body: Uint8Array, group: Group): Promise<PendingRecord> {
  const next = encodeGroup(group);
  forgetGroup(group);
  return { purpose, body, hash: await sha256(body), next };
}
