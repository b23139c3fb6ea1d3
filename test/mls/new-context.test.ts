import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { utf8 } from "../../src/codec/bytes.js";
import { foundGroup } from "../../src/mls/group.js";
import { parseKeyPackage } from "../../src/mls/key-package.js";
import { makeCommit } from "../../src/mls/make-commit.js";
import { processMessage } from "../../src/mls/process-message.js";
import { joinByWelcome } from "../../src/mls/welcome.js";
import type { Extension } from "../../src/mls/wire/extension.js";
import type { Proposal } from "../../src/mls/wire/proposal.js";
import { type HistoryClient, MARK, makeHistoryClient, makeNewcomer } from "../support/history-client.js";
import type { PlainMember } from "../support/mls-insider.js";

async function add(by: PlainMember, client: HistoryClient) {
  const { keyPackage } = await makeNewcomer(client);
  const proposal = { kind: "add", keyPackage: parseKeyPackage(keyPackage.message) } as const;
  const made = await makeCommit(by.crypto, by.group, { references: [], proposals: [proposal] });
  assert.ok(made.welcome);
  const group = await joinByWelcome(client.crypto, {
    welcome: made.welcome,
    ratchetTree: made.ratchetTree,
    keyPackage,
  });
  return { made, joined: { ...client, group }, by: { ...by, group: made.next } };
}

async function follow(member: PlainMember, commit: Uint8Array, pending: Uint8Array[] = []): Promise<PlainMember> {
  const processed = await processMessage(member.crypto, member.group, commit, { pending });
  assert.ok(processed.kind === "commit" && processed.next);
  return { ...member, group: processed.next };
}

/** A founder with those extensions and one more member. */
async function pair(extensions: readonly Extension[], second: HistoryClient) {
  const founder = await makeHistoryClient("founder");
  const group = await foundGroup(founder.crypto, { groupId: utf8("pair"), leaf: founder.leaf, extensions });
  const { joined, by } = await add({ ...founder, group }, second);
  return [by, joined] as const;
}

describe("a commit with other extensions", () => {
  it("a commit that drops an extension may add somebody who does not support it", async () => {
    const second = await makeHistoryClient("second");
    const [founder, member] = await pair([{ extensionType: MARK, extensionData: Uint8Array.of(1) }], second);
    const plain = await makeHistoryClient("plain");
    const client = { ...plain, leaf: { ...plain.leaf, capabilities: { ...plain.leaf.capabilities, extensions: [] } } };
    const { keyPackage } = await makeNewcomer(client);
    const proposals: Proposal[] = [
      { kind: "groupContextExtensions", extensions: [] },
      { kind: "add", keyPackage: parseKeyPackage(keyPackage.message) },
    ];
    const made = await makeCommit(founder.crypto, founder.group, { references: [], proposals });
    await follow(member, made.commit);
  });
});
