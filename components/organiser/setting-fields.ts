import type { SettingValues } from "../../src/client/contract.js";

/** The settings by what they are set with; locking down has a button of its own. */
type KeysOf<Value> = {
  [Key in keyof SettingValues]: [SettingValues[Key]] extends [Value]
    ? [Value] extends [SettingValues[Key]]
      ? Key
      : never
    : never;
}[keyof SettingValues];

export type SwitchKey = Exclude<KeysOf<boolean>, "lockdown">;
export type OptionalityKey = KeysOf<SettingValues["readReceipts"]>;

/** A setting as it stands in the form. */
export type SettingField =
  | { readonly kind: "text"; readonly key: "name" | "loggingPolicy" }
  | { readonly kind: "style"; readonly key: "membershipStyle" }
  | { readonly kind: "switch"; readonly key: SwitchKey }
  | { readonly kind: "optionality"; readonly key: OptionalityKey }
  | { readonly kind: "history"; readonly key: "historySeconds" }
  | { readonly kind: "clients"; readonly key: "loggingClients" };

/** The form, from what is changed most. */
export const SETTING_FIELDS: readonly SettingField[] = [
  { kind: "text", key: "name" },
  { kind: "style", key: "membershipStyle" },
  { kind: "switch", key: "knockAllowed" },
  { kind: "switch", key: "moderated" },
  { kind: "switch", key: "pseudonymousIds" },
  { kind: "switch", key: "multiDevice" },
  { kind: "switch", key: "persistentRoom" },
  { kind: "switch", key: "discoverable" },
  { kind: "history", key: "historySeconds" },
  { kind: "optionality", key: "deliveryNotifications" },
  { kind: "optionality", key: "readReceipts" },
  { kind: "clients", key: "loggingClients" },
  { kind: "text", key: "loggingPolicy" },
];

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

/** How far back newcomers may be shown what was said, to choose from: `present` is one of them. Seconds; null: nothing. */
export function historyChoices(present: number | null): readonly (number | null)[] {
  const spans = new Set([HOUR, DAY, 7 * DAY, 30 * DAY, ...(present === null ? [] : [present])]);
  return [null, ...[...spans].sort((one, other) => one - other)];
}

/** A setting of a form put to `value`, with what has to follow: only a room with a list has a door to knock at. */
export function withSetting<Key extends keyof SettingValues>(
  values: SettingValues,
  key: Key,
  value: SettingValues[Key],
): SettingValues {
  const next: SettingValues = { ...values, [key]: value };
  return next.membershipStyle === "members_only" ? next : { ...next, knockAllowed: false };
}

/** What of `wanted` is another than in `present`. */
export function changeBetween(present: SettingValues, wanted: SettingValues): Partial<SettingValues> {
  const keys = Object.keys(present) as (keyof SettingValues)[];
  return Object.fromEntries(
    keys.filter((key) => String(present[key]) !== String(wanted[key])).map((key) => [key, wanted[key]]),
  );
}
