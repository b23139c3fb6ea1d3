import { type RoomPolicy, roomNameExtension } from "../codec/room-policy.js";
import { entriesOf, plainPolicy } from "./plain-policy.js";

/** What a preset is filled with: the room's name, its owner's user URI and its hub's provider URI. */
export interface PresetInput {
  /** 1 to 200 characters. */
  readonly name: string;
  readonly owner: string;
  readonly hub: string;
}

/** Ready-made policies; those of the framework draft's examples are in example-presets.ts. */
export const presets = {
  /** Anyone may join and write, under a name of their choice; the room outlives its occupants. */
  event: ({ name, owner, hub }: PresetInput): RoomPolicy => ({
    ...plainPolicy,
    membershipStyle: "open",
    persistentRoom: true,
    pseudonymousIds: true,
    preAuthList: [entriesOf("system", [hub]), entriesOf("owner", [owner])],
    policyExtensions: [roomNameExtension(name)],
  }),
  /** The same, and only those with voice may write: a newcomer is a visitor. */
  announcement: (input: PresetInput): RoomPolicy => ({ ...presets.event(input), moderated: true }),
} as const;
