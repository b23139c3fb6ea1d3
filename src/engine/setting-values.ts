import { equalBytes } from "../codec/bytes.js";
import {
  type HistoryPolicy,
  type LoggingPolicy,
  ROOM_NAME,
  type RoomPolicy,
  roomName,
  roomNameExtension,
  roomPolicy,
} from "../codec/room-policy.js";
import { encode } from "../codec/tls.js";
import { lockDown, lockedDown, unlock } from "../policy/lockdown.js";
import { canonicalEntry } from "../policy/roles.js";
import type { SettingsChange, SettingValues } from "../worker/organiser-api.js";

const LONGEST_HISTORY = 2 ** 32 - 1;

const NO_LOGGING: LoggingPolicy = {
  logging: "forbidden",
  enabled: false,
  loggingClients: [],
  machineReadablePolicy: "",
  humanReadablePolicy: "",
};

const NO_HISTORY: HistoryPolicy = {
  historySharing: "forbidden",
  whoCanShare: [],
  automaticallyShare: false,
  maxTimePeriod: 0,
};

/** What a policy says, as a form shows it. */
export function valuesOf(policy: RoomPolicy): SettingValues {
  const { membershipStyle, knockAllowed, moderated, multiDevice, pseudonymousIds, discoverable } = policy;
  const { persistentRoom, deliveryNotifications, readReceipts, loggingPolicy } = policy;
  return {
    name: roomName(policy),
    lockdown: lockedDown(policy),
    membershipStyle,
    knockAllowed,
    moderated,
    multiDevice,
    pseudonymousIds,
    discoverable,
    persistentRoom,
    deliveryNotifications,
    readReceipts,
    historySeconds: secondsOf(policy.historySharing),
    loggingClients: loggingPolicy.loggingClients.map(canonical),
    loggingPolicy: loggingPolicy.humanReadablePolicy,
  };
}

/** The policy with these settings; the very same object where that changes nothing. Whether it is valid is not asked here. */
export function withSettings(before: RoomPolicy, change: SettingsChange): RoomPolicy {
  // What a lockdown kept comes back first, and then what is wished beside it.
  const base = change.lockdown === false && lockedDown(before) ? unlock(before) : before;
  const { name, lockdown, historySeconds, loggingClients, loggingPolicy, ...plain } = { ...valuesOf(base), ...change };
  const set: RoomPolicy = {
    ...base,
    ...plain,
    // "Otherwise … zero-length" (framework draft, 7.1)
    parentRoomUri: plain.membershipStyle === "parent_dependent" ? base.parentRoomUri : "",
    historySharing: historyOf(base.historySharing, historySeconds),
    loggingPolicy: loggingOf(base.loggingPolicy, loggingClients.map(canonical), loggingPolicy),
  };
  const called = name.normalize("NFC").trim();
  const named = called === roomName(base) ? set : renamed(set, called);
  const after = lockdown && !lockedDown(named) ? lockDown(named) : named;
  return equalBytes(encode(roomPolicy, before), encode(roomPolicy, after)) ? before : after;
}

/** The policy of the room by another name. */
export function renamed(policy: RoomPolicy, name: string): RoomPolicy {
  const others = policy.policyExtensions.filter((extension) => extension.name !== ROOM_NAME);
  return { ...policy, policyExtensions: [...others, roomNameExtension(name)] };
}

function secondsOf({ historySharing, maxTimePeriod }: HistoryPolicy): number | null {
  return historySharing === "forbidden" ? null : maxTimePeriod;
}

function historyOf(before: HistoryPolicy, wished: number | null): HistoryPolicy {
  if (wished === null) return before.historySharing === "forbidden" ? before : NO_HISTORY;
  const maxTimePeriod = Math.min(LONGEST_HISTORY, Math.max(0, Math.round(wished)));
  if (before.historySharing !== "forbidden") return { ...before, maxTimePeriod };
  return { ...NO_HISTORY, historySharing: "optional", whoCanShare: ["owner", "admin"], maxTimePeriod };
}

function loggingOf(before: LoggingPolicy, loggingClients: string[], humanReadablePolicy: string): LoggingPolicy {
  const kept = before.loggingClients.map(canonical);
  const isSame = loggingClients.length === kept.length && loggingClients.every((uri, n) => uri === kept[n]);
  if (isSame) return { ...before, humanReadablePolicy };
  if (loggingClients.length === 0) return NO_LOGGING;
  const logging = before.logging === "required" ? "required" : "optional";
  return { ...before, logging, enabled: true, loggingClients, humanReadablePolicy };
}

/** What is none is left as it is, for policy to refuse. */
function canonical(uri: string): string {
  return canonicalEntry(uri) ?? uri;
}
