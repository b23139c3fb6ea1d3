import { expect } from "@open-wc/testing";
import { fromUtf8 } from "../../src/codec/bytes.js";
import { proposeExternally } from "../../src/mls/propose.js";
import { generateSignatureKey } from "../../src/mls/signing.js";
import { leaves } from "../../src/mls/tree/nodes.js";
import { HISTORY_CLIENT } from "./interop-authentication.js";
import type { MixedGroup } from "./mixed-group.js";
import { fourMembers, theirs } from "./mixed-group.js";
import { keyPackageIn, OurPeer } from "./our-peer.js";

/** Everybody renews its keys: whoever has a wrong secret somewhere in the tree cannot follow one of these. */
async function renewAll(group: MixedGroup): Promise<void> {
  for (const member of group.members) await group.accept(member, await member.commit());
}

/** The IDs in the tree that stand for nobody's device. */
function historyClients({ group }: OurPeer): readonly string[] {
  return leaves(group.nodes)
    .map(({ leaf }) => fromUtf8(leaf.credential.identity))
    .filter((id) => id.startsWith(HISTORY_CLIENT));
}

describe("committing in a group of two implementations", () => {
  it("follows a commit with a path of every member", async () => {
    const { group } = await fourMembers();
    await renewAll(group);
    await renewAll(group);
  });

  for (const committer of ["our", "open"] as const) {
    const name = committer === "our" ? "src/mls" : "OpenMLS";

    it(`lets ${name} remove a member of each implementation`, async () => {
      const four = await fourMembers();
      await four.group.remove(four[committer], four.ourOther);
      await renewAll(four.group);
      await four.group.remove(four[committer], four.openOther);
      await renewAll(four.group);
      expect(four.group.members).to.have.length(2);
    });

    it(`lets ${name} commit a Remove that another proposed`, async () => {
      const four = await fourMembers();
      const { group, ourOther } = four;
      const leaver = committer === "our" ? four.open : four.our;
      await group.propose(ourOther, await ourOther.proposeToRemove(leaver.id));
      await group.accept(four[committer], await (committer === "our" ? four.our.commit() : four.open.commitPending()));
      expect(group.members).not.to.contain(leaver);
      await renewAll(group);
    });

    it(`lets ${name} commit an Add and a Remove that another proposed`, async () => {
      const four = await fourMembers();
      const { group, ourOther, openOther } = four;
      const [newcomers, added] = [[await OurPeer.make(), ...(await theirs(1))], [] as Uint8Array[]];
      for (const newcomer of newcomers) added.push(await newcomer.offer());
      await group.propose(ourOther, await ourOther.proposeToRemove(openOther.id));
      for (const octets of added) {
        await group.propose(ourOther, await ourOther.propose({ kind: "add", keyPackage: keyPackageIn(octets) }));
      }
      const sent = await (committer === "our" ? four.our.commit() : four.open.commitPending());
      await group.accept(four[committer], sent, newcomers);
      expect(group.members).to.have.length(5);
      await renewAll(group);
    });

    it(`lets ${name} commit an Update that another proposed`, async () => {
      const four = await fourMembers();
      const { group, ourOther } = four;
      await group.propose(ourOther, await ourOther.proposeUpdate());
      await group.accept(four[committer], await (committer === "our" ? four.our.commit() : four.open.commitPending()));
      await group.talk(ourOther, "with my new leaf");
      await renewAll(group);
    });

    it(`lets ${name} commit what an external sender proposed`, async () => {
      const hub = await OurPeer.make();
      const key = await hub.crypto.addSignatureKey(await generateSignatureKey());
      const four = await fourMembers(key);
      const { group, our, openOther } = four;
      const removed = (await our.members()).indexOf(openOther.id);
      const proposal = await proposeExternally(hub.crypto, our.group.context, 0, key, { kind: "remove", removed });
      for (const member of group.members) await member.process(proposal);
      await group.accept(four[committer], await (committer === "our" ? our.commit() : four.open.commitPending()));
      expect(group.members).not.to.contain(openOther);
      await renewAll(group);
    });
  }

  it("lets src/mls add and remove in one commit", async () => {
    const { group, our, open } = await fourMembers();
    const newcomers = [await OurPeer.make(), ...(await theirs(2))];
    const add = await Promise.all(newcomers.map((newcomer) => newcomer.offer()));
    await group.accept(our, await our.commit({ add, remove: [open.id] }), newcomers);
    expect(group.members).to.have.length(6);
    await renewAll(group);
  });

  it("lets OpenMLS add by value and remove by reference in one commit", async () => {
    const { group, our, open, openOther } = await fourMembers();
    const newcomer = await OurPeer.make();
    await group.propose(our, await our.proposeToRemove(openOther.id));
    await group.accept(open, await open.commit({ add: [await newcomer.offer()] }), [newcomer]);
    expect(group.members).to.have.length(4);
    await renewAll(group);
  });

  // The client that keeps a group's history is replaced whenever somebody is removed: Remove, Remove and Add by value.
  it("lets OpenMLS add and remove by value in one commit", async () => {
    const { group, our, open, openOther } = await fourMembers();
    await group.accept(open, await open.addHistoryClient());
    const before = historyClients(our);
    await group.remove(open, openOther);
    const after = historyClients(our);
    expect([before.length, after.length]).to.deep.equal([1, 1]);
    expect(after).not.to.deep.equal(before);
    await renewAll(group);
  });
});
