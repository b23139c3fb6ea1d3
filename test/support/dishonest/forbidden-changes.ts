import { utf8 } from "../../../src/codec/bytes.js";
import { EXTENSION } from "../../../src/codec/leaf-extensions.js";
import { providerUri } from "../../../src/codec/mimi-uri.js";
import { type RoomPolicy, roomNameExtension, roomPolicy } from "../../../src/codec/room-policy.js";
import { decode, encode } from "../../../src/codec/tls.js";
import { viewGroup } from "../../../src/mls/group.js";
import {
  DEFAULT_EXTENSION,
  type Extension,
  externalSenderList,
  ROOM_CAPABILITIES,
  requiredCapabilities,
} from "../../../src/mls/wire/extension.js";
import type { Proposal } from "../../../src/mls/wire/proposal.js";
import type { ApiMember } from "../api-member.js";
import { committing } from "./attempts.js";
import { listing, type Setting, type Uris, unlisting } from "./dishonest-room.js";
import type { Forbidden } from "./forbidden.js";
import { administered, bot, fixedAll, open, owned, ownedWithBot, ownedWithChoosy, ownedWithPair } from "./settings.js";

/** A room that Mallory owns too, which requires of leaves that they can say what they accept; by right. */
const requiringMore: Setting = {
  ...owned,
  name: "an open room that Mallory owns too and that requires more than others",
  async prepare({ mallory }) {
    const list = withRequired(mallory.joined().context.extensions, [EXTENSION.acceptablePolicies]);
    await mallory.commit([{ kind: "groupContextExtensions", extensions: list }]);
  },
};

const SOMEBODY = "mimi://provider.example/u/somebody-with-a-name-as-long-as-a-hash-";

/** Changes of the policy that are forbidden (framework draft, 5.11 and 7), each in a commit of Mallory's. */
export const FORBIDDEN_CHANGES: readonly Forbidden[] = [
  change("5.11/not-a-moderator", "calls the room otherwise", named("Mine"), open),
  change("5.11/not-a-moderator", "takes the room", (policy, { mallory }) => listing(policy, "owner", mallory), open),
  change("5.11/admin-membership-only", "as an admin calls the room otherwise", named("Mine"), administered),
  change(
    "5.11/outranked",
    "as an admin becomes an owner",
    (policy, { mallory }) => listing(unlisting(policy, mallory), "owner", mallory),
    administered,
  ),
  change(
    "5.11/outranked",
    "as an admin strikes the owner out",
    (policy, { olga }) => unlisting(policy, olga),
    administered,
  ),
  change(
    "5.11/too-long",
    "as an admin fills the policy",
    (policy) => listing(policy, "visitor", ...Array.from({ length: 1200 }, (_, n) => `${SOMEBODY}${n}`)),
    administered,
  ),
  change(
    "5.11/banned-occupant",
    "bans somebody who stays inside",
    (policy, { adam }) => listing(policy, "banned", adam),
    owned,
  ),
  change(
    "5.11/dropped-occupant",
    "strikes a bot out that stays inside",
    (policy) => ({ ...policy, allowedBots: [] }),
    ownedWithBot,
  ),
  change(
    "5.11/no-moderator-inside",
    "leaves nobody inside who leads the room",
    (policy, { olga, mallory }) =>
      listing(unlisting(policy, olga, mallory), "owner", "mimi://provider.example/u/nobody"),
    owned,
  ),
  change(
    "5.11/fixed-membership",
    "fixes the membership of an open room",
    (policy) => ({ ...policy, membershipStyle: "fixed_membership" }),
    owned,
  ),
  change(
    "5.11/fixed-membership",
    "opens a room of fixed membership",
    (policy) => ({ ...policy, membershipStyle: "open" }),
    {
      ...fixedAll,
      name: "a fixed-membership room that Mallory owns",
      inside: ["mallory", "olga", "adam"],
      policy: fixedByMallory,
    },
  ),
  change(
    "5.11/parent-dependent",
    "makes the room another's child",
    (policy) => ({ ...policy, membershipStyle: "parent_dependent", parentRoomUri: "mimi://provider.example/r/parent" }),
    owned,
  ),
  extensions("5.11/dropped-extension", "takes the external senders out", (list) =>
    list.filter(({ extensionType }) => extensionType !== DEFAULT_EXTENSION.externalSenders),
  ),
  {
    ...extensions("5.11/required-capabilities", "requires no more what a room had required", (list) =>
      withRequired(list, []),
    ),
    setting: requiringMore,
  },
  extensions("5.11/hub-sender", "puts another in the place of the hub's system user", (list, who) =>
    list.map((each) => (each.extensionType === DEFAULT_EXTENSION.externalSenders ? sendersOf(who) : each)),
  ),
  change(
    "5.2/single-device",
    "makes a room single-device where somebody has two",
    (policy) => ({ ...policy, multiDevice: false }),
    ownedWithPair,
  ),
  change(
    "7.3/pseudonym",
    "forbids pseudonyms among guests",
    (policy) => ({ ...policy, pseudonymousIds: false }),
    owned,
  ),
  change(
    "5.11/not-accepted",
    "brings a bot in, which somebody does not accept who stays",
    (policy) => ({ ...policy, allowedBots: [bot("mimi://provider.example/u/bot")] }),
    ownedWithChoosy,
  ),
  change(
    "7.4.2/other-client",
    "has a client logged by another client of an occupant",
    (policy, { adam }) =>
      logging(policy, { logging: "required", enabled: true, loggingClients: [`${adam.replace("/u/", "/d/")}/log`] }),
    owned,
  ),
  change(
    "7.4.4/bot-reads",
    "makes an occupant a bot that may not read",
    (policy, { adam }) => ({ ...policy, allowedBots: [bot(adam, { canRead: false })] }),
    owned,
  ),
  ...invalid(),
];

/** Policies that say what no policy may (section 7), each by an owner. */
function invalid(): Forbidden[] {
  const valid = (rule: Forbidden["rule"], what: string, make: Change): Forbidden => change(rule, what, make, owned);
  return [
    valid("valid/bot", "lists a bot that is no user", (policy) => ({
      ...policy,
      allowedBots: [bot("mimi://provider.example/r/bot")],
    })),
    valid("valid/entry", "lists who is no user", (policy) =>
      listing(policy, "admin", "mimi://provider.example/r/room"),
    ),
    valid("valid/extension-twice", "names the room twice", (policy) => ({
      ...policy,
      policyExtensions: [...policy.policyExtensions, roomNameExtension("Another")],
    })),
    valid("valid/fixed-users", "fixes the membership by a domain", (policy) => ({
      ...policy,
      membershipStyle: "fixed_membership",
      preAuthList: policy.preAuthList.map((list) => ({ ...list, preauthDomain: ["provider.example"] })),
    })),
    valid("valid/history-forbidden", "shares what is forbidden to share", (policy) => ({
      ...policy,
      historySharing: { ...policy.historySharing, automaticallyShare: true },
    })),
    valid("valid/history-sharers", "has the banned share history", (policy) => ({
      ...policy,
      historySharing: { ...policy.historySharing, historySharing: "optional", whoCanShare: ["banned"] },
    })),
    valid("valid/knock", "has people knock at an open door", (policy) => ({ ...policy, knockAllowed: true })),
    valid("valid/link-on-request", "shows a link that is given on request", (policy) => ({
      ...policy,
      linkPolicy: { ...policy.linkPolicy, onRequest: true, joinLink: "https://provider.example/join" },
    })),
    valid("valid/list-twice", "gives a role a second list", (policy) => ({
      ...policy,
      preAuthList: [...policy.preAuthList, ...policy.preAuthList.map((list) => ({ ...list, preauthUser: [] }))],
    })),
    valid("valid/lockdown", "locks an open room down", (policy) => ({
      ...policy,
      policyExtensions: [...policy.policyExtensions, { name: "lockdown", type: "jsonObject", value: utf8("{}") }],
    })),
    valid("valid/logging-client", "has a room log", (policy) =>
      logging(policy, { logging: "required", enabled: true, loggingClients: ["mimi://provider.example/r/log"] }),
    ),
    valid("valid/logging-enabled", "logs and says that it does not", (policy, { olga }) =>
      logging(policy, { logging: "required", enabled: false, loggingClients: [olga] }),
    ),
    valid("valid/logging-forbidden", "logs where logging is forbidden", (policy, { olga }) =>
      logging(policy, { logging: "forbidden", enabled: false, loggingClients: [olga] }),
    ),
    valid("valid/logging-provider", "has two loggers of one provider", (policy, { olga, adam }) =>
      logging(policy, { logging: "required", enabled: true, loggingClients: [olga, adam] }),
    ),
    valid("valid/logging-required", "requires a log that nobody keeps", (policy) =>
      logging(policy, { logging: "required", enabled: true, loggingClients: [] }),
    ),
    valid("valid/no-moderator", "names nobody who leads the room", (policy) => ({ ...policy, preAuthList: [] })),
    valid("valid/parent", "names a parent that an open room has not", (policy) => ({
      ...policy,
      parentRoomUri: "mimi://provider.example/r/parent",
    })),
    valid("valid/room-name", "gives the room a name of blanks", named("   ")),
    valid("valid/two-roles", "lists somebody twice", (policy, { olga }) => listing(policy, "banned", olga)),
    valid("valid/uri", "links to nowhere", (policy) => ({
      ...policy,
      linkPolicy: { ...policy.linkPolicy, linkRequests: "no link" },
    })),
    extensions("valid/malformed", "puts octets in the policy's place that are none", (list) =>
      list.map((each) =>
        each.extensionType === EXTENSION.roomPolicy ? { ...each, extensionData: Uint8Array.of(1, 2, 3) } : each,
      ),
    ),
  ];
}

type Change = (policy: RoomPolicy, users: Uris) => RoomPolicy;

function change(rule: Forbidden["rule"], what: string, make: Change, setting: Forbidden["setting"]): Forbidden {
  return {
    rule,
    what,
    setting,
    make: ({ mallory, users }) => committing(mallory, [withPolicy(mallory, (policy) => make(policy, users))]),
  };
}

/** A change of the other extensions, by an owner. */
function extensions(
  rule: Forbidden["rule"],
  what: string,
  make: (list: readonly Extension[], who: ApiMember) => readonly Extension[],
): Forbidden {
  return {
    rule,
    what,
    setting: owned,
    make: ({ mallory }) => {
      const list = [...make(mallory.joined().context.extensions, mallory)];
      return committing(mallory, [{ kind: "groupContextExtensions", extensions: list }]);
    },
  };
}

/** A proposal to give the room another policy. */
export function withPolicy(who: ApiMember, make: (policy: RoomPolicy) => RoomPolicy): Proposal {
  const { extensions: list } = who.joined().context;
  const policy = make(decode(roomPolicy, viewGroup(who.joined()).roomPolicy));
  const changed = list.map((each) =>
    each.extensionType === EXTENSION.roomPolicy ? { ...each, extensionData: encode(roomPolicy, policy) } : each,
  );
  return { kind: "groupContextExtensions", extensions: changed };
}

export function named(name: string): (policy: RoomPolicy) => RoomPolicy {
  return (policy) => ({ ...policy, policyExtensions: [roomNameExtension(name)] });
}

/** Extensions that require what every room does, and of extensions `more`. */
function withRequired(list: readonly Extension[], more: readonly number[]): Extension[] {
  const { extensionTypes } = ROOM_CAPABILITIES;
  const required = { ...ROOM_CAPABILITIES, extensionTypes: [...extensionTypes, ...more] };
  const extensionData = encode(requiredCapabilities, required);
  return list.map((each) =>
    each.extensionType === DEFAULT_EXTENSION.requiredCapabilities ? { ...each, extensionData } : each,
  );
}

function logging(policy: RoomPolicy, change: Partial<RoomPolicy["loggingPolicy"]>): RoomPolicy {
  return { ...policy, loggingPolicy: { ...policy.loggingPolicy, ...change } };
}

function fixedByMallory(policy: RoomPolicy, { olga, adam }: Uris): RoomPolicy {
  return listing({ ...policy, membershipStyle: "fixed_membership" }, "admin", olga, adam);
}

/** External senders of whom the hub is none. */
function sendersOf({ guest }: ApiMember): Extension {
  const { signatureKey } = guest.identity;
  const senders = [{ signatureKey, credential: { identity: utf8(providerUri("elsewhere.example")) } }];
  return { extensionType: DEFAULT_EXTENSION.externalSenders, extensionData: encode(externalSenderList, senders) };
}
