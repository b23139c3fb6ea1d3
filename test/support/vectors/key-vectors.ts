import { fromHex } from "../../../src/codec/bytes.js";
import { encode } from "../../../src/codec/tls.js";
import { decryptWithLabel, encryptWithLabel } from "../../../src/mls/encrypt-with-label.js";
import { deriveKeyPair } from "../../../src/mls/hpke.js";
import { deriveEpoch, exportEpochSecret } from "../../../src/mls/key-schedule.js";
import { deriveSecret, deriveTreeSecret, expandWithLabel, refHash } from "../../../src/mls/labels.js";
import { senderDataKey } from "../../../src/mls/private-framing.js";
import { pskSecretOf } from "../../../src/mls/psk.js";
import { createSecretTree, keyOfGeneration } from "../../../src/mls/secret-tree.js";
import { signWithLabel, verifyWithLabel } from "../../../src/mls/signing.js";
import { groupContext } from "../../../src/mls/wire/group-context.js";
import { same, type VectorCheck, vectorCheck } from "./vector-check.js";
import { vectorCrypto as crypto, signatureKeyOf } from "./vector-crypto.js";

const { kdf, hash } = crypto;

/** Labelled functions, HPKE, key schedule, pre-shared keys and secret tree. */
export const keyVectorChecks: readonly VectorCheck[] = [
  vectorCheck<CryptoBasics>("the labelled functions", "crypto-basics.json", async (vector) => {
    const { ref_hash: ref, expand_with_label: expand, derive_secret: derive, derive_tree_secret: tree } = vector;
    same(await refHash(ref.label, fromHex(ref.value), hash), ref.out, "RefHash");
    const { label, length } = expand;
    const expanded = await expandWithLabel(fromHex(expand.secret), label, fromHex(expand.context), length, kdf);
    same(expanded, expand.out, "ExpandWithLabel");
    same(await deriveSecret(fromHex(derive.secret), derive.label, kdf), derive.out, "DeriveSecret");
    const derived = await deriveTreeSecret(fromHex(tree.secret), tree.label, tree.generation, tree.length, kdf);
    same(derived, tree.out, "DeriveTreeSecret");
  }),

  vectorCheck<CryptoBasics>("signatures, both ways", "crypto-basics.json", async ({ sign_with_label: signed }) => {
    const [pub, content, signature] = [fromHex(signed.pub), fromHex(signed.content), fromHex(signed.signature)];
    same(await verifyWithLabel(pub, signed.label, content, signature), true, "VerifyWithLabel");
    same(await signWithLabel(await signatureKeyOf(signed.priv), signed.label, content), signature, "SignWithLabel");
  }),

  vectorCheck<CryptoBasics>("HPKE, both ways", "crypto-basics.json", async ({ encrypt_with_label: sealed }) => {
    const [priv, pub, context] = [fromHex(sealed.priv), fromHex(sealed.pub), fromHex(sealed.context)];
    const theirs = { kemOutput: fromHex(sealed.kem_output), ciphertext: fromHex(sealed.ciphertext) };
    same(await decryptWithLabel(priv, sealed.label, context, theirs), sealed.plaintext, "DecryptWithLabel");
    const ours = await encryptWithLabel(pub, sealed.label, context, fromHex(sealed.plaintext));
    same(await decryptWithLabel(priv, sealed.label, context, ours), sealed.plaintext, "EncryptWithLabel");
  }),

  vectorCheck<KeySchedule>("the key schedule", "key-schedule.json", async (vector) => {
    let initSecret: Uint8Array = fromHex(vector.initial_init_secret);
    for (const [index, epoch] of vector.epochs.entries()) {
      const context = {
        version: 1,
        cipherSuite: vector.cipher_suite,
        groupId: fromHex(vector.group_id),
        epoch: BigInt(index),
        treeHash: fromHex(epoch.tree_hash),
        confirmedTranscriptHash: fromHex(epoch.confirmed_transcript_hash),
        extensions: [],
      };
      same(encode(groupContext, context), epoch.group_context, "GroupContext");
      const psk = fromHex(epoch.psk_secret);
      const derived = await deriveEpoch(crypto, initSecret, fromHex(epoch.commit_secret), psk, context);
      const { keys, encryptionSecret, joinerSecret, welcomeSecret } = derived;
      const { label, context: use, length, secret } = epoch.exporter;
      const exported = await exportEpochSecret(crypto, keys, { label, context: fromHex(use), length });
      same(joinerSecret, epoch.joiner_secret, "joiner_secret");
      same(welcomeSecret, epoch.welcome_secret, "welcome_secret");
      same(encryptionSecret, epoch.encryption_secret, "encryption_secret");
      same(keys.senderDataSecret, epoch.sender_data_secret, "sender_data_secret");
      same(keys.exporterSecret, epoch.exporter_secret, "exporter_secret");
      same(exported, secret, "MLS-Exporter");
      same(keys.externalSecret, epoch.external_secret, "external_secret");
      same((await deriveKeyPair(keys.externalSecret)).publicKey, epoch.external_pub, "external_pub");
      same(keys.confirmationKey, epoch.confirmation_key, "confirmation_key");
      same(keys.membershipKey, epoch.membership_key, "membership_key");
      same(keys.resumptionPsk, epoch.resumption_psk, "resumption_psk");
      same(keys.epochAuthenticator, epoch.epoch_authenticator, "epoch_authenticator");
      same(keys.initSecret, epoch.init_secret, "init_secret");
      initSecret = fromHex(epoch.init_secret);
    }
  }),

  vectorCheck<PskSecret>("the secret of a list of pre-shared keys", "psk_secret.json", async ({ psks, psk_secret }) => {
    const keys = psks.map((psk) => ({
      id: { kind: "external", pskId: fromHex(psk.psk_id), pskNonce: fromHex(psk.psk_nonce) } as const,
      secret: fromHex(psk.psk),
    }));
    const ids = keys.map(({ id }) => id);
    same(await pskSecretOf(crypto, ids, keys), psk_secret, "psk_secret");
  }),

  vectorCheck<SecretTreeVector>("the keys of messages and of their sender data", "secret-tree.json", async (vector) => {
    const { sender_data: data } = vector;
    const senderKey = await senderDataKey(crypto, fromHex(data.sender_data_secret), fromHex(data.ciphertext));
    same(senderKey, { key: data.key, nonce: data.nonce }, "sender data");
    let tree = createSecretTree(vector.leaves.length, fromHex(vector.encryption_secret));
    for (const [leafIndex, generations] of vector.leaves.entries()) {
      for (const { generation, application_key: key, application_nonce: nonce } of generations) {
        const opened = await keyOfGeneration(crypto, tree, leafIndex, generation);
        same(opened.messageKey.key, key, `key of leaf ${leafIndex}, generation ${generation}`);
        same(opened.messageKey.nonce, nonce, `nonce of leaf ${leafIndex}, generation ${generation}`);
        tree = opened.tree;
      }
    }
  }),
];

interface CryptoBasics {
  readonly ref_hash: Record<"label" | "value" | "out", string>;
  readonly expand_with_label: Labelled & { readonly context: string; readonly length: number };
  readonly derive_secret: Labelled;
  readonly derive_tree_secret: Labelled & { readonly generation: number; readonly length: number };
  readonly sign_with_label: Record<"priv" | "pub" | "content" | "label" | "signature", string>;
  readonly encrypt_with_label: Record<
    "priv" | "pub" | "label" | "context" | "plaintext" | "kem_output" | "ciphertext",
    string
  >;
}

type Labelled = Record<"secret" | "label" | "out", string>;

interface KeySchedule {
  readonly cipher_suite: number;
  readonly group_id: string;
  readonly initial_init_secret: string;
  readonly epochs: readonly (Record<
    | "tree_hash"
    | "confirmed_transcript_hash"
    | "group_context"
    | "commit_secret"
    | "psk_secret"
    | "joiner_secret"
    | "welcome_secret"
    | "init_secret"
    | "encryption_secret"
    | "sender_data_secret"
    | "exporter_secret"
    | "external_secret"
    | "external_pub"
    | "confirmation_key"
    | "membership_key"
    | "resumption_psk"
    | "epoch_authenticator",
    string
  > & { readonly exporter: Record<"label" | "context" | "secret", string> & { readonly length: number } })[];
}

interface PskSecret {
  readonly psks: readonly Record<"psk_id" | "psk" | "psk_nonce", string>[];
  readonly psk_secret: string;
}

interface SecretTreeVector {
  readonly encryption_secret: string;
  readonly sender_data: Record<"sender_data_secret" | "ciphertext" | "key" | "nonce", string>;
  readonly leaves: readonly (readonly {
    readonly generation: number;
    readonly application_key: string;
    readonly application_nonce: string;
  }[])[];
}
