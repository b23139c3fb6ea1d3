import { encode } from "../../src/codec/tls.js";
import { DEFAULT_EXTENSION, externalSenderList } from "../../src/mls/wire/extension.js";
import type { MixedGroup } from "./mixed-group.js";
import { OpenMlsPeer } from "./open-mls-peer.js";
import { keyPackageIn, OurPeer } from "./our-peer.js";
import type { Peer } from "./peer.js";

/** What happens in a group by chance: numbers from 0 (inclusive) to 1 (exclusive). */
type Chance = () => number;

/** Somebody does something: what, and who. */
export interface Done {
  readonly what: string;
  readonly by: Peer;
}

type Operation = (group: MixedGroup, chance: Chance) => Promise<Peer>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  async update(group, chance) {
    const by = one(group.members, chance);
    await group.accept(by, await by.commit());
    return by;
  },
  async "add by value"(group, chance) {
    const by = one(group.members, chance);
    await group.add(by, await newcomerOf(group));
    return by;
  },
  async "remove by value"(group, chance) {
    const by = one(group.members, chance);
    await group.remove(by, one(without(group.members, by), chance));
    return by;
  },
  async "add and remove"(group, chance) {
    const by = one(group.members, chance);
    const leaver = one(without(group.members, by), chance);
    const newcomer = await newcomerOf(group);
    const add = [await newcomer.offer()];
    if (by instanceof OurPeer) {
      await group.accept(by, await by.commit({ add, remove: [leaver.id] }), [newcomer]);
      return by;
    }
    // by value it does one or the other
    const proposer = oneOfOurs(group, chance);
    await group.propose(proposer, await proposer.proposeToRemove(leaver.id));
    await group.accept(by, await by.commit({ add }), [newcomer]);
    return by;
  },
  async "proposed removal"(group, chance) {
    const proposer = oneOfOurs(group, chance);
    const leaver = one(group.members, chance);
    const by = one(without(group.members, leaver), chance);
    await group.propose(proposer, await proposer.proposeToRemove(leaver.id));
    await group.accept(by, await commitPending(by));
    return by;
  },
  async "proposed addition"(group, chance) {
    const proposer = oneOfOurs(group, chance);
    const by = one(group.members, chance);
    const newcomer = await newcomerOf(group);
    const keyPackage = keyPackageIn(await newcomer.offer());
    await group.propose(proposer, await proposer.propose({ kind: "add", keyPackage }));
    await group.accept(by, await commitPending(by), [newcomer]);
    return by;
  },
  async "proposed update"(group, chance) {
    const proposer = oneOfOurs(group, chance);
    const by = one(without(group.members, proposer), chance);
    await group.propose(proposer, await proposer.proposeUpdate());
    await group.accept(by, await commitPending(by));
    return by;
  },
  async "proposed change of context"(group, chance) {
    const proposer = oneOfOurs(group, chance);
    const by = one(group.members, chance);
    const extensions = changedContext(proposer, chance);
    await group.propose(proposer, await proposer.propose({ kind: "groupContextExtensions", extensions }));
    await group.accept(by, await commitPending(by));
    return by;
  },
  async "external join"(group) {
    const by = await newcomerOf(group);
    await group.joinExternally(by);
    return by;
  },
  async "return over one's own leaf"(group, chance) {
    const by = one(group.members, chance);
    await group.joinExternally(by);
    return by;
  },
  async words(group, chance) {
    const by = one(group.members, chance);
    await group.talk(by, `${chance()}`);
    return by;
  },
};

const NAMES = Object.keys(OPERATIONS);
const GROWS: ReadonlySet<string> = new Set(["add by value", "proposed addition", "external join"]);
const SHRINKS: ReadonlySet<string> = new Set(["remove by value", "proposed removal"]);

/** Does something by chance; the group stays within two of `size`. */
export async function operate(group: MixedGroup, size: number, chance: Chance): Promise<Done> {
  const excess = group.members.length - size;
  const possible = NAMES.filter((name) => (excess < 2 || !GROWS.has(name)) && (excess > -2 || !SHRINKS.has(name)));
  const what = one(possible, chance);
  const operation = OPERATIONS[what];
  if (operation === undefined) throw new Error(`${what} is nothing to do`);
  return { what, by: await operation(group, chance) };
}

/** One of them by chance. */
export function one<Item>(items: readonly Item[], chance: Chance): Item {
  const item = items[Math.floor(chance() * items.length)];
  if (item === undefined) throw new RangeError("nothing to choose from");
  return item;
}

function without(members: readonly Peer[], left: Peer): readonly Peer[] {
  return members.filter((member) => member !== left);
}

function oneOfOurs({ members }: MixedGroup, chance: Chance): OurPeer {
  return one(
    members.filter((member) => member instanceof OurPeer),
    chance,
  );
}

/** A client of the implementation that has fewer members. */
function newcomerOf({ members }: MixedGroup): Promise<Peer> {
  const ours = members.filter((member) => member instanceof OurPeer).length;
  return ours * 2 > members.length ? OpenMlsPeer.make() : OurPeer.make();
}

function commitPending(by: Peer) {
  return by instanceof OpenMlsPeer ? by.commitPending() : by.commit();
}

/** The group's extensions with another external sender, whose key nobody has. */
function changedContext({ group }: OurPeer, chance: Chance) {
  const senders = [{ signatureKey: octets(chance), credential: { identity: octets(chance) } }];
  const kept = group.context.extensions.filter(
    ({ extensionType }) => extensionType !== DEFAULT_EXTENSION.externalSenders,
  );
  const extensionData = encode(externalSenderList, senders);
  return [...kept, { extensionType: DEFAULT_EXTENSION.externalSenders, extensionData }];
}

function octets(chance: Chance): Uint8Array {
  return Uint8Array.from({ length: 32 }, () => Math.floor(256 * chance()));
}
