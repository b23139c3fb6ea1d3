import { encode } from "../../src/codec/tls.js";
import { HASH_LENGTH } from "../../src/mls/cipher-suite.js";
import type { Crypto } from "../../src/mls/crypto.js";
import { decryptWithLabel } from "../../src/mls/encrypt-with-label.js";
import { type EvaluatedCommit, evaluateCommit } from "../../src/mls/evaluate-commit.js";
import { externalInitSecret } from "../../src/mls/external-commit.js";
import { openPublicMessage, readPublicMessage } from "../../src/mls/framing.js";
import { type Group, resumptionPsks } from "../../src/mls/group.js";
import { deriveEpoch } from "../../src/mls/key-schedule.js";
import { deriveSecret } from "../../src/mls/labels.js";
import { MlsError } from "../../src/mls/mls-error.js";
import { processMessage } from "../../src/mls/process-message.js";
import { type PreSharedKey, pskSecretOf } from "../../src/mls/psk.js";
import type { PublicState } from "../../src/mls/public-state.js";
import { filteredDirectPath, nodeOfLeaf } from "../../src/mls/tree/nodes.js";
import { groupContext } from "../../src/mls/wire/group-context.js";
import type { HistorySeat } from "./history-client.js";
import type { HistoryWitness } from "./history-witness.js";

/** A commit as everybody on the way sees it, and the one thing that is given to an attacker for nothing: the PSKs. */
export interface SeenCommit {
  readonly evaluated: EvaluatedCommit;
  readonly pskSecret: Uint8Array;
}

export async function seeCommit(
  crypto: Crypto,
  before: Group,
  commit: Uint8Array,
  pending: readonly Uint8Array[],
  psks: readonly PreSharedKey[],
): Promise<SeenCommit> {
  const authenticated = await openPublicMessage(crypto, before, readPublicMessage(commit), undefined);
  const evaluated = await evaluateCommit(crypto, before, authenticated, pending, undefined);
  const pskSecret = await pskSecretOf(crypto, evaluated.applied.psks, [...psks, ...resumptionPsks(before)]);
  return { evaluated, pskSecret };
}

/**
 * Whether somebody finds the secrets of the epoch that a commit begins, by all states that it ever had: every init secret, or external
 * secret for an external commit, with every commit secret that its private keys open, and the one of a commit without a path.
 */
export async function findsEpoch(
  witness: HistoryWitness,
  seat: HistorySeat,
  states: readonly Group[],
  { evaluated, pskSecret }: SeenCommit,
): Promise<boolean> {
  const { crypto } = seat.client;
  const { applied, after } = evaluated;
  const commitSecrets = [new Uint8Array(HASH_LENGTH), ...(await openedCommitSecrets(witness, seat, evaluated))];
  const tried = new Set<Uint8Array>();
  for (const { keys } of states) {
    const from = applied.kemOutput === undefined ? keys.initSecret : keys.externalSecret;
    if (tried.has(from)) continue;
    tried.add(from);
    const initSecret = applied.kemOutput ? await externalInit(from, applied.kemOutput) : from;
    if (initSecret === undefined) continue;
    for (const commitSecret of commitSecrets) {
      const epoch = await deriveEpoch(crypto, initSecret.slice(), commitSecret.slice(), pskSecret, after.context);
      const { confirmedTranscriptHash } = after.context;
      const { confirmationKey } = epoch.keys;
      if (await crypto.hash.verifyMac(confirmationKey, after.confirmationTag, confirmedTranscriptHash)) return true;
    }
  }
  return false;
}

/** The commit secrets that a path gives to whoever has a private key that it is encrypted to. */
async function openedCommitSecrets(
  witness: HistoryWitness,
  seat: HistorySeat,
  { path, committer, nodesBeforePath, provisional, applied }: EvaluatedCommit,
): Promise<readonly Uint8Array[]> {
  if (path === undefined || committer === undefined) return [];
  const { kdf } = seat.client.crypto;
  const added = new Set(applied.added.map(({ leafIndex }) => nodeOfLeaf(leafIndex)));
  const steps = filteredDirectPath(nodesBeforePath, committer);
  const info = encode(groupContext, provisional);
  const found: Uint8Array[] = [];
  for (const [position, { resolution }] of steps.entries()) {
    const recipients = resolution.filter((index) => !added.has(index));
    for (const [place, index] of recipients.entries()) {
      const publicKey = nodesBeforePath[index]?.encryptionKey;
      const privateKey = publicKey && witness.privateKeyOf(seat, publicKey);
      const ciphertext = path.nodes[position]?.encryptedPathSecret[place];
      if (privateKey === undefined || ciphertext === undefined) continue;
      let secret: Uint8Array = await decryptWithLabel(privateKey, "UpdatePathNode", info, ciphertext);
      for (let above = position; above < steps.length; above++) secret = await deriveSecret(secret, "path", kdf);
      found.push(secret);
    }
  }
  return found;
}

/** Whether that state's secrets open a message of the epoch whose context and tree are given, as everybody can see them. */
export async function opensMessage(
  crypto: Crypto,
  state: Group,
  message: Uint8Array,
  { context, nodes, confirmationTag }: PublicState,
): Promise<boolean> {
  const pretending = { ...state, context, nodes, confirmationTag, epoch: context.epoch, ownLeafIndex: -1 };
  try {
    await processMessage(crypto, pretending, message, { pending: [] });
    return true;
  } catch (error) {
    if (error instanceof MlsError && error.code === "cannotDecrypt") return false;
    throw error;
  }
}

async function externalInit(externalSecret: Uint8Array, kemOutput: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    return await externalInitSecret(externalSecret, kemOutput);
  } catch (error) {
    if (error instanceof MlsError) return undefined;
    throw error;
  }
}
