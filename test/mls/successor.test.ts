import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { utf8 } from "../../src/codec/bytes.js";
import { foundGroup, resumptionPsks } from "../../src/mls/group.js";
import { parseKeyPackage } from "../../src/mls/key-package.js";
import { makeCommit } from "../../src/mls/make-commit.js";
import { resumptionPskId } from "../../src/mls/psk.js";
import { reinitialise } from "../../src/mls/successor.js";
import { joinByWelcome } from "../../src/mls/welcome.js";
import { makeHistoryClient, makeNewcomer } from "../support/history-client.js";
import { twoMembers } from "../support/mls-insider.js";
import { addPlain, follow } from "../support/plain-pair.js";

describe("ReInit", () => {
  async function reInited() {
    const [mallory, bob] = await twoMembers();
    const carol = await makeHistoryClient("carol");
    const { made, joined, by } = await addPlain(mallory, carol);
    const bob1 = await follow(bob, made.commit);
    const { version, cipherSuite, extensions } = by.group.context;
    const reInit = { groupId: utf8("anew"), version, cipherSuite, extensions };
    const done = await makeCommit(by.crypto, by.group, { references: [], proposals: [{ kind: "reInit", ...reInit }] });
    return {
      mallory: { ...by, group: done.next },
      bob: await follow(bob1, done.commit),
      carol: await follow(joined, done.commit),
    };
  }

  it("11.2, 12.4.3.1: a successor without all members of the old group is refused", async () => {
    const { mallory, bob } = await reInited();
    const anew = await makeNewcomer(bob);
    const keyPackages = [parseKeyPackage(anew.keyPackage.message)]; // carol is left out
    const begun = await reinitialise(mallory.crypto, mallory.group, { leaf: mallory.leaf, keyPackages });
    assert.ok(begun.welcome);
    const { welcome, ratchetTree } = begun;
    await assert.rejects(
      joinByWelcome(bob.crypto, { welcome, ratchetTree, keyPackage: anew.keyPackage, former: bob.group }),
      { code: "invalidWelcome" },
    );
  });

  it("11.2: a successor linked by the PSK of an epoch before the ReInit is refused", async () => {
    const { mallory, bob, carol } = await reInited();
    const [one, two] = [await makeNewcomer(bob), await makeNewcomer(carol)];
    const { reInit } = mallory.group;
    assert.ok(reInit);
    const alone = await foundGroup(mallory.crypto, {
      groupId: reInit.groupId,
      leaf: mallory.leaf,
      extensions: reInit.extensions,
    });
    const psk = resumptionPskId("reInit", { groupId: mallory.group.groupId, epoch: mallory.group.epoch - 1n });
    const begun = await makeCommit(mallory.crypto, alone, {
      references: [],
      proposals: [
        ...[one, two].map(
          ({ keyPackage }) => ({ kind: "add", keyPackage: parseKeyPackage(keyPackage.message) }) as const,
        ),
        { kind: "psk", psk },
      ],
      psks: resumptionPsks(mallory.group),
    });
    assert.ok(begun.welcome);
    const { welcome, ratchetTree } = begun;
    await assert.rejects(
      joinByWelcome(bob.crypto, { welcome, ratchetTree, keyPackage: one.keyPackage, former: bob.group }),
      { code: "invalidWelcome" },
    );
  });
});
