import { updateRequest } from "../codec/hub-messages.js";
import { encode } from "../codec/tls.js";
import type { StagedOwnCommit } from "../mls/commit.js";
import type { Group } from "../mls/group.js";
import { encodeGroup } from "../mls/stored-group.js";
import type { PendingPurpose, PendingRecord } from "../storage/records.js";
import { sha256 } from "./sha256.js";

/** An own commit as it is stored before it is sent. */
export async function pendingCommit(
  purpose: "join" | "commitProposals" | "changePolicy",
  { commit, groupInfo, ratchetTree, next }: StagedOwnCommit,
): Promise<PendingRecord> {
  const bundle = { welcome: undefined, groupInfo, ratchetTree };
  const body = encode(updateRequest, { proposalOrCommit: commit, bundle });
  return { purpose, body, hash: await sha256(commit), next: encodeGroup(next) };
}

/** Whether it is a commit of a member: one that lost its seat has no use for it. */
export function isMembersCommit({ purpose }: PendingRecord): boolean {
  return purpose === "commitProposals" || purpose === "changePolicy";
}

/** Whether an event of the log tells of it: of a group's start none does. */
export function isEvent({ purpose }: PendingRecord): boolean {
  return purpose !== "createRoom" && purpose !== "startGroup";
}

/** A new group as it is stored before it is sent. No event of the log tells of it, so the request's hash names it. */
export async function pendingGroup(purpose: PendingPurpose, body: Uint8Array, group: Group): Promise<PendingRecord> {
  return { purpose, body, hash: await sha256(body), next: encodeGroup(group) };
}
