import { concat } from "../codec/bytes.js";
import { encode, type Infer, opaque, optional, struct, uint8, uint32, uint64, vector } from "../codec/tls.js";
import { forget } from "./forget.js";
import { NO_FORMER_EPOCHS } from "./former-epochs.js";
import type { Group } from "./group.js";
import { epochKeys } from "./key-schedule.js";
import { attempt, ensure, parse } from "./mls-error.js";
import type { PublicState } from "./public-state.js";
import { secretTree } from "./secret-tree.js";
import { fromWire, toWire } from "./tree/nodes.js";
import { type GroupContext, groupContext } from "./wire/group-context.js";
import { reInit } from "./wire/proposal.js";
import { ratchetTree } from "./wire/ratchet-tree.js";

const VERSION = 3;

const publicPart = struct({ version: uint8, context: groupContext, nodes: ratchetTree, confirmationTag: opaque });

const firstOwnFields = {
  ownLeafIndex: uint32,
  keys: epochKeys,
  secretTree,
  privateKeys: vector(struct({ index: uint32, key: opaque })),
};
const secondOwnFields = {
  ...firstOwnFields,
  updateKeys: vector(struct({ publicKey: opaque, privateKey: opaque })),
  resumptions: vector(struct({ epoch: uint64, secret: opaque })),
  reInit: optional(reInit),
};
const formerEpoch = struct({ context: groupContext, nodes: ratchetTree, senderDataSecret: opaque, secretTree });
const ownPart = struct({ ...secondOwnFields, retains: uint8, former: vector(formerEpoch) });
const storedGroup = struct({ public: publicPart, own: ownPart });
/** As it was stored before former epochs could be kept, and before there were Updates, resumption PSKs and ReInit. */
const secondStoredGroup = struct({ public: publicPart, own: struct(secondOwnFields) });
const firstStoredGroup = struct({ public: publicPart, own: struct(firstOwnFields) });
const LATER = { updateKeys: [], resumptions: [], reInit: undefined, ...NO_FORMER_EPOCHS };

/** What was encoded of an epoch: a commit replaces its context, a message does not. */
const publicParts = new WeakMap<GroupContext, { readonly of: PublicState; readonly bytes: Uint8Array<ArrayBuffer> }>();

/** The group as octets, to be stored. The first octet is the version of this format. */
export function encodeGroup(group: Group): Uint8Array<ArrayBuffer> {
  const privateKeys = Array.from(group.privateKeys, ([index, key]) => ({ index, key }));
  const former = group.former.map((kept) => ({ ...kept, nodes: toWire(kept.nodes) }));
  const own = encode(ownPart, { ...group, privateKeys, former });
  const whole = concat(publicPartOf(group), own);
  forget(own);
  return whole;
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

/** The group that {@link encodeGroup}, of this version or one before it, made octets of. Throws MlsError "malformed", "unsupported". */
export function decodeGroup(bytes: Uint8Array): Group {
  const { public: known, own } = readGroup(bytes);
  const { context, nodes, confirmationTag } = known;
  const privateKeys = new Map(own.privateKeys.map(({ index, key }) => [index, key]));
  ensure(privateKeys.size === own.privateKeys.length, "malformed", "two private keys of one node");
  return {
    ...own,
    context,
    confirmationTag,
    groupId: context.groupId,
    epoch: context.epoch,
    nodes: attempt("malformed", () => fromWire(nodes)),
    privateKeys,
    former: own.former.map((kept) => ({ ...kept, nodes: attempt("malformed", () => fromWire(kept.nodes)) })),
  };
}

function readGroup(bytes: Uint8Array): Infer<typeof storedGroup> {
  const [version] = bytes;
  if (version === VERSION) return parse(storedGroup, bytes);
  ensure(version === 1 || version === 2, "unsupported", `a stored group of version ${version}`);
  const { public: known, own } = version === 1 ? parse(firstStoredGroup, bytes) : parse(secondStoredGroup, bytes);
  return { public: known, own: { ...LATER, ...own } };
}
