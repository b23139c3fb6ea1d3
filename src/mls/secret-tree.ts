import { directPath, root, toNodeIndex } from "ts-mls/treemath.js";
import { utf8 } from "../codec/bytes.js";
import { type Infer, opaque, struct, uint32, vector } from "../codec/tls.js";
import { BOUNDS } from "./bounds.js";
import { AEAD_KEY_LENGTH, AEAD_NONCE_LENGTH } from "./cipher-suite.js";
import type { Crypto } from "./crypto.js";
import { forget } from "./forget.js";
import { deriveTreeSecret, expandWithLabel } from "./labels.js";
import { ensure, MlsError } from "./mls-error.js";
import { childrenOf, nodeOfLeaf } from "./tree/nodes.js";

/** Keys of skipped generations that are kept of all senders together: the state is written with every message. */
const MOST_SKIPPED = 4096;
/** But so many of each sender, whatever the others skipped. */
const LEAST_SKIPPED = 16;

const skippedKey = struct({ generation: uint32, key: opaque, nonce: opaque });
const ratchet = struct({ leafIndex: uint32, generation: uint32, secret: opaque, skipped: vector(skippedKey) });
type Ratchet = Infer<typeof ratchet>;

/** A secret tree (RFC 9420, 9) as it is kept; see {@link SecretTree}. */
export const secretTree = struct({
  width: uint32,
  nodes: vector(struct({ index: uint32, secret: opaque })),
  ratchets: vector(ratchet),
});

/**
 * The secret tree of an epoch (RFC 9420, 9), expanded as far as somebody spoke: secrets of subtrees that nobody used yet, and the
 * application ratchets of those who did. Handshake ratchets are never made: handshakes are PublicMessages. Never changed.
 */
export type SecretTree = Infer<typeof secretTree>;

/** The key and nonce of one message, before the reuse guard: for whoever uses them to forget. */
export interface MessageKey {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

/** The secret tree of a new epoch with room for `width` leaves. */
export function createSecretTree(width: number, encryptionSecret: Uint8Array): SecretTree {
  return { width, nodes: [{ index: root(width), secret: encryptionSecret }], ratchets: [] };
}

/** The next key of a leaf, for sending. */
export async function nextKey(
  crypto: Crypto,
  tree: SecretTree,
  leafIndex: number,
): Promise<{ messageKey: MessageKey; generation: number; tree: SecretTree }> {
  const opened = await openRatchet(crypto, tree, leafIndex);
  const { generation } = opened.ratchet;
  const { messageKey, ratchet } = await advance(crypto, tree, opened.ratchet);
  return { messageKey, generation, tree: withRatchet(opened.tree, ratchet) };
}

/**
 * The key of a generation of a leaf, for receiving. It is gone from the tree that is returned: "delete … as soon as …
 * consumed" (RFC 9420, 9.2). Throws MlsError "replayed", "futureGeneration".
 */
export async function keyOfGeneration(
  crypto: Crypto,
  tree: SecretTree,
  leafIndex: number,
  generation: number,
): Promise<{ messageKey: MessageKey; tree: SecretTree }> {
  const opened = await openRatchet(crypto, tree, leafIndex);
  let { ratchet } = opened;
  if (generation < ratchet.generation) {
    const messageKey = ratchet.skipped.find((skipped) => skipped.generation === generation);
    if (messageKey === undefined) throw new MlsError("replayed", `generation ${generation} was used or is too old`);
    const skipped = ratchet.skipped.filter((other) => other !== messageKey);
    // the tree that it is in may be kept, with the key
    const { key, nonce } = messageKey;
    return {
      messageKey: { key: key.slice(), nonce: nonce.slice() },
      tree: withRatchet(opened.tree, { ...ratchet, skipped }),
    };
  }
  const ahead = generation - ratchet.generation;
  ensure(ahead <= BOUNDS.skipped, "futureGeneration", `generation ${generation} is ${ahead} ahead`);
  const skipped = [...ratchet.skipped];
  while (ratchet.generation < generation) {
    const passed = await advance(crypto, tree, ratchet);
    skipped.push({ generation: ratchet.generation, ...passed.messageKey });
    ratchet = passed.ratchet;
  }
  const last = await advance(crypto, tree, ratchet);
  const kept = skipped.slice(-mostSkipped(tree, leafIndex));
  // those of `opened` are in a tree that may be kept
  for (const each of skipped.slice(opened.ratchet.skipped.length, skipped.length - kept.length)) {
    forget(each.key, each.nonce);
  }
  return { messageKey: last.messageKey, tree: withRatchet(opened.tree, { ...last.ratchet, skipped: kept }) };
}

/** How many skipped keys of a leaf are kept beside those of the others: one user may have many clients. */
function mostSkipped({ ratchets }: SecretTree, leafIndex: number): number {
  let others = 0;
  for (const ratchet of ratchets) if (ratchet.leafIndex !== leafIndex) others += ratchet.skipped.length;
  return Math.max(LEAST_SKIPPED, Math.min(BOUNDS.skipped, MOST_SKIPPED - others));
}

/** One step of a ratchet, whose secret is forgotten unless it is one of `tree`, which may be kept. */
async function advance(crypto: Crypto, tree: SecretTree, ratchet: Ratchet) {
  const stepped = await step(crypto, ratchet);
  if (!tree.ratchets.includes(ratchet)) forget(ratchet.secret);
  return stepped;
}

/** "DeriveTreeSecret(ratchet_secret, "nonce" / "key" / "secret", generation, …)" (RFC 9420, 9.1) */
async function step({ kdf }: Crypto, ratchet: Ratchet): Promise<{ messageKey: MessageKey; ratchet: Ratchet }> {
  const { secret, generation } = ratchet;
  return {
    messageKey: {
      key: await deriveTreeSecret(secret, "key", generation, AEAD_KEY_LENGTH, kdf),
      nonce: await deriveTreeSecret(secret, "nonce", generation, AEAD_NONCE_LENGTH, kdf),
    },
    ratchet: {
      ...ratchet,
      generation: generation + 1,
      secret: await deriveTreeSecret(secret, "secret", generation, kdf.size, kdf),
    },
  };
}

/** The application ratchet of a leaf, and the tree without the secret that it was made from. */
async function openRatchet(
  { kdf }: Crypto,
  tree: SecretTree,
  leafIndex: number,
): Promise<{ ratchet: Ratchet; tree: SecretTree }> {
  const known = tree.ratchets.find((ratchet) => ratchet.leafIndex === leafIndex);
  if (known !== undefined) return { ratchet: known, tree };
  const leaf = nodeOfLeaf(leafIndex);
  const path = [leaf, ...directPath(toNodeIndex(leaf), tree.width)];
  const held = new Set(tree.nodes.map(({ index }) => index));
  const start = path.findIndex((index) => held.has(index));
  const from = tree.nodes.find(({ index }) => index === path[start]);
  if (from === undefined) throw new RangeError(`no secret covers leaf ${leafIndex}`);
  const nodes = tree.nodes.filter((node) => node !== from);
  let { secret } = from;
  for (let below = start - 1; below >= 0; below--) {
    const [left, right] = childrenOf(path[below + 1] ?? 0);
    const leftSecret = await expandWithLabel(secret, "tree", utf8("left"), kdf.size, kdf);
    const rightSecret = await expandWithLabel(secret, "tree", utf8("right"), kdf.size, kdf);
    const goesLeft = path[below] === left;
    nodes.push(goesLeft ? { index: right, secret: rightSecret } : { index: left, secret: leftSecret });
    if (secret !== from.secret) forget(secret);
    secret = goesLeft ? leftSecret : rightSecret;
  }
  const first = await expandWithLabel(secret, "application", new Uint8Array(0), kdf.size, kdf);
  if (secret !== from.secret) forget(secret);
  return { ratchet: { leafIndex, generation: 0, secret: first, skipped: [] }, tree: { ...tree, nodes } };
}

function withRatchet(tree: SecretTree, ratchet: Ratchet): SecretTree {
  return { ...tree, ratchets: [...tree.ratchets.filter(({ leafIndex }) => leafIndex !== ratchet.leafIndex), ratchet] };
}
