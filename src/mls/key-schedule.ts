import { concat } from "../codec/bytes.js";
import { encode, type Infer, opaque, struct } from "../codec/tls.js";
import { HASH_LENGTH } from "./cipher-suite.js";
import type { Crypto } from "./crypto.js";
import { forget } from "./forget.js";
import { deriveSecret, expandWithLabel } from "./labels.js";
import { randomBytes } from "./random.js";
import { type AuthenticatedContent, encodeConfirmedTranscriptHashInput } from "./wire/framed-content.js";
import { type GroupContext, groupContext } from "./wire/group-context.js";

/** The secrets of an epoch that are kept (RFC 9420, 8, table 4); the encryption secret goes into the secret tree. */
export const epochKeys = struct({
  senderDataSecret: opaque,
  exporterSecret: opaque,
  externalSecret: opaque,
  confirmationKey: opaque,
  membershipKey: opaque,
  resumptionPsk: opaque,
  epochAuthenticator: opaque,
  initSecret: opaque,
});
export type EpochKeys = Infer<typeof epochKeys>;

/** An epoch's secrets as they are derived. */
export interface Epoch {
  readonly keys: EpochKeys;
  readonly encryptionSecret: Uint8Array;
}

/** The secrets of the epoch that a commit begins, and what whoever is added by it is told (RFC 9420, 8, figure 22). */
export interface JoinableEpoch extends Epoch {
  readonly joinerSecret: Uint8Array;
  readonly welcomeSecret: Uint8Array;
}

/** The secrets of the epoch that a commit begins (RFC 9420, 8, figure 22). Leaves zeros where `commitSecret` was. */
export async function deriveEpoch(
  crypto: Crypto,
  initSecret: Uint8Array,
  commitSecret: Uint8Array,
  pskSecret: Uint8Array,
  context: GroupContext,
): Promise<JoinableEpoch> {
  const { kdf } = crypto;
  const extracted = await kdf.extract(initSecret, commitSecret);
  const joinerSecret = await expandWithLabel(extracted, "joiner", encode(groupContext, context), kdf.size, kdf);
  forget(commitSecret, extracted);
  const { welcomeSecret, memberSecret } = await openJoinerSecret(crypto, joinerSecret, pskSecret);
  return { ...(await epochOfMembers(crypto, memberSecret, context)), joinerSecret, welcomeSecret };
}

/** What opens a Welcome's GroupInfo, and what the epoch is derived from when it is open: see {@link epochOfMembers}. */
export async function openJoinerSecret({ kdf }: Crypto, joinerSecret: Uint8Array, pskSecret: Uint8Array) {
  const memberSecret = await kdf.extract(joinerSecret, pskSecret);
  return { welcomeSecret: await deriveSecret(memberSecret, "welcome", kdf), memberSecret };
}

/** "epoch_secret = ExpandWithLabel(member_secret, "epoch", GroupContext, KDF.Nh)". Leaves zeros where `memberSecret` was. */
export async function epochOfMembers(crypto: Crypto, memberSecret: Uint8Array, context: GroupContext): Promise<Epoch> {
  const { kdf } = crypto;
  const epochSecret = await expandWithLabel(memberSecret, "epoch", encode(groupContext, context), kdf.size, kdf);
  forget(memberSecret);
  return expandEpoch(crypto, epochSecret);
}

/** The secrets of a group's first epoch, whose epoch secret is "a fresh random value" (RFC 9420, 11). */
export function firstEpoch(crypto: Crypto): Promise<Epoch> {
  return expandEpoch(crypto, randomBytes(HASH_LENGTH));
}

async function expandEpoch({ kdf }: Crypto, epochSecret: Uint8Array): Promise<Epoch> {
  const derive = (label: string) => deriveSecret(epochSecret, label, kdf);
  const keys = {
    senderDataSecret: await derive("sender data"),
    exporterSecret: await derive("exporter"),
    externalSecret: await derive("external"),
    confirmationKey: await derive("confirm"),
    membershipKey: await derive("membership"),
    resumptionPsk: await derive("resumption"),
    epochAuthenticator: await derive("authentication"),
    initSecret: await derive("init"),
  };
  const encryptionSecret = await derive("encryption");
  forget(epochSecret);
  return { keys, encryptionSecret };
}

/** "MLS-Exporter(Label, Context, Length)": a secret of the epoch for another use (RFC 9420, 8.5). */
export async function exportEpochSecret(
  { kdf, hash }: Crypto,
  { exporterSecret }: EpochKeys,
  use: { readonly label: string; readonly context: Uint8Array; readonly length: number },
): Promise<Uint8Array> {
  const derived = await deriveSecret(exporterSecret, use.label, kdf);
  const exported = await expandWithLabel(derived, "exported", await hash.digest(use.context), use.length, kdf);
  forget(derived);
  return exported;
}

/** "confirmation_tag = MAC(confirmation_key, GroupContext.confirmed_transcript_hash)" (RFC 9420, 6.1) */
export function makeConfirmationTag(crypto: Crypto, { confirmationKey }: EpochKeys, context: GroupContext) {
  return crypto.hash.mac(confirmationKey, context.confirmedTranscriptHash);
}

/** The confirmed transcript hash after a commit (RFC 9420, 8.2); `before` is the state that it was made in. */
export async function confirmedTranscriptHash(
  crypto: Crypto,
  before: { readonly context: GroupContext; readonly confirmationTag: Uint8Array },
  commit: AuthenticatedContent,
): Promise<Uint8Array> {
  // "interim_transcript_hash_[n] = Hash(confirmed_transcript_hash_[n] || InterimTranscriptHashInput_[n])", with the tag as input
  const interim = concat(before.context.confirmedTranscriptHash, encode(opaque, before.confirmationTag));
  return crypto.hash.digest(concat(await crypto.hash.digest(interim), encodeConfirmedTranscriptHashInput(commit)));
}
