import { toBase64Url } from "../codec/bytes.js";
import type { Acceptance } from "../codec/leaf-extensions.js";
import { clientUri, domainOf, guestUserId, userUri } from "../codec/mimi-uri.js";
import type { Crypto } from "../mls/crypto.js";
import { type LeafIdentity, makeLeafIdentity } from "../mls/leaf-identity.js";
import { exportPublicKey, generateSignatureKey, generateUserKey } from "../mls/signing.js";
import type { IdentityRecord } from "../storage/records.js";
import type { Random } from "../transport/ports.js";

/** A new client for this seat: of the user of `userKeyPair`, or of a new guest. A nickname comes when it joins. */
export async function makeIdentity(options: {
  readonly room: string;
  readonly random: Random;
  readonly userKeyPair?: CryptoKeyPair | undefined;
  readonly recoverable: boolean;
}): Promise<IdentityRecord> {
  const domain = domainOf(options.room);
  const userKeyPair = options.userKeyPair ?? (await generateUserKey(options.recoverable));
  const userKey = await exportPublicKey(userKeyPair.publicKey);
  const user = await guestUserId(userKey);
  return {
    clientUri: clientUri(domain, user, toBase64Url(options.random(16))),
    userUri: userUri(domain, user),
    nickname: "",
    userKeyPair,
    userKey,
    signatureKeyPair: await generateSignatureKey(),
    recoverable: options.recoverable,
  };
}

/** The identity as a leaf states it; its signature key is put into the ring of `crypto`. */
export async function leafIdentityOf(
  identity: IdentityRecord,
  crypto: Crypto,
  acceptance?: Acceptance,
): Promise<LeafIdentity> {
  return makeLeafIdentity({
    clientUri: identity.clientUri,
    // Registering needs the binding only; a leaf is never made without a nickname (see join).
    nickname: identity.nickname || "?",
    userKeyPair: identity.userKeyPair,
    signatureKey: await crypto.addSignatureKey(identity.signatureKeyPair),
    ...(acceptance && { acceptance }),
  });
}
