import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { utf8 } from "../../src/codec/bytes.js";
import { encode } from "../../src/codec/tls.js";
import { foundGroup } from "../../src/mls/group.js";
import { parseKeyPackage } from "../../src/mls/key-package.js";
import { makeCommit } from "../../src/mls/make-commit.js";
import { processMessage } from "../../src/mls/process-message.js";
import { externalPskId } from "../../src/mls/psk.js";
import { joinByWelcome } from "../../src/mls/welcome.js";
import { DEFAULT_EXTENSION, type Extension, requiredCapabilities } from "../../src/mls/wire/extension.js";
import { type HistoryClient, MARK, makeHistoryClient, makeNewcomer } from "../support/history-client.js";
import { type PlainMember, twoMembers } from "../support/mls-insider.js";

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

describe("a list of proposals", () => {
  it("two different PSKs may have one nonce", async () => {
    const [mallory, bob] = await twoMembers();
    const { pskNonce } = externalPskId(utf8("one"));
    const psks = ["one", "two"].map((name) => ({
      id: { kind: "external", pskId: utf8(name), pskNonce } as const,
      secret: new Uint8Array(32).fill(3),
    }));
    const made = await makeCommit(mallory.crypto, mallory.group, {
      references: [],
      proposals: psks.map(({ id }) => ({ kind: "psk", psk: id }) as const),
      psks,
    });
    const done = await processMessage(bob.crypto, bob.group, made.commit, { pending: [], psks });
    assert.ok(done.kind === "commit" && done.next);
  });

  it("a context may require default extensions and proposals, which nobody lists", async () => {
    const [founder, member] = await pair([], await makeHistoryClient("second"));
    const data = encode(requiredCapabilities, {
      extensionTypes: [DEFAULT_EXTENSION.externalSenders],
      proposalTypes: [1],
      credentialTypes: [1],
    });
    const extensions = [{ extensionType: DEFAULT_EXTENSION.requiredCapabilities, extensionData: data }];
    const made = await makeCommit(founder.crypto, founder.group, {
      references: [],
      proposals: [{ kind: "groupContextExtensions", extensions }],
    });
    await follow(member, made.commit);
  });

  it("13.4: a context with two extensions of one type is refused", async () => {
    const [founder, member] = await pair([], await makeHistoryClient("second"));
    const extensions = [1, 2].map((n) => ({ extensionType: MARK, extensionData: Uint8Array.of(n) }));
    await assert.rejects(
      (async () => {
        const made = await makeCommit(founder.crypto, founder.group, {
          references: [],
          proposals: [{ kind: "groupContextExtensions", extensions }],
        });
        await follow(member, made.commit);
      })(),
    );
  });

  it("12.1.5: a ReInit to a group that nobody could be in ends no group", async () => {
    const [founder, member] = await pair([], await makeHistoryClient("second"));
    const extensions = [{ extensionType: 0xf0f9, extensionData: new Uint8Array(2 ** 17 + 1) }];
    const { version, cipherSuite } = founder.group.context;
    await assert.rejects(
      (async () => {
        const made = await makeCommit(founder.crypto, founder.group, {
          references: [],
          proposals: [{ kind: "reInit", groupId: utf8("x"), version, cipherSuite, extensions }],
        });
        await follow(member, made.commit);
      })(),
    );
  });
});
