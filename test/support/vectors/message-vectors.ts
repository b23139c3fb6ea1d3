import { fromHex } from "../../../src/codec/bytes.js";
import { decode, encode } from "../../../src/codec/tls.js";
import { encodePublicMessage, openPublicMessage, readPublicMessage, signContent } from "../../../src/mls/framing.js";
import { makeGroup } from "../../../src/mls/group.js";
import { firstEpoch } from "../../../src/mls/key-schedule.js";
import { processMessage } from "../../../src/mls/process-message.js";
import type { Nodes } from "../../../src/mls/tree/nodes.js";
import { commit } from "../../../src/mls/wire/commit.js";
import { mlsMessage } from "../../../src/mls/wire/message.js";
import { proposal } from "../../../src/mls/wire/proposal.js";
import { refused, same, type VectorCheck, vectorCheck } from "./vector-check.js";
import { addVectorKey, vectorCrypto as crypto } from "./vector-crypto.js";

const FILE = "message-protection.json";
const NOTHING = new Uint8Array(0);

/** Messages and their protection. */
export const messageVectorChecks: readonly VectorCheck[] = [
  vectorCheck<MessageProtection>("proposals and commits in the clear, both ways", FILE, async (vector) => {
    const { group, handle } = await memberOf(vector);
    for (const kind of ["proposal", "commit"] as const) {
      const octets = fromHex(vector[`${kind}_pub`]);
      const membershipKey = fromHex(vector.membership_key);
      const opened = await openPublicMessage(crypto, group, readPublicMessage(octets), membershipKey);
      const { content } = opened.content;
      if (content.kind === "proposal") same(encode(proposal, content.proposal), vector.proposal, kind);
      else if (content.kind === "commit") same(encode(commit, content.commit), vector.commit, kind);
      same(content.kind, kind, "kind");
      const signature = await signContent(crypto, "publicMessage", opened.content, group.context, handle);
      const auth = { ...opened.auth, signature };
      const made = await encodePublicMessage(crypto, opened.content, auth, group.context, membershipKey);
      same(made, octets, `${kind}, made by us`);
    }
  }),

  vectorCheck<MessageProtection>("the content of a PrivateMessage", FILE, async (vector) => {
    const { group } = await memberOf(vector);
    const octets = fromHex(vector.application_priv);
    same(encode(mlsMessage, decode(mlsMessage, octets)), octets, "octets");
    const heard = await processMessage(crypto, group, octets, { pending: [] });
    same(heard.kind === "application" && [heard.leafIndex, heard.content], [1, vector.application], "application");
  }),

  vectorCheck<MessageProtection>("refusing handshakes that are encrypted, as rooms do", FILE, async (vector) => {
    const { group } = await memberOf(vector);
    for (const kind of ["proposal_priv", "commit_priv"] as const) {
      const work = processMessage(crypto, group, fromHex(vector[kind]), { pending: [] });
      await refused(work, "unsupported", kind);
    }
  }),
];

/** "a group of two … the sender has leaf index 1": the other one's state, as far as the vector tells it. */
async function memberOf(vector: MessageProtection) {
  const handle = await addVectorKey(vector.signature_priv, vector.signature_pub);
  const leaf = {
    kind: "leaf",
    encryptionKey: NOTHING,
    signatureKey: handle,
    credential: { identity: NOTHING },
    capabilities: { versions: [], cipherSuites: [], extensions: [], proposals: [], credentials: [] },
    source: { kind: "update" },
    extensions: [],
    signature: NOTHING,
  } as const;
  const nodes: Nodes = [leaf, undefined, leaf];
  const context = {
    version: 1,
    cipherSuite: vector.cipher_suite,
    groupId: fromHex(vector.group_id),
    epoch: BigInt(vector.epoch),
    treeHash: fromHex(vector.tree_hash),
    confirmedTranscriptHash: fromHex(vector.confirmed_transcript_hash),
    extensions: [],
  };
  const { keys } = await firstEpoch(crypto);
  const known = {
    senderDataSecret: fromHex(vector.sender_data_secret),
    membershipKey: fromHex(vector.membership_key),
  };
  const epoch = { keys: { ...keys, ...known }, encryptionSecret: fromHex(vector.encryption_secret) };
  return { group: makeGroup({ context, nodes, confirmationTag: NOTHING }, 0, epoch, new Map()), handle };
}

type MessageProtection = Record<
  | "group_id"
  | "tree_hash"
  | "confirmed_transcript_hash"
  | "signature_priv"
  | "signature_pub"
  | "encryption_secret"
  | "sender_data_secret"
  | "membership_key"
  | "proposal"
  | "proposal_priv"
  | "proposal_pub"
  | "commit"
  | "commit_priv"
  | "commit_pub"
  | "application"
  | "application_priv",
  string
> & { readonly cipher_suite: number; readonly epoch: number };
