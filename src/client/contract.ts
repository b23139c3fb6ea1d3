/** The types of a room, for those who use a client and have no business with its worker. */
export type {
  Acceptance,
  Draft,
  Fingerprint,
  Me,
  NewRoom,
  Occupant,
  Outcome,
  Person,
  PolicyFact,
  PresetName,
  Problem,
  ProblemCode,
  RoleName,
  RoomPreview,
  RoomState,
  TimelineEntry,
} from "../worker/engine-api.js";
export type {
  ChangeEffect,
  ExplainedChange,
  OrganiserApi,
  RoomSettings,
  SettingsChange,
  SettingValues,
  Standing,
  UserModeration,
} from "../worker/organiser-api.js";
