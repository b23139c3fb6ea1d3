import type { RoomPolicy } from "../codec/room-policy.js";

/** One statement about a room that its policy makes; an element puts it into the visitor's language. */
export type PolicyFact =
  | { readonly kind: "endToEndEncrypted" }
  | { readonly kind: "anyoneMayJoin" }
  | { readonly kind: "membersOnly" }
  | { readonly kind: "knockToJoin" }
  | { readonly kind: "moderated" }
  | { readonly kind: "pseudonyms" }
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
    policy.membershipStyle === "open" ? { kind: "anyoneMayJoin" } : { kind: "membersOnly" },
    ...when(policy.knockAllowed, { kind: "knockToJoin" }),
    ...when(policy.moderated, { kind: "moderated" }),
    history(policy),
    ...when(policy.allowedBots.length > 0, { kind: "bots", names: policy.allowedBots.map(({ name }) => name) }),
    ...when(policy.pseudonymousIds, { kind: "pseudonyms" }),
    ...when(policy.persistentRoom, { kind: "persistent" }),
  ];
}

function when(holds: boolean, fact: PolicyFact): PolicyFact[] {
  return holds ? [fact] : [];
}

function logging({ loggingPolicy: { enabled, loggingClients, humanReadablePolicy } }: RoomPolicy): PolicyFact {
  return enabled ? { kind: "logged", by: loggingClients, policy: humanReadablePolicy } : { kind: "notLogged" };
}

function history({ historySharing: { historySharing, maxTimePeriod } }: RoomPolicy): PolicyFact {
  return historySharing === "forbidden"
    ? { kind: "noHistoryForNewcomers" }
    : { kind: "historyShared", seconds: maxTimePeriod };
}
