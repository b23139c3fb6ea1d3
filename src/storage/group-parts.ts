import { concat } from "../codec/bytes.js";
import type { GroupRecord } from "./records.js";

/**
 * The octets of a group that only a commit changes; in a room of hundreds nearly all of it. In memory of their own: with a view
 * of the whole, the whole would be cloned and stored, the epoch's secrets with it.
 */
export function publicPartOf({ group, publicLength }: GroupRecord): Uint8Array | undefined {
  return publicLength === undefined ? undefined : group?.slice(0, publicLength);
}

/** The record as it is kept beside its public part. */
export function withoutPublicPart(record: GroupRecord): GroupRecord {
  const { group, publicLength } = record;
  return group && publicLength !== undefined ? { ...record, group: group.slice(publicLength) } : record;
}

/** The record that was kept in two parts; in one, before there were two. Leaves zeros where its secrets were. */
export function wholeGroup(
  record: GroupRecord | undefined,
  publicPart: Uint8Array | undefined,
): GroupRecord | undefined {
  if (!record?.group || record.publicLength === undefined) return record;
  const group = concat(publicPart ?? new Uint8Array(0), record.group);
  record.group.fill(0);
  return { ...record, group };
}
