import assert from "node:assert/strict";
import { utf8 } from "../../src/codec/bytes.js";
import { foundGroup } from "../../src/mls/group.js";
import { parseKeyPackage } from "../../src/mls/key-package.js";
import { makeCommit } from "../../src/mls/make-commit.js";
import { processMessage } from "../../src/mls/process-message.js";
import { joinByWelcome } from "../../src/mls/welcome.js";
import type { Extension } from "../../src/mls/wire/extension.js";
import { type HistoryClient, makeHistoryClient, makeNewcomer } from "./history-client.js";
import type { PlainMember } from "./mls-insider.js";

/** Adds a client by a commit with a Welcome; both are in the epoch that it begins. */
export async function addPlain(by: PlainMember, client: HistoryClient) {
  const { keyPackage } = await makeNewcomer(client);
  const proposal = { kind: "add", keyPackage: parseKeyPackage(keyPackage.message) } as const;
  const made = await makeCommit(by.crypto, by.group, { references: [], proposals: [proposal] });
  assert.ok(made.welcome);
  const { welcome, ratchetTree } = made;
  const group = await joinByWelcome(client.crypto, { welcome, ratchetTree, keyPackage });
  return { made, joined: { ...client, group }, by: { ...by, group: made.next } };
}

/** The member after a commit of another's. */
export async function follow(
  member: PlainMember,
  commit: Uint8Array,
  pending: readonly Uint8Array[] = [],
): Promise<PlainMember> {
  const processed = await processMessage(member.crypto, member.group, commit, { pending });
  assert.ok(processed.kind === "commit" && processed.next);
  return { ...member, group: processed.next };
}

/** A founder with those extensions and one more member. */
export async function pair(extensions: readonly Extension[], second: HistoryClient) {
  const founder = await makeHistoryClient("founder");
  const group = await foundGroup(founder.crypto, { groupId: utf8("pair"), leaf: founder.leaf, extensions });
  const { joined, by } = await addPlain({ ...founder, group }, second);
  return [by, joined] as const;
}
