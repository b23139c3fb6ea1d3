import { expect } from "@open-wc/testing";
import { utf8 } from "../../src/codec/bytes.js";
import { proposeJoining } from "../../src/mls/propose.js";
import { BOTH_WAYS, MixedGroup, ours, theirs } from "./mixed-group.js";
import { OpenMlsPeer } from "./open-mls-peer.js";
import { keyPackageIn, OurPeer } from "./our-peer.js";

describe("joining a group of another implementation", () => {
  for (const { one: founder, other: joiner, make } of BOTH_WAYS) {
    it(`lets ${joiner} into a group of ${founder} by KeyPackage, Add and Welcome`, async () => {
      const [creator, newcomer] = await make();
      const group = await MixedGroup.of(creator, [newcomer]);
      await group.talk(creator, "welcome");
      await group.talk(newcomer, "thanks");
    });

    it(`lets several into a group of ${founder} by one commit`, async () => {
      const [creator, first] = await make();
      const newcomers = [first, ...(await ours(1)), ...(await theirs(1))];
      const group = await MixedGroup.of(creator, []);
      const add = await Promise.all(newcomers.map((newcomer) => newcomer.offer()));
      await group.accept(creator, await creator.commit({ add }), newcomers);
      for (const member of group.members) await group.talk(member, "all here");
    });

    it(`lets ${joiner} into a group of ${founder} by an external commit`, async () => {
      const [creator, newcomer] = await make();
      const group = await MixedGroup.of(creator, [...(await ours(1)), ...(await theirs(1))]);
      await group.joinExternally(newcomer);
      await group.talk(newcomer, "here I am");
      await group.talk(creator, "so you are");
    });

    it(`lets a client of ${joiner} that lost its state take its own leaf again`, async () => {
      const [creator, returner] = await make();
      const group = await MixedGroup.of(creator, [returner, ...(await ours(1)), ...(await theirs(1))]);
      const before = await creator.members();
      await group.joinExternally(returner);
      expect([...(await creator.members())].sort()).to.deep.equal([...before].sort());
      await group.talk(returner, "back again");
    });
  }

  it("lets OpenMLS commit the wish of a client of src/mls to be added", async () => {
    const [creator, member, newcomer] = [await OpenMlsPeer.make(), await OurPeer.make(), await OurPeer.make()];
    const group = await MixedGroup.of(creator, [member]);
    const add = { kind: "add", keyPackage: keyPackageIn(await newcomer.offer()) } as const;
    const wish = await proposeJoining(newcomer.crypto, member.group.context, add);
    for (const each of group.members) await each.process(wish);
    await group.accept(creator, await creator.commitPending(), [newcomer]);
    await group.talk(newcomer, "thanks");
  });

  it("refuses a Welcome of OpenMLS for somebody else", async () => {
    const [creator, newcomer, stranger] = [await OpenMlsPeer.make(), await OpenMlsPeer.make(), await OurPeer.make()];
    await creator.found(utf8("not for strangers"));
    const { welcome } = await creator.commit({ add: [await newcomer.offer()] });
    await stranger.offer();
    const fault = await stranger.join(welcome ?? utf8("")).then(
      () => "none",
      (error: unknown) => String(error),
    );
    expect(fault).to.contain("a Welcome for others");
  });
});
