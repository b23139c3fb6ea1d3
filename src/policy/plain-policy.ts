import type { PreAuthPerRoleList, Role, RoomPolicy } from "../codec/room-policy.js";

/**
 * A members-only room in which nothing is granted and nothing demanded: the defaults of the framework draft (7.1), and where it
 * gives none what reveals the least. Presets are made of it.
 */
export const plainPolicy: RoomPolicy = {
  membershipStyle: "members_only",
  multiDevice: true,
  knockAllowed: false,
  moderated: false,
  passwordProtected: false,
  preAuthList: [],
  parentRoomUri: "",
  persistentRoom: false,
  deliveryNotifications: "optional",
  readReceipts: "optional",
  pseudonymousIds: false,
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
  policyExtensions: [],
};

/** The entries of one role: users, and what else `others` lists. */
export function entriesOf(
  targetRole: Role,
  preauthUser: readonly string[],
  others: Partial<Omit<PreAuthPerRoleList, "targetRole" | "preauthUser">> = {},
): PreAuthPerRoleList {
  return { targetRole, preauthDomain: [], preauthWorkgroup: [], preauthGroup: [], preauthUser, ...others };
}
