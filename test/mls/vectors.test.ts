import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fromHex, toHex } from "../../src/codec/bytes.js";
import { decode, encode } from "../../src/codec/tls.js";
import { createCrypto } from "../../src/mls/crypto.js";
import { decryptWithLabel, encryptWithLabel } from "../../src/mls/encrypt-with-label.js";
import { deriveEpoch, exportEpochSecret } from "../../src/mls/key-schedule.js";
import { deriveSecret, deriveTreeSecret, expandWithLabel } from "../../src/mls/labels.js";
import { openPrivateContent, openSenderData } from "../../src/mls/private-framing.js";
import { createSecretTree, keyOfGeneration } from "../../src/mls/secret-tree.js";
import { verifyWithLabel } from "../../src/mls/signing.js";
import { fromWire, removeLeaf, replaceLeaf, resolution, toWire } from "../../src/mls/tree/nodes.js";
import { verifyParentHashes } from "../../src/mls/tree/parent-hash.js";
import { treeHash, treeHashes } from "../../src/mls/tree/tree-hash.js";
import { mlsMessage } from "../../src/mls/wire/message.js";
import { proposal } from "../../src/mls/wire/proposal.js";
import { ratchetTree } from "../../src/mls/wire/ratchet-tree.js";
import { readVectors, withoutVectors } from "../support/mls-vectors.js";

const crypto = createCrypto();
const { kdf } = crypto;

describe("the MLS working group's vectors", { skip: withoutVectors }, () => {
  it("agree on the labelled functions", async () => {
    for (const vector of readVectors<CryptoBasics>("crypto-basics.json")) {
      const { expand_with_label: expand, derive_secret: derive, derive_tree_secret: tree } = vector;
      const expanded = await expandWithLabel(
        fromHex(expand.secret),
        expand.label,
        fromHex(expand.context),
        expand.length,
        kdf,
      );
      assert.equal(toHex(expanded), expand.out);
      assert.equal(toHex(await deriveSecret(fromHex(derive.secret), derive.label, kdf)), derive.out);
      const derived = await deriveTreeSecret(fromHex(tree.secret), tree.label, tree.generation, tree.length, kdf);
      assert.equal(toHex(derived), tree.out);
      const { pub, content, label, signature } = vector.sign_with_label;
      assert.ok(await verifyWithLabel(fromHex(pub), label, fromHex(content), fromHex(signature)));
    }
  });

  it("agree on HPKE, both ways", async () => {
    for (const { encrypt_with_label: sealed } of readVectors<CryptoBasics>("crypto-basics.json")) {
      const [priv, pub, context] = [fromHex(sealed.priv), fromHex(sealed.pub), fromHex(sealed.context)];
      const theirs = { kemOutput: fromHex(sealed.kem_output), ciphertext: fromHex(sealed.ciphertext) };
      assert.equal(toHex(await decryptWithLabel(priv, sealed.label, context, theirs)), sealed.plaintext);
      const ours = await encryptWithLabel(pub, sealed.label, context, fromHex(sealed.plaintext));
      assert.equal(toHex(await decryptWithLabel(priv, sealed.label, context, ours)), sealed.plaintext);
    }
  });

  it("agree on trees: octets, hashes, resolutions, parent hashes", async () => {
    for (const vector of readVectors<TreeValidation>("tree-validation.json")) {
      const nodes = fromWire(decode(ratchetTree, fromHex(vector.tree)));
      assert.equal(toHex(encode(ratchetTree, toWire(nodes))), vector.tree);
      assert.deepEqual((await treeHashes(crypto, nodes)).map(toHex), vector.tree_hashes);
      assert.deepEqual(
        nodes.map((_, index) => resolution(nodes, index)),
        vector.resolutions,
      );
      await verifyParentHashes(crypto, nodes);
    }
  });

  it("agree on the trees after Update and Remove", async () => {
    for (const vector of readVectors<TreeOperations>("tree-operations.json")) {
      const before = fromWire(decode(ratchetTree, fromHex(vector.tree_before)));
      assert.equal(toHex(await treeHash(crypto, before)), vector.tree_hash_before);
      if (vector.proposal.startsWith("0001")) continue; // Add: rooms refuse it
      const change = decode(proposal, fromHex(vector.proposal));
      assert.ok(change.kind === "remove" || change.kind === "update");
      const after =
        change.kind === "remove"
          ? removeLeaf(before, change.removed)
          : replaceLeaf(before, vector.proposal_sender, change.leafNode);
      assert.equal(toHex(encode(ratchetTree, toWire(after))), vector.tree_after);
      assert.equal(toHex(await treeHash(crypto, after, before)), vector.tree_hash_after);
    }
  });

  it("agree on the keys of the secret tree", async () => {
    for (const { encryption_secret: secret, leaves } of readVectors<SecretTreeVector>("secret-tree.json")) {
      let tree = createSecretTree(leaves.length, fromHex(secret));
      for (const [leafIndex, generations] of leaves.entries()) {
        for (const expected of generations) {
          const opened = await keyOfGeneration(crypto, tree, leafIndex, expected.generation);
          assert.equal(toHex(opened.messageKey.key), expected.application_key);
          assert.equal(toHex(opened.messageKey.nonce), expected.application_nonce);
          tree = opened.tree;
        }
      }
    }
  });

  it("agree on the content of a PrivateMessage", async () => {
    for (const vector of readVectors<MessageProtection>("message-protection.json")) {
      const message = decode(mlsMessage, fromHex(vector.application_priv));
      assert.ok(message.kind === "privateMessage");
      const sender = await openSenderData(crypto, message.privateMessage, fromHex(vector.sender_data_secret));
      const tree = createSecretTree(2, fromHex(vector.encryption_secret));
      const { messageKey } = await keyOfGeneration(crypto, tree, sender.leafIndex, sender.generation);
      const { applicationData } = await openPrivateContent(message.privateMessage, sender, messageKey);
      assert.equal(toHex(applicationData), vector.application);
    }
  });

  it("agree on the key schedule", async () => {
    for (const vector of readVectors<KeyScheduleVector>("key-schedule.json")) {
      let initSecret: Uint8Array = fromHex(vector.initial_init_secret);
      for (const [index, epoch] of vector.epochs.entries()) {
        const context = {
          version: 1,
          cipherSuite: 1,
          groupId: fromHex(vector.group_id),
          epoch: BigInt(index),
          treeHash: fromHex(epoch.tree_hash),
          confirmedTranscriptHash: fromHex(epoch.confirmed_transcript_hash),
          extensions: [],
        };
        const psk = fromHex(epoch.psk_secret);
        const derived = await deriveEpoch(crypto, initSecret, fromHex(epoch.commit_secret), psk, context);
        const { keys, encryptionSecret } = derived;
        assert.equal(toHex(derived.joinerSecret), epoch.joiner_secret);
        assert.equal(toHex(derived.welcomeSecret), epoch.welcome_secret);
        const { label, context: use, length, secret } = epoch.exporter;
        const exported = await exportEpochSecret(crypto, keys, { label, context: fromHex(use), length });
        assert.equal(toHex(exported), secret);
        assert.equal(toHex(encryptionSecret), epoch.encryption_secret);
        assert.equal(toHex(keys.epochAuthenticator), epoch.epoch_authenticator);
        assert.equal(toHex(keys.membershipKey), epoch.membership_key);
        assert.equal(toHex(keys.externalSecret), epoch.external_secret);
        initSecret = fromHex(epoch.init_secret);
      }
    }
  });
});

interface CryptoBasics {
  readonly expand_with_label: Labelled & { readonly context: string; readonly length: number };
  readonly derive_secret: Labelled;
  readonly derive_tree_secret: Labelled & { readonly generation: number; readonly length: number };
  readonly sign_with_label: Record<"pub" | "content" | "label" | "signature", string>;
  readonly encrypt_with_label: Record<
    "priv" | "pub" | "label" | "context" | "plaintext" | "kem_output" | "ciphertext",
    string
  >;
}

interface Labelled {
  readonly secret: string;
  readonly label: string;
  readonly out: string;
}

interface TreeValidation {
  readonly tree: string;
  readonly tree_hashes: readonly string[];
  readonly resolutions: readonly (readonly number[])[];
}

interface TreeOperations {
  readonly proposal: string;
  readonly proposal_sender: number;
  readonly tree_before: string;
  readonly tree_after: string;
  readonly tree_hash_before: string;
  readonly tree_hash_after: string;
}

interface SecretTreeVector {
  readonly encryption_secret: string;
  readonly leaves: readonly (readonly {
    readonly generation: number;
    readonly application_key: string;
    readonly application_nonce: string;
  }[])[];
}

type MessageProtection = Record<
  "application_priv" | "application" | "sender_data_secret" | "encryption_secret",
  string
>;

interface KeyScheduleVector {
  readonly group_id: string;
  readonly initial_init_secret: string;
  readonly epochs: readonly (Record<
    | "tree_hash"
    | "confirmed_transcript_hash"
    | "commit_secret"
    | "psk_secret"
    | "init_secret"
    | "encryption_secret"
    | "epoch_authenticator"
    | "membership_key"
    | "external_secret"
    | "joiner_secret"
    | "welcome_secret",
    string
  > & { readonly exporter: Record<"label" | "context" | "secret", string> & { readonly length: number } })[];
}
