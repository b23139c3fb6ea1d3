import type { ExplainedChange, RoleName, RoomSettings, Standing, UserModeration } from "../../src/client/contract.js";
import { occupants, userUri } from "./shown-states.js";

/** What a shown room tells its organisers. */
export interface ShownOrganised {
  readonly settings: RoomSettings;
  readonly explained: ExplainedChange;
  moderation(user: string): UserModeration;
}

const settings: RoomSettings = {
  values: {
    name: "Keynote: Building in public",
    lockdown: false,
    membershipStyle: "open",
    knockAllowed: false,
    moderated: false,
    multiDevice: true,
    pseudonymousIds: true,
    discoverable: false,
    persistentRoom: true,
    deliveryNotifications: "optional",
    readReceipts: "optional",
    historySeconds: null,
    loggingClients: [],
    loggingPolicy: "",
  },
  mayChange: [
    "name",
    "lockdown",
    "membershipStyle",
    "knockAllowed",
    "moderated",
    "multiDevice",
    "pseudonymousIds",
    "discoverable",
    "persistentRoom",
    "deliveryNotifications",
    "readReceipts",
    "historySeconds",
    "loggingClients",
    "loggingPolicy",
  ],
  banned: [userUri("Mallory"), userUri("Trudy")],
};

const explained: ExplainedChange = {
  allowed: { allowed: true },
  effects: [
    { kind: "removed", users: [userUri("Kofi")] },
    { kind: "losesVoice", users: [userUri("Ada"), userUri("Mira"), userUri("نور")] },
    { kind: "fact", before: undefined, after: { kind: "moderated" } },
    { kind: "fact", before: { kind: "notLogged" }, after: { kind: "logged", by: ["Minutes Ltd"], policy: "" } },
  ],
};

function moderation(user: string): UserModeration {
  const role: RoleName = occupants.find(({ userUri }) => userUri === user)?.role ?? "banned";
  const all: readonly Standing[] = ["owner", "admin", "regular_user", "visitor", "banned", "none"];
  const standing: Standing = role === "regular_user" || role === "system" ? "none" : role;
  return {
    userUri: user,
    role,
    standing,
    mayGive: all.filter((place) => place !== standing),
    mayKick: role !== "banned",
  };
}

/** The owner's view of the room in the other shown states. */
export const organised: ShownOrganised = { settings, explained, moderation };
