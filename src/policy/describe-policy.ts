import type { RoomPolicy } from "../codec/room-policy.js";
import { lockedDown } from "./lockdown.js";

/** One statement about a room that its policy makes; an element puts it into the visitor's language. */
export type PolicyFact =
  | { readonly kind: "endToEndEncrypted" }
  /** Only whom the policy lists comes in for now, and who has not been given voice is silent. */
  | { readonly kind: "lockedDown" }
  | { readonly kind: "anyoneMayJoin" }
  | { readonly kind: "membersOnly" }
  /** Nobody is ever added to those who are listed. */
  | { readonly kind: "fixedMembership" }
  /** Only occupants of another room, which the policy names, may come in. */
  | { readonly kind: "partOfAnotherRoom"; readonly room: string }
  | { readonly kind: "knockToJoin" }
  | { readonly kind: "password" }
  /** The policy holds a link for whoever comes by it. */
  | { readonly kind: "publicLink" }
  | { readonly kind: "discoverable" }
  | { readonly kind: "moderated" }
  | { readonly kind: "pseudonyms" }
  | { readonly kind: "singleDevice" }
  | { readonly kind: "deliveryNotificationsRequired" }
  | { readonly kind: "readReceiptsRequired" }
  | { readonly kind: "noHistoryForNewcomers" }
  | { readonly kind: "historyShared"; readonly seconds: number }
  | { readonly kind: "logged"; readonly by: readonly string[]; readonly policy: string }
  | { readonly kind: "notLogged" }
  | { readonly kind: "persistent" }
  | { readonly kind: "bots"; readonly names: readonly string[] };

/** What the policy means for a visitor, most important first. */
export function describePolicy(policy: RoomPolicy): PolicyFact[] {
  return [
    { kind: "endToEndEncrypted" },
    logging(policy),
    ...when(lockedDown(policy), { kind: "lockedDown" }),
    membership(policy),
    ...when(policy.knockAllowed, { kind: "knockToJoin" }),
    ...when(policy.passwordProtected, { kind: "password" }),
    ...when(policy.linkPolicy.joinLink !== "", { kind: "publicLink" }),
    ...when(policy.moderated, { kind: "moderated" }),
    history(policy),
    ...when(policy.allowedBots.length > 0, { kind: "bots", names: policy.allowedBots.map(({ name }) => name) }),
    ...when(policy.deliveryNotifications === "required", { kind: "deliveryNotificationsRequired" }),
    ...when(policy.readReceipts === "required", { kind: "readReceiptsRequired" }),
    ...when(policy.pseudonymousIds, { kind: "pseudonyms" }),
    ...when(!policy.multiDevice, { kind: "singleDevice" }),
    ...when(policy.discoverable, { kind: "discoverable" }),
    ...when(policy.persistentRoom, { kind: "persistent" }),
  ];
}

function when(holds: boolean, fact: PolicyFact): PolicyFact[] {
  return holds ? [fact] : [];
}

function membership({ membershipStyle, parentRoomUri }: RoomPolicy): PolicyFact {
  switch (membershipStyle) {
    case "open":
      return { kind: "anyoneMayJoin" };
    case "members_only":
      return { kind: "membersOnly" };
    case "fixed_membership":
      return { kind: "fixedMembership" };
    case "parent_dependent":
      return { kind: "partOfAnotherRoom", room: parentRoomUri };
  }
}

function logging({ loggingPolicy: { enabled, loggingClients, humanReadablePolicy } }: RoomPolicy): PolicyFact {
  return enabled ? { kind: "logged", by: loggingClients, policy: humanReadablePolicy } : { kind: "notLogged" };
}

function history({ historySharing: { historySharing, maxTimePeriod } }: RoomPolicy): PolicyFact {
  return historySharing === "forbidden"
    ? { kind: "noHistoryForNewcomers" }
    : { kind: "historyShared", seconds: maxTimePeriod };
}
