import type { RoleName, SettingValues, Standing, UserModeration } from "../../src/client/contract.js";

/** What an organiser can do to somebody, as people call it. */
export type PersonDeed = "giveVoice" | "takeVoice" | "makeAdmin" | "makeOwner" | "demote" | "kick" | "ban" | "unban";

/** A deed, and the place in the policy that it gives; a kick gives none. */
export interface OfferedDeed {
  readonly deed: PersonDeed;
  readonly standing?: Standing;
}

/** What is asked before it is done: it cannot be undone, or it hurts. */
export type ConfirmedDeed = "makeOwner" | "kick" | "ban";

export function isConfirmed(deed: PersonDeed): deed is ConfirmedDeed {
  return deed === "makeOwner" || deed === "kick" || deed === "ban";
}

/** The order in which they stand: what harms comes last. */
const ORDER: readonly PersonDeed[] = [
  "unban",
  "giveVoice",
  "takeVoice",
  "demote",
  "makeAdmin",
  "makeOwner",
  "kick",
  "ban",
];

/** What may be done to a user, once each: two places in the policy that come to the same are one deed. */
export function personDeeds(
  { role, mayGive, mayKick }: UserModeration,
  { moderated, membershipStyle }: Pick<SettingValues, "moderated" | "membershipStyle">,
): OfferedDeed[] {
  const offered = new Map<PersonDeed, OfferedDeed>();
  for (const standing of mayGive) {
    const deed = deedOf(role, standing === "none" ? (moderated ? "visitor" : "regular_user") : standing);
    if (deed === undefined) continue;
    // In no list is the same as the default role where anyone may be, and being put out everywhere else.
    const preferred = standing === "none" ? membershipStyle === "open" || deed === "unban" : false;
    if (preferred || !offered.has(deed)) offered.set(deed, { deed, standing });
  }
  // Who is banned may come back like anybody else; more is given when they are here.
  if (role === "banned") return [...offered.values()].filter(({ deed }) => deed === "unban");
  if (mayKick) offered.set("kick", { deed: "kick" });
  return ORDER.flatMap((deed) => offered.get(deed) ?? []);
}

function deedOf(from: RoleName, to: RoleName): PersonDeed | undefined {
  if (from === to) return undefined;
  if (to === "banned") return "ban";
  if (from === "banned") return to === "regular_user" || to === "visitor" ? "unban" : undefined;
  if (to === "owner") return "makeOwner";
  if (to === "admin") return "makeAdmin";
  if (to === "regular_user") return from === "visitor" ? "giveVoice" : "demote";
  return from === "regular_user" ? "takeVoice" : undefined;
}
