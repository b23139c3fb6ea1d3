import { expect } from "@open-wc/testing";
import { equalBytes, utf8 } from "../../src/codec/bytes.js";
import { encode } from "../../src/codec/tls.js";
import { exportPublicKey, generateSignatureKey } from "../../src/mls/signing.js";
import { DEFAULT_EXTENSION, type Extension, extensionData, externalSenderList } from "../../src/mls/wire/extension.js";
import { fourMembers } from "./mixed-group.js";
import type { OurPeer } from "./our-peer.js";

/** The group's extensions with an external sender: the one kind that core-crypto shows. */
async function withSender(peer: OurPeer) {
  const key = await exportPublicKey((await generateSignatureKey()).publicKey);
  const senders = [{ signatureKey: key, credential: { identity: utf8("hub") } }];
  const extensionType = DEFAULT_EXTENSION.externalSenders;
  const added: Extension = { extensionType, extensionData: encode(externalSenderList, senders) };
  return { key, extensions: [...peer.group.context.extensions, added] };
}

/** core-crypto makes no GroupContextExtensions by itself; what others propose, it takes and commits. */
describe("GroupContextExtensions between two implementations", () => {
  it("lets OpenMLS follow a commit of src/mls that changes the context", async () => {
    const { group, our, open, openOther } = await fourMembers();
    const { key, extensions } = await withSender(our);
    await group.accept(our, await our.commitProposals([{ kind: "groupContextExtensions", extensions }]));
    for (const each of [open, openOther]) expect(equalBytes(await each.externalSender(), key)).to.equal(true);
    await group.accept(open, await open.commit());
  });

  it("lets OpenMLS follow a commit that changes the context and removes a member", async () => {
    const { group, our, ourOther, open, openOther } = await fourMembers();
    const { key, extensions } = await withSender(our);
    const change = { kind: "groupContextExtensions", extensions } as const;
    const removed = (await our.members()).indexOf(openOther.id);
    await group.accept(our, await our.commitProposals([change, { kind: "remove", removed }]));
    expect(equalBytes(await open.externalSender(), key)).to.equal(true);
    for (const each of [open, ourOther]) await group.accept(each, await each.commit());
  });

  it("follows a commit of OpenMLS that changes the context as src/mls proposed", async () => {
    const { group, our, ourOther, open, openOther } = await fourMembers();
    const { key, extensions } = await withSender(our);
    await group.propose(our, await our.propose({ kind: "groupContextExtensions", extensions }));
    await group.propose(ourOther, await ourOther.proposeToRemove(openOther.id));
    await group.accept(open, await open.commitPending());
    expect(equalBytes(await open.externalSender(), key)).to.equal(true);
    for (const { context } of [our.group, ourOther.group]) {
      expect(extensionData(context.extensions, DEFAULT_EXTENSION.externalSenders)).not.to.equal(undefined);
    }
    expect(group.members).to.have.length(3);
    for (const each of group.members) await group.accept(each, await each.commit());
  });
});
