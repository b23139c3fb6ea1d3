import type { RoomPolicy } from "../codec/room-policy.js";
import { entriesOf, plainPolicy } from "./plain-policy.js";

/** The examples of the framework draft, section 9, each with the fields that its text gives. Users and so on are URIs. */
export const examplePresets = {
  /** 9.1: "a fixed-membership room with exactly two specific pre-authorized users"; `providers` are theirs. */
  oneOnOne: (input: {
    readonly owner: string;
    readonly other: string;
    readonly providers: readonly string[];
  }): RoomPolicy => ({
    ...plainPolicy,
    membershipStyle: "fixed_membership",
    persistentRoom: true,
    preAuthList: [
      entriesOf("system", input.providers),
      entriesOf("owner", [input.owner]),
      entriesOf("regular_user", [input.other]),
    ],
  }),

  /** 9.2: "In this simple administrated room, Alice is the owner." */
  administrated: ({ owner }: { readonly owner: string }): RoomPolicy => ({
    ...plainPolicy,
    preAuthList: [entriesOf("owner", [owner])],
  }),

  /** 9.3: "In this open room, Alice is an admin and can kick or ban other occupants of the room." */
  open: ({ admin }: { readonly admin: string }): RoomPolicy => ({
    ...plainPolicy,
    membershipStyle: "open",
    preAuthList: [entriesOf("admin", [admin])],
  }),

  /** 9.4: workgroups and domains come in by themselves, others by a link or a knock; `expiration` in seconds since 1970. */
  semiOpen: (input: {
    readonly adminWorkgroups: readonly string[];
    /** Bare A-labels. */
    readonly domains: readonly string[];
    readonly workgroups: readonly string[];
    readonly joinLink: string;
    readonly expiration: number;
    readonly linkRequests: string;
  }): RoomPolicy => ({
    ...plainPolicy,
    persistentRoom: true,
    knockAllowed: true,
    preAuthList: [
      entriesOf("admin", [], { preauthWorkgroup: input.adminWorkgroups }),
      entriesOf("regular_user", [], { preauthDomain: input.domains, preauthWorkgroup: input.workgroups }),
    ],
    linkPolicy: {
      onRequest: false,
      joinLink: input.joinLink,
      multiuser: true,
      expiration: input.expiration,
      linkRequests: input.linkRequests,
    },
  }),

  /** 9.5: newcomers cannot send "until Alice or Adam grants them 'voice'". */
  moderated: ({ owner, admin }: { readonly owner: string; readonly admin: string }): RoomPolicy => ({
    ...plainPolicy,
    moderated: true,
    preAuthList: [entriesOf("owner", [owner]), entriesOf("admin", [admin])],
  }),

  /** 9.6: "Cathy's provider requires logging of all patient interactions." */
  logged: (input: {
    readonly owner: string;
    readonly admin: string;
    /** One a provider at most. */
    readonly loggingClients: readonly string[];
    readonly machineReadablePolicy: string;
    readonly humanReadablePolicy: string;
  }): RoomPolicy => ({
    ...plainPolicy,
    preAuthList: [entriesOf("owner", [input.owner]), entriesOf("admin", [input.admin])],
    loggingPolicy: {
      logging: "required",
      enabled: true,
      loggingClients: input.loggingClients,
      machineReadablePolicy: input.machineReadablePolicy,
      humanReadablePolicy: input.humanReadablePolicy,
    },
  }),

  /** Section 4: a room whose occupants are occupants of another. It has no example, and cannot be made yet. */
  parentDependent: ({ owner, parent }: { readonly owner: string; readonly parent: string }): RoomPolicy => ({
    ...plainPolicy,
    membershipStyle: "parent_dependent",
    parentRoomUri: parent,
    preAuthList: [entriesOf("owner", [owner])],
  }),
} as const;
