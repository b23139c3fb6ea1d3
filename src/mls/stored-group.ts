import { concat } from "../codec/bytes.js";
import { encode, opaque, optional, struct, uint8, uint32, uint64, vector } from "../codec/tls.js";
import type { Group } from "./group.js";
import { epochKeys } from "./key-schedule.js";
import { attempt, ensure, parse } from "./mls-error.js";
import type { PublicState } from "./public-state.js";
import { secretTree } from "./secret-tree.js";
import { fromWire, toWire } from "./tree/nodes.js";
import { type GroupContext, groupContext } from "./wire/group-context.js";
import { reInit } from "./wire/proposal.js";
import { ratchetTree } from "./wire/ratchet-tree.js";

const VERSION = 2;

const publicPart = struct({ version: uint8, context: groupContext, nodes: ratchetTree, confirmationTag: opaque });

const firstOwnFields = {
  ownLeafIndex: uint32,
  keys: epochKeys,
  secretTree,
  privateKeys: vector(struct({ index: uint32, key: opaque })),
};
const ownPart = struct({
  ...firstOwnFields,
  updateKeys: vector(struct({ publicKey: opaque, privateKey: opaque })),
  resumptions: vector(struct({ epoch: uint64, secret: opaque })),
  reInit: optional(reInit),
});
const storedGroup = struct({ public: publicPart, own: ownPart });
/** As it was stored before there were Updates, resumption PSKs and ReInit. */
const firstStoredGroup = struct({ public: publicPart, own: struct(firstOwnFields) });
const LATER = { updateKeys: [], resumptions: [], reInit: undefined };

/** What was encoded of an epoch: a commit replaces its context, a message does not. */
const publicParts = new WeakMap<GroupContext, { readonly of: PublicState; readonly bytes: Uint8Array<ArrayBuffer> }>();

/** The group as octets, to be stored. The first octet is the version of this format. */
export function encodeGroup(group: Group): Uint8Array<ArrayBuffer> {
  const privateKeys = Array.from(group.privateKeys, ([index, key]) => ({ index, key }));
  const { updateKeys, resumptions } = group;
  const own = { ...group, privateKeys, updateKeys: [...updateKeys], resumptions: [...resumptions] };
  return concat(publicPartOf(group), encode(ownPart, own));
}

/**
 * How many of the octets of {@link encodeGroup} are what every member knows: they come first, a commit changes them, and a
 * message does not.
 */
export function publicLength(group: Group): number {
  return publicPartOf(group).length;
}

function publicPartOf({ context, nodes, confirmationTag }: PublicState): Uint8Array<ArrayBuffer> {
  const known = publicParts.get(context);
  if (known && known.of.nodes === nodes && known.of.confirmationTag === confirmationTag) return known.bytes;
  const bytes = encode(publicPart, { version: VERSION, context, nodes: toWire(nodes), confirmationTag });
  publicParts.set(context, { of: { context, nodes, confirmationTag }, bytes });
  return bytes;
}

/** The group that {@link encodeGroup}, of this version or the first, made octets of. Throws MlsError "malformed", "unsupported". */
export function decodeGroup(bytes: Uint8Array): Group {
  const [version] = bytes;
  ensure(version === VERSION || version === 1, "unsupported", `a stored group of version ${version}`);
  const stored = version === 1 ? parse(firstStoredGroup, bytes) : parse(storedGroup, bytes);
  const { context, nodes, confirmationTag } = stored.public;
  return {
    ...LATER,
    ...stored.own,
    context,
    confirmationTag,
    groupId: context.groupId,
    epoch: context.epoch,
    nodes: attempt("malformed", () => fromWire(nodes)),
    privateKeys: new Map(stored.own.privateKeys.map(({ index, key }) => [index, key])),
  };
}
