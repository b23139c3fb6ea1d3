import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { utf8 } from "../../src/codec/bytes.js";
import { encode } from "../../src/codec/tls.js";
import { makeCommit } from "../../src/mls/make-commit.js";
import { processMessage } from "../../src/mls/process-message.js";
import { externalPskId } from "../../src/mls/psk.js";
import { DEFAULT_EXTENSION, requiredCapabilities } from "../../src/mls/wire/extension.js";
import { MARK, makeHistoryClient } from "../support/history-client.js";
import { twoMembers } from "../support/mls-insider.js";
import { follow, pair } from "../support/plain-pair.js";

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
