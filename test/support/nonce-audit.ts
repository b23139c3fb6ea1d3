import { equalBytes, toHex } from "../../src/codec/bytes.js";
import { submitMessageRequest } from "../../src/codec/hub-messages.js";
import { decode } from "../../src/codec/tls.js";
import { createCrypto } from "../../src/mls/crypto.js";
import { openSenderData } from "../../src/mls/private-framing.js";
import { decodeGroup } from "../../src/mls/stored-group.js";
import { mlsMessage, type PrivateMessage } from "../../src/mls/wire/message.js";

/**
 * Looks at ciphertexts from inside the groups that they were made in, for what must never be: two different ones that
 * share sender leaf, epoch and generation (RFC 9420, 9.1: a key and nonce used twice). For every harness that has the
 * members' groups and what was sent.
 */
export class NonceAudit {
  readonly #secrets = new Map<string, Uint8Array>();
  readonly #messages = new Map<string, PrivateMessage>();

  /** An encoded group that a member was in, of any epoch: what was sent in that epoch can be looked at. Throws Error for a fork. */
  group(bytes: Uint8Array): void {
    const { groupId, epoch, keys } = decodeGroup(bytes);
    const name = epochName({ groupId, epoch });
    const known = this.#secrets.get(name);
    if (known && !equalBytes(known, keys.senderDataSecret)) throw new Error(`the room is forked: two of ${name}`);
    this.#secrets.set(name, keys.senderDataSecret);
  }

  /** The body of a request that submits a message. */
  submission(body: Uint8Array): void {
    this.message(decode(submitMessageRequest, body).appMessage);
  }

  /** An MLSMessage; one that is no PrivateMessage is passed over. The same octets again are no second message. */
  message(bytes: Uint8Array): void {
    const message = decode(mlsMessage, bytes);
    if (message.kind === "privateMessage") this.#messages.set(toHex(bytes), message.privateMessage);
  }

  /** How many ciphertexts there are. Throws Error when two share a key, or one is of an epoch that no group is known of. */
  async check(): Promise<number> {
    const crypto = createCrypto();
    const used = new Set<string>();
    for (const message of this.#messages.values()) {
      const epoch = epochName(message);
      const secret = this.#secrets.get(epoch);
      if (secret === undefined) throw new Error(`a ciphertext of an epoch that nobody was in: ${epoch}`);
      const { leafIndex, generation } = await openSenderData(crypto, message, secret);
      const place = `${epoch}, leaf ${leafIndex}, generation ${generation}`;
      if (used.has(place)) throw new Error(`two ciphertexts share ${place}`);
      used.add(place);
    }
    return this.#messages.size;
  }
}

function epochName({ groupId, epoch }: { readonly groupId: Uint8Array; readonly epoch: bigint }): string {
  return `group ${toHex(groupId)}, epoch ${epoch}`;
}
