import { type RoomPolicy, roomNameExtension } from "../codec/room-policy.js";

/** What a preset is filled with: the room's name, its owner's user URI and its hub's provider URI. */
export interface PresetInput {
  /** 1 to 200 characters. */
  readonly name: string;
  readonly owner: string;
  readonly hub: string;
}

/** Ready-made policies. */
export const presets = {
  /** Anyone may join and write, under a name of their choice; the room outlives its occupants. */
  event: (input: PresetInput): RoomPolicy => openRoom(input, { moderated: false }),
  /** The same, and only those with voice may write: a newcomer is a visitor. */
  announcement: (input: PresetInput): RoomPolicy => openRoom(input, { moderated: true }),
} as const;

function openRoom({ name, owner, hub }: PresetInput, { moderated }: { readonly moderated: boolean }): RoomPolicy {
  const nobody = { preauthDomain: [], preauthWorkgroup: [], preauthGroup: [] };
  return {
    membershipStyle: "open",
    multiDevice: true,
    knockAllowed: false,
    moderated,
    passwordProtected: false,
    preAuthList: [
      { targetRole: "system", ...nobody, preauthUser: [hub] },
      { targetRole: "owner", ...nobody, preauthUser: [owner] },
    ],
    parentRoomUri: "",
    persistentRoom: true,
    deliveryNotifications: "optional",
    readReceipts: "optional",
    pseudonymousIds: true,
    discoverable: false,
    linkPolicy: { onRequest: false, joinLink: "", multiuser: false, expiration: 0, linkRequests: "" },
    loggingPolicy: {
      logging: "forbidden",
      enabled: false,
      loggingClients: [],
      machineReadablePolicy: "",
      humanReadablePolicy: "",
    },
    historySharing: { historySharing: "forbidden", whoCanShare: [], automaticallyShare: false, maxTimePeriod: 0 },
    allowedBots: [],
    policyExtensions: [roomNameExtension(name)],
  };
}
