import { equalBytes } from "../codec/bytes.js";
import { encode } from "../codec/tls.js";
import { ensureWithin } from "./bounds.js";
import { HASH_LENGTH } from "./cipher-suite.js";
import type { Crypto } from "./crypto.js";
import { forget } from "./forget.js";
import { expandWithLabel } from "./labels.js";
import { MlsError } from "./mls-error.js";
import { randomBytes } from "./random.js";
import { type PreSharedKeyId, preSharedKeyId, pskLabel } from "./wire/pre-shared-key.js";

/** "0 represents the all-zero vector of length KDF.Nh" (RFC 9420, 8.4) */
const NOTHING = new Uint8Array(HASH_LENGTH);

/** A pre-shared key that this client has: from outside, or of an epoch that it was in. */
export interface PreSharedKey {
  /** Its ID; the nonce is of no account here. */
  readonly id: PreSharedKeyId;
  readonly secret: Uint8Array;
}

/** The ID of a key that is agreed on elsewhere, with "a fresh random … psk_nonce" (RFC 9420, 8.4). */
export function externalPskId(pskId: Uint8Array): PreSharedKeyId {
  return { kind: "external", pskId, pskNonce: randomBytes(HASH_LENGTH) };
}

/** The ID of an epoch's resumption PSK, under a fresh nonce (RFC 9420, 8.6). */
export function resumptionPskId(
  usage: "application" | "reInit" | "branch",
  of: { readonly groupId: Uint8Array; readonly epoch: bigint },
): PreSharedKeyId {
  return {
    kind: "resumption",
    usage,
    pskGroupId: of.groupId,
    pskEpoch: of.epoch,
    pskNonce: randomBytes(HASH_LENGTH),
  };
}

/** The psk_secret of the keys with these IDs, in this order (RFC 9420, 8.4), for the caller to forget. Throws MlsError "unknownPsk" for one that is not known. */
export async function pskSecretOf(
  crypto: Crypto,
  ids: readonly PreSharedKeyId[],
  known: readonly PreSharedKey[],
): Promise<Uint8Array> {
  ensureWithin("psks", ids.length);
  const { kdf } = crypto;
  let secret: Uint8Array = new Uint8Array(HASH_LENGTH);
  for (const [index, id] of ids.entries()) {
    // "psk_extracted_[i] = KDF.Extract(0, psk_[i]); psk_input_[i] = ExpandWithLabel(psk_extracted_[i], "derived psk", PSKLabel, KDF.Nh)"
    const extracted = await kdf.extract(NOTHING, secretOf(id, known));
    const label = encode(pskLabel, { id, index, count: ids.length });
    const input = await expandWithLabel(extracted, "derived psk", label, kdf.size, kdf);
    // "psk_secret_[i] = KDF.Extract(psk_input_[i-1], psk_secret_[i-1])"
    const next = await kdf.extract(input, secret);
    forget(extracted, input, secret);
    secret = next;
  }
  return secret;
}

/** Whether two IDs name one key: they may differ in their nonces. */
function isSamePsk(one: PreSharedKeyId, other: PreSharedKeyId): boolean {
  const plain = (id: PreSharedKeyId) => encode(preSharedKeyId, { ...id, pskNonce: new Uint8Array(0) });
  return equalBytes(plain(one), plain(other));
}

function secretOf(id: PreSharedKeyId, known: readonly PreSharedKey[]): Uint8Array {
  const found = known.find((key) => isSamePsk(key.id, id));
  if (found === undefined) throw new MlsError("unknownPsk", "a pre-shared key that this client does not have");
  return found.secret;
}
