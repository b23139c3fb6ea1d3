/** The types of a room, for those who use a client and have no business with its worker. */
export type {
  Draft,
  Me,
  NewRoom,
  Occupant,
  PolicyFact,
  PresetName,
  Problem,
  ProblemCode,
  RoleName,
  RoomPreview,
  RoomState,
  TimelineEntry,
} from "../worker/engine-api.js";
