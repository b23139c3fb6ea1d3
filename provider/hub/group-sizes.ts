import type { GroupView, Member } from "../../src/codec/group-view.js";
import type { UpdateRequest } from "../../src/codec/hub-messages.js";
import { encode } from "../../src/codec/tls.js";
import type { PublicGroup } from "../../src/mls/public-group.js";
import { leafAt } from "../../src/mls/tree/nodes.js";
import { leafNode } from "../../src/mls/wire/leaf-node.js";
import type { Limits } from "../config.js";
import { Refusal } from "../refusal.js";

/** What a path may take for each member: one HPKE ciphertext of a path secret, and some of a node. */
const PATH_BYTES_PER_MEMBER = 256;

// A commit, a GroupInfo, a leaf have parts that anybody may fill as he likes (authenticated data, unknown extensions).
// All of it goes to every member, and what stays in the group goes out with every later commit.

/** Throws Refusal for a proposal, or a commit and its GroupInfo, that is larger than its purpose asks for. */
export function checkOffer(limits: Limits, before: GroupView, { proposalOrCommit, bundle }: UpdateRequest): void {
  if (bundle === undefined) {
    atMost(limits.proposalBytes, proposalOrCommit, "proposal");
    return;
  }
  // a commit may bring a new GroupContext, and its path grows with the group
  const path = PATH_BYTES_PER_MEMBER * (before.members.length + 1);
  atMost(limits.groupInfoBytes + limits.leafBytes + path, proposalOrCommit, "commit");
  checkGroupInfo(limits, bundle.groupInfo);
}

/** Throws Refusal for a GroupInfo that is larger than a room's policy asks for. */
export function checkGroupInfo({ groupInfoBytes }: Limits, groupInfo: Uint8Array): void {
  atMost(groupInfoBytes, groupInfo, "groupInfo");
}

/** Throws Refusal when the leaf of `member` is larger than a client's identity asks for. */
export function checkLeaf({ leafBytes }: Limits, { nodes }: PublicGroup, member: Member | undefined): void {
  const leaf = member && leafAt(nodes, member.leafIndex);
  if (leaf !== undefined) atMost(leafBytes, encode(leafNode, leaf), "leaf");
}

function atMost(limit: number, bytes: Uint8Array, name: string): void {
  if (bytes.length > limit) throw new Refusal("tooLarge", `${name}: more than ${limit} octets`);
}
