import { equalBytes } from "../codec/bytes.js";
import { encode } from "../codec/tls.js";
import type { Applied } from "./apply-proposals.js";
import { AEAD_KEY_LENGTH, AEAD_NONCE_LENGTH, CIPHER_SUITE } from "./cipher-suite.js";
import type { Crypto } from "./crypto.js";
import { decryptWithLabel, encryptWithLabel } from "./encrypt-with-label.js";
import { ensureContinues } from "./ensure-continues.js";
import { forget } from "./forget.js";
import { type Group, makeGroup, resumptionPsks } from "./group.js";
import { ensureGroupInfo, signGroupInfo } from "./group-info.js";
import { decryptAead, encryptAead } from "./hpke.js";
import { keyPackageReference, parseKeyPackage } from "./key-package.js";
import { epochOfMembers, type JoinableEpoch, openJoinerSecret } from "./key-schedule.js";
import { expandWithLabel } from "./labels.js";
import { ensure, MlsError, parse } from "./mls-error.js";
import { type PreSharedKey, pskSecretOf } from "./psk.js";
import { leaves, nodeOfLeaf } from "./tree/nodes.js";
import { type CreatedPath, openWelcomedSecret } from "./tree/update-path.js";
import { type GroupInfo, groupInfo } from "./wire/group-context.js";
import { leafNode } from "./wire/leaf-node.js";
import { mlsMessage } from "./wire/message.js";
import { type GroupSecrets, groupSecrets, type Welcome } from "./wire/welcome.js";

const LABEL = "Welcome";
const NOTHING = new Uint8Array(0);

/** The MLSMessage(Welcome) for those whom a commit adds (RFC 9420, 12.4.3.1). */
export async function makeWelcome(
  crypto: Crypto,
  next: Group,
  applied: Applied,
  path: Pick<CreatedPath, "welcomed">,
  { joinerSecret, welcomeSecret }: JoinableEpoch,
  treeInside: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const info = encode(groupInfo, await signGroupInfo(crypto, next, treeInside));
  const { key, nonce } = await welcomeKey(crypto, welcomeSecret);
  const encryptedGroupInfo = await encryptAead(key, nonce, NOTHING, info);
  forget(key);
  const secrets = await Promise.all(
    applied.added.map(async ({ leafIndex, keyPackage }) => {
      const pathSecret = path.welcomed.get(leafIndex);
      const plain = encode(groupSecrets, { joinerSecret, pathSecret, psks: [...applied.psks] });
      const encryptedGroupSecrets = await encryptWithLabel(keyPackage.initKey, LABEL, encryptedGroupInfo, plain);
      forget(plain, pathSecret ?? NOTHING);
      return { newMember: await keyPackageReference(crypto, keyPackage), encryptedGroupSecrets };
    }),
  );
  const made: Welcome = { cipherSuite: CIPHER_SUITE, secrets, encryptedGroupInfo };
  return encode(mlsMessage, { kind: "welcome", welcome: made });
}

/** What one who is added brings. */
export interface WelcomeParts {
  /** An MLSMessage(Welcome). */
  readonly welcome: Uint8Array;
  /** The KeyPackage that it was added by, an MLSMessage, and its private parts. */
  readonly keyPackage: {
    readonly message: Uint8Array;
    readonly privateParts: { readonly initKey: Uint8Array; readonly leafKey: Uint8Array };
  };
  /** The tree as `optional<Node> ratchet_tree<V>`, unless the Welcome holds it. */
  readonly ratchetTree?: Uint8Array;
  readonly psks?: readonly PreSharedKey[];
  /** The group that the new one continues or branches off, if its Welcome says so. */
  readonly former?: Group;
}

/** What a Welcome tells one who is added, before any tree is looked at. */
export interface OpenedWelcome {
  readonly info: GroupInfo;
  readonly secrets: GroupSecrets;
  /** What the epoch is derived from: see {@link epochOfMembers}. */
  readonly memberSecret: Uint8Array;
}

/** Decrypts a Welcome (RFC 9420, 12.4.3.1); the GroupInfo's signature is not checked yet. Throws MlsError. */
export async function openWelcome(crypto: Crypto, parts: Omit<WelcomeParts, "ratchetTree">): Promise<OpenedWelcome> {
  const message = parse(mlsMessage, parts.welcome);
  ensure(message.kind === "welcome", "invalidWelcome", `a ${message.kind} where a Welcome is expected`);
  const { cipherSuite, secrets, encryptedGroupInfo } = message.welcome;
  ensure(cipherSuite === CIPHER_SUITE, "unsupported", `cipher suite ${cipherSuite}`);
  const reference = await keyPackageReference(crypto, parseKeyPackage(parts.keyPackage.message));
  const mine = secrets.find(({ newMember }) => equalBytes(newMember, reference));
  if (mine === undefined) throw new MlsError("invalidWelcome", "a Welcome for others");
  const { initKey } = parts.keyPackage.privateParts;
  const plain = await decryptWithLabel(initKey, LABEL, encryptedGroupInfo, mine.encryptedGroupSecrets);
  const opened = parse(groupSecrets, plain);
  const pskSecret = await pskSecretOf(crypto, opened.psks, [
    ...(parts.psks ?? []),
    ...(parts.former === undefined ? [] : resumptionPsks(parts.former)),
  ]);
  const { welcomeSecret, memberSecret } = await openJoinerSecret(crypto, opened.joinerSecret, pskSecret);
  const { key, nonce } = await welcomeKey(crypto, welcomeSecret);
  const info = parse(groupInfo, await decryptAead(key, nonce, NOTHING, encryptedGroupInfo));
  forget(plain, opened.joinerSecret, welcomeSecret, key);
  return { info, secrets: opened, memberSecret };
}

/**
 * Joins by a Welcome (RFC 9420, 12.4.3.1): the group is made and not kept, so that policy can look at it first. The KeyPackage's
 * private parts are to be deleted once it is kept. Throws MlsError.
 */
export async function joinByWelcome(crypto: Crypto, parts: WelcomeParts): Promise<Group> {
  const { info, secrets, memberSecret } = await openWelcome(crypto, parts);
  const state = await ensureGroupInfo(crypto, info, parts.ratchetTree);
  ensureContinues(crypto.authentication, state, secrets.psks, parts.former);

  const { context, nodes, confirmationTag } = state;
  const octets = encode(leafNode, parseKeyPackage(parts.keyPackage.message).leafNode);
  // "Identify a leaf whose LeafNode is identical to the one in the KeyPackage."
  const leafIndex = leaves(nodes).find(({ leaf }) => equalBytes(encode(leafNode, leaf), octets))?.leafIndex;
  if (leafIndex === undefined) throw new MlsError("invalidWelcome", "a tree without the leaf that was welcomed");
  const privateKeys = new Map<number, Uint8Array>([
    [nodeOfLeaf(leafIndex), parts.keyPackage.privateParts.leafKey.slice()],
  ]);
  if (secrets.pathSecret !== undefined) {
    const path = await openWelcomedSecret(crypto, nodes, secrets.pathSecret, info.signer, leafIndex);
    for (const [index, privateKey] of path) privateKeys.set(index, privateKey);
  }
  const epoch = await epochOfMembers(crypto, memberSecret, context);
  const { confirmedTranscriptHash } = context;
  const confirmed = await crypto.hash.verifyMac(epoch.keys.confirmationKey, confirmationTag, confirmedTranscriptHash);
  ensure(confirmed, "badConfirmationTag", "a Welcome whose sender is in another epoch than it says");
  return makeGroup(state, leafIndex, epoch, privateKeys);
}

/** "welcome_nonce = ExpandWithLabel(welcome_secret, "nonce", "", AEAD.Nn); welcome_key = ExpandWithLabel(…, "key", "", AEAD.Nk)" */
async function welcomeKey({ kdf }: Crypto, welcomeSecret: Uint8Array) {
  return {
    key: await expandWithLabel(welcomeSecret, "key", NOTHING, AEAD_KEY_LENGTH, kdf),
    nonce: await expandWithLabel(welcomeSecret, "nonce", NOTHING, AEAD_NONCE_LENGTH, kdf),
  };
}
