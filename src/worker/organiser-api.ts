import type { PolicyFact, RoleName } from "./engine-api.js";

/** What an organiser's page asks of the engine besides {@link EngineApi}: who may do what, and doing it. Plain data only. */
export interface OrganiserApi {
  /** What the own user may do to another, as the policy stands. Users need not be inside. */
  moderation(user: string): Promise<UserModeration>;

  /** Removes all clients of a user, who may come back where the policy lets it. Resolves when they are out. */
  kick(user: string): Promise<void>;

  /**
   * Gives a user another place in the policy. `banned` takes out all its clients in the same commit. Resolves when everybody
   * inside agrees on it.
   */
  changeStanding(user: string, standing: Standing): Promise<void>;

  /** The room's policy, for a form. */
  settings(): Promise<RoomSettings>;

  /** What a change of settings would do, and to whom. Nothing is changed. */
  explain(change: SettingsChange): Promise<ExplainedChange>;

  /** Changes the policy; whom the new one excludes is removed in the same commit. Resolves when everybody inside agrees on it. */
  changeSettings(change: SettingsChange): Promise<void>;
}

/** The place of a user in the policy's lists. `none`: in no list, so of the room's default role. */
export type Standing = "owner" | "admin" | "regular_user" | "visitor" | "banned" | "none";

export interface UserModeration {
  readonly userUri: string;
  readonly role: RoleName;
  readonly standing: Standing | "system";
  /** The places that the own user may give it, other than the one that it has. */
  readonly mayGive: readonly Standing[];
  /** Whether it is inside and the own user may remove it. */
  readonly mayKick: boolean;
}

/** What may be set in a form. URIs are canonical. */
export interface SettingValues {
  readonly name: string;
  /** Only whom the policy lists comes in, and who has not been given voice is silent; what was before comes back with `false`. */
  readonly lockdown: boolean;
  readonly membershipStyle: "open" | "members_only" | "fixed_membership" | "parent_dependent";
  readonly knockAllowed: boolean;
  readonly moderated: boolean;
  readonly multiDevice: boolean;
  readonly pseudonymousIds: boolean;
  readonly discoverable: boolean;
  readonly persistentRoom: boolean;
  readonly deliveryNotifications: "optional" | "required" | "forbidden";
  readonly readReceipts: "optional" | "required" | "forbidden";
  /** How far back newcomers may be shown what was said, in seconds; null: not at all. */
  readonly historySeconds: number | null;
  /** Clients that keep a record of what is said; none: the room is not logged. */
  readonly loggingClients: readonly string[];
  /** Where people read what happens to the record; "" without. */
  readonly loggingPolicy: string;
}

export type SettingsChange = Partial<SettingValues>;

export interface RoomSettings {
  readonly values: SettingValues;
  /** What the own user may change. */
  readonly mayChange: readonly (keyof SettingValues)[];
  /** Users that are banned. */
  readonly banned: readonly string[];
}

/** What a change does, and whether the own user may make it. */
export interface ExplainedChange {
  readonly allowed: { readonly allowed: true } | { readonly allowed: false; readonly rule: string };
  readonly effects: readonly ChangeEffect[];
}

/** One consequence of a change of the policy. `users` are inside, by URI. */
export type ChangeEffect =
  /** They are taken out, since the new policy has no place for them or their clients do not accept it. */
  | { readonly kind: "removed"; readonly users: readonly string[] }
  /** Some of their devices are taken out, and at least one stays. */
  | { readonly kind: "losesDevices"; readonly users: readonly string[] }
  | { readonly kind: "losesVoice"; readonly users: readonly string[] }
  | { readonly kind: "gainsVoice"; readonly users: readonly string[] }
  | { readonly kind: "roleChanged"; readonly user: string; readonly from: RoleName; readonly to: RoleName }
  /** What a visitor is told of the room is another. */
  | { readonly kind: "fact"; readonly before: PolicyFact | undefined; readonly after: PolicyFact | undefined };
