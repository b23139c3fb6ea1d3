import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fromHex, toHex } from "../../src/codec/bytes.js";
import { createCrypto } from "../../src/mls/crypto.js";
import { epochAuthenticator } from "../../src/mls/group.js";
import { processMessage } from "../../src/mls/process-message.js";
import { type PreSharedKey, pskSecretOf } from "../../src/mls/psk.js";
import { joinByWelcome } from "../../src/mls/welcome.js";
import { readVectors, withoutVectors } from "../support/mls-vectors.js";
import { plainAuthentication } from "../support/plain-authentication.js";

const crypto = createCrypto(plainAuthentication);

describe("the working group's passive clients", { skip: withoutVectors }, () => {
  for (const file of ["passive-client-welcome.json", "passive-client-handling-commit.json"]) {
    it(`join by a Welcome and follow commit after commit: ${file}`, async () => {
      for (const vector of readVectors<PassiveClient>(file)) await follow(vector);
    });
  }

  it("know the secret of each list of pre-shared keys", async () => {
    for (const { psks, psk_secret: expected } of readVectors<PskSecret>("psk_secret.json")) {
      const keys = psks.map((psk) => ({
        id: { kind: "external", pskId: fromHex(psk.psk_id), pskNonce: fromHex(psk.psk_nonce) } as const,
        secret: fromHex(psk.psk),
      }));
      const ids = keys.map(({ id }) => id);
      assert.equal(toHex(await pskSecretOf(crypto, ids, keys)), expected);
    }
  });
});

async function follow(vector: PassiveClient): Promise<void> {
  const psks: PreSharedKey[] = vector.external_psks.map(({ psk_id, psk }) => ({
    id: { kind: "external", pskId: fromHex(psk_id), pskNonce: new Uint8Array(0) },
    secret: fromHex(psk),
  }));
  let group = await joinByWelcome(crypto, {
    welcome: fromHex(vector.welcome),
    keyPackage: {
      message: fromHex(vector.key_package),
      privateParts: { initKey: fromHex(vector.init_priv), leafKey: fromHex(vector.encryption_priv) },
    },
    psks,
    ...(vector.ratchet_tree === null ? {} : { ratchetTree: fromHex(vector.ratchet_tree) }),
  });
  assert.equal(toHex(epochAuthenticator(group)), vector.initial_epoch_authenticator);
  for (const { proposals, commit, epoch_authenticator: expected } of vector.epochs) {
    const pending = proposals.map(fromHex);
    const processed = await processMessage(crypto, group, fromHex(commit), { pending, psks });
    assert.ok(processed.kind === "commit" && processed.next !== undefined);
    group = processed.next;
    assert.equal(toHex(epochAuthenticator(group)), expected);
  }
}

interface PassiveClient {
  readonly external_psks: readonly { readonly psk_id: string; readonly psk: string }[];
  readonly key_package: string;
  readonly encryption_priv: string;
  readonly init_priv: string;
  readonly welcome: string;
  readonly ratchet_tree: string | null;
  readonly initial_epoch_authenticator: string;
  readonly epochs: readonly {
    readonly proposals: readonly string[];
    readonly commit: string;
    readonly epoch_authenticator: string;
  }[];
}

interface PskSecret {
  readonly psks: readonly Record<"psk_id" | "psk" | "psk_nonce", string>[];
  readonly psk_secret: string;
}
