import assert from "node:assert/strict";
import { utf8 } from "../../src/codec/bytes.js";
import { decode, encode } from "../../src/codec/tls.js";
import { makeExternalCommit } from "../../src/mls/external-commit.js";
import { encodePublicMessage, signContent } from "../../src/mls/framing.js";
import { foundGroup, type Group, signatureHandle } from "../../src/mls/group.js";
import { type GroupInfoBundle, makeGroupInfo } from "../../src/mls/group-info.js";
import { parseKeyPackage } from "../../src/mls/key-package.js";
import { labelled } from "../../src/mls/labels.js";
import { makeCommit } from "../../src/mls/make-commit.js";
import { processMessage } from "../../src/mls/process-message.js";
import type { Nodes } from "../../src/mls/tree/nodes.js";
import { joinByWelcome } from "../../src/mls/welcome.js";
import type { ProposalOrRef } from "../../src/mls/wire/commit.js";
import type { FramedContent } from "../../src/mls/wire/framed-content.js";
import { type GroupInfo, groupInfoTBS } from "../../src/mls/wire/group-context.js";
import { mlsMessage } from "../../src/mls/wire/message.js";
import type { Proposal } from "../../src/mls/wire/proposal.js";
import { ratchetTree } from "../../src/mls/wire/ratchet-tree.js";
import { type CryptoCounts, countingCrypto } from "./counting-crypto.js";
import { type HistoryClient, makeHistoryClient, makeNewcomer } from "./history-client.js";

const NOTHING = new Uint8Array(0);

/** A client that is no guest of a room, in a group. */
export interface PlainMember extends HistoryClient {
  readonly group: Group;
}

/** A group of two: who makes it slow, and who must not become slow. */
export async function twoMembers(): Promise<readonly [PlainMember, PlainMember]> {
  const [mallory, bob] = [await makeHistoryClient("mallory"), await makeHistoryClient("bob")];
  const group = await foundGroup(mallory.crypto, { groupId: utf8("bounds"), leaf: mallory.leaf, extensions: [] });
  const { keyPackage } = await makeNewcomer(bob);
  const add = { kind: "add", keyPackage: parseKeyPackage(keyPackage.message) } as const;
  const { next, welcome, ratchetTree } = await makeCommit(mallory.crypto, group, { references: [], proposals: [add] });
  assert.ok(welcome);
  const joined = await joinByWelcome(bob.crypto, { welcome, ratchetTree, keyPackage });
  return [
    { ...mallory, group: next },
    { ...bob, group: joined },
  ];
}

/** A message that a member signed and tagged, whatever is in it. */
export async function tagged({ crypto, group }: PlainMember, content: Partial<FramedContent>): Promise<Uint8Array> {
  const framed: FramedContent = {
    groupId: group.groupId,
    epoch: group.epoch,
    sender: { kind: "member", leafIndex: group.ownLeafIndex },
    authenticatedData: NOTHING,
    content: { kind: "commit", commit: { proposals: [], path: undefined } },
    ...content,
  };
  const signature = await signContent(crypto, "publicMessage", framed, group.context, signatureHandle(group));
  const confirmationTag = framed.content.kind === "commit" ? new Uint8Array(32) : undefined;
  return encodePublicMessage(crypto, framed, { signature, confirmationTag }, group.context, group.keys.membershipKey);
}

/** The same, of a commit without a path. */
export function committing(member: PlainMember, list: readonly Proposal[]): Promise<Uint8Array> {
  const proposals = list.map((proposal): ProposalOrRef => ({ kind: "proposal", proposal }));
  return tagged(member, { content: { kind: "commit", commit: { proposals, path: undefined } } });
}

/** What is done until a member refuses that message, for that reason. */
export async function workUntilRefused(
  { crypto, group }: PlainMember,
  message: Uint8Array,
  code: string,
): Promise<CryptoCounts> {
  const counting = countingCrypto(crypto);
  await assert.rejects(processMessage(counting.crypto, group, message, { pending: [] }), { code });
  return counting.counts;
}

/** The GroupInfo and tree of a member, changed and signed again by it. */
export async function reissued(
  { crypto, group }: PlainMember,
  change: (info: GroupInfo) => GroupInfo,
  nodes?: Nodes,
): Promise<GroupInfoBundle> {
  const made = await makeGroupInfo(crypto, group);
  const message = decode(mlsMessage, made.groupInfo);
  assert.ok(message.kind === "groupInfo");
  const info = change(message.groupInfo);
  const tbs = labelled("GroupInfoTBS", encode(groupInfoTBS, info));
  const signature = await crypto.signature.sign(signatureHandle(group), tbs);
  return {
    groupInfo: encode(mlsMessage, { kind: "groupInfo", groupInfo: { ...info, signature } }),
    ratchetTree: nodes === undefined ? made.ratchetTree : encode(ratchetTree, nodes),
  };
}

/** What is done until somebody who would join refuses, for that reason. */
export async function workOfJoiner(bundle: GroupInfoBundle, code: string): Promise<CryptoCounts> {
  const { crypto, leaf } = await makeHistoryClient("carol");
  const counting = countingCrypto(crypto);
  const join = makeExternalCommit(counting.crypto, { ...bundle, pendingProposals: [], leaf, removes: [] });
  await assert.rejects(join, { code });
  return counting.counts;
}
