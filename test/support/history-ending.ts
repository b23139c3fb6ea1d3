import assert from "node:assert/strict";
import { toHex, utf8 } from "../../src/codec/bytes.js";
import { epochAuthenticator, type Group, resumptionPsks } from "../../src/mls/group.js";
import { parseKeyPackage } from "../../src/mls/key-package.js";
import { makeCommit, type OwnCommit } from "../../src/mls/make-commit.js";
import { processMessage } from "../../src/mls/process-message.js";
import { protectMessage } from "../../src/mls/protect.js";
import { branch, reinitialise } from "../../src/mls/successor.js";
import { joinByWelcome } from "../../src/mls/welcome.js";
import type { History } from "./history.js";
import { type HistoryNewcomer, type HistorySeat, makeNewcomer } from "./history-client.js";

/** The group ends by a ReInit of the member at `leaf`, after which nothing is said in it, and begins anew by another. */
export async function reinitialiseAll(history: History, leaf: number): Promise<void> {
  const committer = history.seat(leaf);
  const { version, cipherSuite, extensions } = committer.group.context;
  const anew = { groupId: utf8("anew"), version, cipherSuite, extensions };
  const wish = { references: [], proposals: [{ kind: "reInit", ...anew } as const] };
  const { commit, next } = await makeCommit(committer.client.crypto, committer.group, wish);
  const ended: HistorySeat[] = [{ ...committer, group: next }];
  for (const seat of history.seats.values()) {
    if (seat === committer) continue;
    const processed = await processMessage(seat.client.crypto, seat.group, commit, { pending: [] });
    assert.ok(processed.kind === "commit" && processed.next);
    ended.push({ ...seat, group: processed.next });
  }
  for (const { client, group } of ended) {
    await assert.rejects(protectMessage(client.crypto, group, utf8("still")), { code: "invalidCommit" });
    await assert.rejects(makeCommit(client.crypto, group, { references: [], proposals: [] }), {
      code: "invalidCommit",
    });
  }
  const [founder, ...others] = ended.reverse();
  assert.ok(founder);
  if (others.length === 0) return;
  const newcomers = await Promise.all(others.map(({ client }) => makeNewcomer(client)));
  const begun = await reinitialise(founder.client.crypto, founder.group, partsOf(founder, newcomers));
  await assertBegun(history, begun, others, newcomers);
}

/** Some of the members, that at `leaf` among them, begin a group of their own. */
export async function branchOff(history: History, leaf: number, chance: () => number): Promise<void> {
  const founder = history.seat(leaf);
  const others = [...history.seats.values()].filter((seat) => seat !== founder && chance() < 0.6);
  const left = [...history.seats.values()].filter((seat) => seat !== founder && !others.includes(seat));
  const newcomers = await Promise.all(others.map(({ client }) => makeNewcomer(client)));
  if (newcomers.length === 0) return;
  const { extensions } = founder.group.context;
  const parts = { ...partsOf(founder, newcomers), groupId: utf8("aside"), extensions };
  const begun = await branch(founder.client.crypto, founder.group, parts);
  await assertBegun(history, begun, others, newcomers);
  for (const seat of left)
    await assert.rejects(enter(seat, await makeNewcomer(seat.client), begun), { code: "invalidWelcome" });
}

function partsOf(founder: HistorySeat, newcomers: readonly HistoryNewcomer[]) {
  const keyPackages = newcomers.map(({ keyPackage }) => parseKeyPackage(keyPackage.message));
  return { leaf: founder.client.leaf, keyPackages };
}

function enter(
  { client, group: former }: HistorySeat,
  { keyPackage }: HistoryNewcomer,
  begun: OwnCommit,
): Promise<Group> {
  const { welcome, ratchetTree } = begun;
  assert.ok(welcome);
  return joinByWelcome(client.crypto, { welcome, ratchetTree, keyPackage, former });
}

/** Asserts that those who were called come in, and that nobody outside has the key that the new group comes from. */
async function assertBegun(
  history: History,
  begun: OwnCommit,
  others: readonly HistorySeat[],
  newcomers: readonly HistoryNewcomer[],
): Promise<void> {
  const expected = toHex(epochAuthenticator(begun.next));
  for (const [index, seat] of others.entries()) {
    const newcomer = newcomers[index];
    assert.ok(newcomer);
    const group = await enter(seat, newcomer, begun);
    assert.equal(toHex(epochAuthenticator(group)), expected);
  }
  const keys = new Set([...history.seats.values()].map(({ group }) => toHex(group.keys.resumptionPsk)));
  for (const seat of history.outside) {
    const { group } = seat;
    assert.ok(!resumptionPsks(group).some(({ secret }) => keys.has(toHex(secret))));
    await assert.rejects(enter(seat, await makeNewcomer(seat.client), begun), { code: "invalidWelcome" });
  }
}
