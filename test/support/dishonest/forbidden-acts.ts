import { utf8 } from "../../../src/codec/bytes.js";
import { providerUri } from "../../../src/codec/mimi-uri.js";
import { encode } from "../../../src/codec/tls.js";
import { proposeExternally, proposeJoining, proposeUpdate } from "../../../src/mls/propose.js";
import { randomBytes } from "../../../src/mls/random.js";
import { leafContentOf } from "../../../src/mls/room-authentication.js";
import { DEFAULT_EXTENSION, externalSenderList } from "../../../src/mls/wire/extension.js";
import type { Proposal } from "../../../src/mls/wire/proposal.js";
import {
  added,
  addedClient,
  committing,
  joinAttempt,
  leaving,
  messageAttempt,
  proposalAttempt,
  proposing,
  reinitialising,
  removal,
} from "./attempts.js";
import { type DishonestRoom, listing, type Setting } from "./dishonest-room.js";
import type { Forbidden } from "./forbidden.js";
import { named, withPolicy } from "./forbidden-changes.js";
import * as settings from "./settings.js";

const NO_EXTERNALS = { code: "notSeated", why: "external senders do not come this way" };

/** What is forbidden beside changes of the policy (framework draft, 5.2 to 5.12). */
export const FORBIDDEN_ACTS: readonly Forbidden[] = [
  ...additions(),
  ...joins(),
  ...removals(),
  {
    rule: "5.10/no-voice",
    what: "speaks without voice",
    setting: settings.moderated,
    make: ({ mallory }) => messageAttempt(mallory),
  },
  {
    rule: "5.10/no-voice",
    what: "speaks as a bot that may not",
    setting: settings.withMuteBot,
    make: ({ mallory }) => messageAttempt(mallory),
  },
  {
    rule: "5.10/not-an-occupant",
    what: "speaks as a system user",
    setting: settings.withSystemUser,
    make: ({ mallory }) => messageAttempt(mallory),
  },
  {
    rule: "5.11/not-a-moderator",
    what: "proposes another name without being a moderator",
    setting: settings.open,
    make: ({ mallory }) => proposing(mallory, withPolicy(mallory, named("Mine"))),
  },
  {
    rule: "5.12/not-accepted",
    what: "turns against the room that it is in",
    setting: settings.withBot,
    make: async ({ mallory }) => {
      const { crypto, identity } = mallory.guest;
      const leaf = leafContentOf({ ...identity, acceptance: settings.NO_BOTS });
      return proposalAttempt(mallory, (await proposeUpdate(crypto, mallory.joined(), leaf)).message);
    },
  },
  {
    rule: "5.12/reinit",
    what: "begins the group anew elsewhere",
    setting: settings.owned,
    make: ({ mallory }) => reinitialising(mallory),
  },
  ...fromOutside(),
];

function additions(): Forbidden[] {
  return [
    {
      rule: "5.2/banned",
      what: "adds somebody of a domain that is banned",
      setting: {
        name: "an open room that bans a domain",
        policy: (policy) => ({
          ...policy,
          preAuthList: [
            ...policy.preAuthList,
            {
              targetRole: "banned",
              preauthDomain: ["elsewhere.example"],
              preauthWorkgroup: [],
              preauthGroup: [],
              preauthUser: [],
            },
          ],
        }),
        inside: ["olga", "adam", "mallory"],
      },
      make: async ({ mallory }) => committing(mallory, [await added("elsewhere.example")]),
    },
    {
      rule: "5.2/not-a-moderator",
      what: "adds somebody to a members-only room without being a moderator",
      setting: settings.listed,
      make: async ({ mallory }) => committing(mallory, [await added("provider.example")]),
    },
    {
      rule: "5.2/fixed-membership",
      what: "adds somebody who is not listed",
      setting: settings.fixedAll,
      make: async ({ mallory }) => committing(mallory, [await added("provider.example")]),
    },
    {
      rule: "5.2/single-device",
      what: "adds a second client",
      setting: settings.singleDevice,
      make: async (room) => committing(room.mallory, [await addedClient(await room.malloryAgain())]),
    },
    {
      rule: "5.2/not-accepted",
      what: "adds somebody who does not accept bots",
      setting: settings.withBot,
      make: async ({ mallory }) => committing(mallory, [await added("provider.example", settings.NO_BOTS)]),
    },
    {
      rule: "2.2/banned",
      what: "asks to be added though banned",
      setting: settings.banning,
      make: async ({ mallory, olga }) => {
        const { crypto } = mallory.guest;
        const message = await proposeJoining(crypto, olga.joined().context, await addedClient(mallory));
        return proposalAttempt(mallory, message);
      },
    },
  ];
}

function joins(): Forbidden[] {
  const joining = (rule: Forbidden["rule"], what: string, setting: Setting): Forbidden => ({
    rule,
    what,
    setting,
    make: (room) => joinAttempt(room.olga, room.mallory),
  });
  return [
    joining("5.4/banned", "joins though banned, with the GroupInfo of an accomplice", settings.banning),
    joining("5.4/not-admitted", "joins without being listed", settings.listedWithout),
    joining("5.4/fixed-membership", "joins a room of others", settings.fixedWithout),
    joining("5.4/password", "joins without the password", settings.withPassword),
    joining("5.4/not-accepted", "joins though its leaf says that it does not accept bots", settings.withUnwantedBot),
    joining("7.4.2/other-client", "joins with another client than the one that logs", settings.logged),
    joining("7.4.4/bot-reads", "joins as a bot that may not read", settings.withBlindBot),
    {
      rule: "5.2/single-device",
      what: "joins with a second client",
      setting: settings.singleDevice,
      make: async (room) => joinAttempt(room.olga, await room.malloryAgain()),
    },
  ];
}

function removals(): Forbidden[] {
  const removing = (rule: Forbidden["rule"], what: string, setting: Setting, who: "olga" | "adam"): Forbidden => ({
    rule,
    what,
    setting,
    make: (room) => committing(room.mallory, [removal(room[who])]),
  });
  return [
    removing("5.7/not-a-moderator", "removes somebody without being a moderator", settings.open, "adam"),
    removing("5.7/outranked", "as an admin removes the owner", settings.administered, "olga"),
    removing(
      "5.7/fixed-membership",
      "as an admin removes somebody for whom the room was made",
      settings.fixedAll,
      "adam",
    ),
    removing("5.7/all-clients", "removes one client of two", settings.ownedWithPair, "adam"),
    {
      rule: "5.7/not-a-moderator",
      what: "proposes a removal without being a moderator",
      setting: settings.open,
      make: ({ mallory, adam }) => proposing(mallory, removal(adam)),
    },
    {
      rule: "5.8/last-moderator",
      what: "leaves a members-only room without a moderator",
      setting: settings.ledAlone,
      make: ({ mallory }) => leaving(mallory),
    },
    {
      rule: "5.8/last-client",
      what: "leaves as the last",
      setting: settings.alone,
      make: ({ mallory }) => leaving(mallory),
    },
  ];
}

/** What an external sender proposes, whose key Mallory has. */
function fromOutside(): Forbidden[] {
  const proposed = (
    rule: Forbidden["rule"],
    what: string,
    make: (room: DishonestRoom) => Proposal | Promise<Proposal>,
    setting: Setting = withExternal(false),
  ): Forbidden => ({
    rule,
    what: `as an external sender ${what}`,
    setting,
    hub: NO_EXTERNALS,
    make: async (room) => {
      const { crypto, identity } = room.mallory.guest;
      const { context } = room.mallory.joined();
      const message = await proposeExternally(crypto, context, 1, identity.signatureKey, await make(room));
      return proposalAttempt(room.mallory, message);
    },
  });
  return [
    proposed("5.7/not-a-system-user", "removes somebody without being a system user", ({ adam }) => removal(adam)),
    proposed(
      "5.7/not-its-provider",
      "removes another provider's user",
      ({ adam }) => removal(adam),
      withExternal(true),
    ),
    proposed("5.11/sender", "changes the policy", ({ mallory }) => withPolicy(mallory, named("Mine"))),
    proposed("5.2/sender", "adds somebody", () => added("provider.example")),
    proposed("5.12/psk", "brings a key that nobody knows", () => ({
      kind: "psk",
      psk: { kind: "external", pskId: utf8("key"), pskNonce: randomBytes(32) },
    })),
  ];
}

/** A room that Mallory owns too, who has made another an external sender; by right. */
function withExternal(isSystem: boolean): Setting {
  const elsewhere = providerUri("elsewhere.example");
  return {
    name: `a room with ${isSystem ? "another provider's system user" : "a stranger"} among its external senders`,
    policy: (policy, { mallory }) => {
      const ours = listing(policy, "owner", mallory);
      return isSystem ? listing(ours, "system", elsewhere) : ours;
    },
    inside: ["olga", "adam", "mallory"],
    async prepare({ mallory }) {
      const { hubSender } = mallory.guest.directory;
      const senders = [
        { signatureKey: hubSender.signatureKey, credential: { identity: utf8(hubSender.uri) } },
        { signatureKey: mallory.guest.identity.signatureKey, credential: { identity: utf8(elsewhere) } },
      ];
      const data = encode(externalSenderList, senders);
      const list = mallory
        .joined()
        .context.extensions.map((each) =>
          each.extensionType === DEFAULT_EXTENSION.externalSenders ? { ...each, extensionData: data } : each,
        );
      await mallory.commit([{ kind: "groupContextExtensions", extensions: list }]);
    },
  };
}
