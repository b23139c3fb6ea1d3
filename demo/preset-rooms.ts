import { clientUri } from "../src/codec/mimi-uri.js";
import { type RoomPolicy, roomNameExtension } from "../src/codec/room-policy.js";
import { examplePresets } from "../src/policy/example-presets.js";
import { type PresetInput, presets } from "../src/policy/presets.js";

/** What a demo's policy is made of. */
export interface DemoInput extends PresetInput {
  /** The provider's domain. */
  readonly domain: string;
}

/** A room that shows a preset. */
export interface PresetRoom {
  /** The room's ID, and where it stands on the demo's site. */
  readonly id: string;
  readonly name: string;
  /** What it is for, in a sentence. */
  readonly means: string;
  policy(input: DemoInput): RoomPolicy;
}

/**
 * A room for every preset that can be made for one person. Those of the framework draft's section 9 are for accounts; visitors of
 * the demo are guests, so that they allow pseudonyms here, and they are kept open for the next start.
 */
export const presetRooms: readonly PresetRoom[] = [
  {
    id: "preset-event",
    name: "An event",
    means: "Anyone joins and writes, under any name.",
    policy: (input) => presets.event(input),
  },
  {
    id: "preset-announcement",
    name: "Announcements",
    means: "Anyone joins and reads; the organisers write, and give voice.",
    policy: (input) => presets.announcement(input),
  },
  {
    id: "preset-open",
    name: "Open (9.3)",
    means: "Anyone joins; a moderator keeps order.",
    policy: (input) => forGuests(examplePresets.open({ admin: input.owner }), input),
  },
  {
    id: "preset-administrated",
    name: "Administrated (9.2)",
    means: "An owner brings people in. Come as the organiser to see it from inside.",
    policy: (input) => forGuests(examplePresets.administrated({ owner: input.owner }), input),
  },
  {
    id: "preset-moderated",
    name: "Moderated (9.5)",
    means: "People are brought in and read along, until they are given voice.",
    // There is one organiser here, who is the draft's owner and nobody else.
    policy: (input) => {
      const { moderated } = examplePresets.moderated({ owner: input.owner, admin: input.hub });
      return forGuests({ ...examplePresets.administrated({ owner: input.owner }), moderated }, input);
    },
  },
  {
    id: "preset-semi-open",
    name: "Semi-open (9.4)",
    means: "Workgroups and domains come in by themselves; others ask.",
    policy: (input) => {
      const { preAuthList, ...policy } = examplePresets.semiOpen({
        adminWorkgroups: [],
        domains: [input.domain],
        workgroups: [],
        joinLink: "",
        expiration: 0,
        linkRequests: "",
      });
      const owner = examplePresets.administrated({ owner: input.owner }).preAuthList;
      const others = preAuthList.filter(({ targetRole }) => targetRole !== "admin");
      return forGuests({ ...policy, preAuthList: [...owner, ...others] }, input);
    },
  },
  {
    id: "preset-logged",
    name: "Open, with a record (9.3)",
    means: "A record is kept as in 9.6, but anyone joins, so that you see what is told before joining.",
    policy: (input) => {
      const { loggingPolicy } = examplePresets.logged({
        owner: input.owner,
        admin: input.owner,
        loggingClients: [clientUri(input.domain, "minutes", "recorder")],
        machineReadablePolicy: "",
        humanReadablePolicy: "https://example.org/what-is-kept",
      });
      // Open, so that a visitor sees what is told before joining.
      return forGuests({ ...examplePresets.open({ admin: input.owner }), loggingPolicy }, input);
    },
  },
];

/** The policy for guests, in a room with a name that outlives its occupants. */
function forGuests(policy: RoomPolicy, { name, hub }: DemoInput): RoomPolicy {
  return {
    ...policy,
    pseudonymousIds: true,
    persistentRoom: true,
    preAuthList: [
      { targetRole: "system", preauthDomain: [], preauthWorkgroup: [], preauthGroup: [], preauthUser: [hub] },
      ...policy.preAuthList,
    ],
    policyExtensions: [...policy.policyExtensions, roomNameExtension(name)],
  };
}
