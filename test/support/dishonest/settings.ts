import type { Acceptance } from "../../../src/codec/leaf-extensions.js";
import type { Bot, RoomPolicy } from "../../../src/codec/room-policy.js";
import { listing, type Setting } from "./dishonest-room.js";

const ALL = ["olga", "adam", "mallory"] as const;
const WITHOUT_MALLORY = ["olga", "adam"] as const;

/** A bot as a policy lists it. */
export function bot(name: string, change: Partial<Bot> = {}): Bot {
  const rights = { canRead: true, canWrite: true, canTargetMessageInGroup: false, perUserContent: false };
  return { name, description: "", homepage: "", botRole: "regular_user", ...rights, ...change };
}

/** What somebody accepts who will not have bots. */
export const NO_BOTS: Acceptance = { logging: true, history: true, bots: false, receipts: true, pseudonyms: true };

function membersOnly(policy: RoomPolicy, ...users: readonly string[]): RoomPolicy {
  return listing({ ...policy, membershipStyle: "members_only" }, "regular_user", ...users);
}

function fixed(policy: RoomPolicy, ...users: readonly string[]): RoomPolicy {
  return listing({ ...policy, membershipStyle: "fixed_membership" }, "admin", ...users);
}

/** An open room. */
export const open: Setting = { name: "an open room", policy: (policy) => policy, inside: ALL };

export const administered: Setting = {
  name: "an open room that Mallory administers",
  policy: (policy, { mallory }) => listing(policy, "admin", mallory),
  inside: ALL,
};

export const owned: Setting = {
  name: "an open room that Mallory owns too",
  policy: (policy, { mallory }) => listing(policy, "owner", mallory),
  inside: ALL,
};

export const ownedWithPair: Setting = {
  ...owned,
  name: "an open room that Mallory owns too, with two clients of Adam's",
  inside: ["olga", "adam", "mallory", "adam"],
};

export const ownedWithBot: Setting = {
  name: "an open room that Mallory owns too, where Adam is a bot",
  policy: (policy, { mallory, adam }) => ({ ...listing(policy, "owner", mallory), allowedBots: [bot(adam)] }),
  inside: ALL,
};

export const moderated: Setting = {
  name: "a moderated room",
  policy: (policy) => ({ ...policy, moderated: true }),
  inside: ALL,
};

export const withMuteBot: Setting = {
  name: "an open room where Mallory is a bot that may not write",
  policy: (policy, { mallory }) => ({ ...policy, allowedBots: [bot(mallory, { canWrite: false })] }),
  inside: ALL,
};

export const withSystemUser: Setting = {
  name: "an open room where Mallory is a system user",
  policy: (policy, { mallory }) => listing(policy, "system", mallory),
  inside: ALL,
};

export const listed: Setting = {
  name: "a members-only room",
  policy: (policy, { adam, mallory }) => membersOnly(policy, adam, mallory),
  inside: ALL,
};

export const ledAlone: Setting = {
  name: "a members-only room that only Mallory owns",
  policy: (policy, { olga, adam }) => membersOnly(policy, olga, adam),
  inside: ["mallory", "olga", "adam"],
};

export const fixedAll: Setting = {
  name: "a fixed-membership room",
  policy: (policy, { adam, mallory }) => fixed(policy, adam, mallory),
  inside: ALL,
};

export const fixedWithout: Setting = {
  name: "a fixed-membership room without Mallory",
  policy: (policy, { adam }) => fixed(policy, adam),
  inside: WITHOUT_MALLORY,
};

export const singleDevice: Setting = {
  name: "a single-device room",
  policy: (policy) => ({ ...policy, multiDevice: false }),
  inside: ALL,
};

export const banning: Setting = {
  name: "an open room where Mallory is banned",
  policy: (policy, { mallory }) => listing(policy, "banned", mallory),
  inside: WITHOUT_MALLORY,
};

export const listedWithout: Setting = {
  name: "a members-only room without Mallory",
  policy: (policy, { adam }) => membersOnly(policy, adam),
  inside: WITHOUT_MALLORY,
};

export const withPassword: Setting = {
  name: "a room with a password",
  policy: (policy) => ({ ...policy, passwordProtected: true }),
  inside: ["olga"],
};

export const logged: Setting = {
  name: "a room that another client of Mallory's logs",
  policy: (policy, _, { mallory }) => {
    const loggingPolicy = { ...policy.loggingPolicy, logging: "required", enabled: true } as const;
    return { ...policy, loggingPolicy: { ...loggingPolicy, loggingClients: [`${mallory}-log`] } };
  },
  inside: WITHOUT_MALLORY,
};

export const withBlindBot: Setting = {
  name: "an open room where Mallory is a bot that may not read",
  policy: (policy, { mallory }) => ({ ...policy, allowedBots: [bot(mallory, { canRead: false })] }),
  inside: WITHOUT_MALLORY,
};

export const alone: Setting = { name: "a room of Mallory alone", policy: (policy) => policy, inside: ["mallory"] };

const withABot = (policy: RoomPolicy): RoomPolicy => ({
  ...policy,
  allowedBots: [bot("mimi://provider.example/u/bot")],
});

export const withBot: Setting = { name: "an open room with a bot", policy: withABot, inside: ALL };

export const withUnwantedBot: Setting = {
  name: "an open room with a bot, which Mallory does not accept",
  policy: withABot,
  inside: WITHOUT_MALLORY,
  accepts: { mallory: NO_BOTS },
};

export const ownedWithChoosy: Setting = {
  ...owned,
  name: "an open room that Mallory owns too, where Adam will have no bots",
  accepts: { adam: NO_BOTS },
};
