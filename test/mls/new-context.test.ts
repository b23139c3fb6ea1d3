import { describe, it } from "node:test";
import { parseKeyPackage } from "../../src/mls/key-package.js";
import { makeCommit } from "../../src/mls/make-commit.js";
import type { Proposal } from "../../src/mls/wire/proposal.js";
import { MARK, makeHistoryClient, makeNewcomer } from "../support/history-client.js";
import { follow, pair } from "../support/plain-pair.js";

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
