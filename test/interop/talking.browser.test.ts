import { expect } from "@open-wc/testing";
import { retainEpochs } from "../../src/mls/former-epochs.js";
import { BOTH_WAYS, fourMembers, MixedGroup } from "./mixed-group.js";
import { OpenMlsPeer } from "./open-mls-peer.js";
import { OurPeer } from "./our-peer.js";

/** How long text is that needs each of MLS's lengths: one octet, two, four (RFC 9420, 2.1.2). */
const LENGTHS = [0, 1, 63, 64, 16_383, 16_384, 100_000];

describe("talking to another implementation", () => {
  it("carries what each says to all others, as its words", async () => {
    const { group } = await fourMembers();
    for (const member of group.members) await group.talk(member, `I am ${member.id}`);
  });

  it("carries texts of every length", async () => {
    const { group, open, our } = await fourMembers();
    for (const length of LENGTHS) {
      await group.talk(our, "a".repeat(length));
      await group.talk(open, "b".repeat(length));
    }
  });

  for (const { one: speaker, other: listener, make } of BOTH_WAYS) {
    it(`lets ${listener} hear what ${speaker} said out of order, and what came after lost messages`, async () => {
      const [from, to] = await make();
      await MixedGroup.of(from, [to]);
      const said: Uint8Array[] = [];
      for (let index = 0; index < 60; index += 1) said.push(await from.say(`${index}`));
      // core-crypto keeps the keys of the last two generations
      const heard: string[] = [];
      for (const index of [1, 0, 4, 3, 59]) heard.push((await to.hear(said[index] ?? new Uint8Array(0))).text);
      expect(heard).to.deep.equal(["1", "0", "4", "3", "59"]);
    });

    it(`does not let ${listener} hear the same message of ${speaker} twice`, async () => {
      const [from, to] = await make();
      await MixedGroup.of(from, [to]);
      const message = await from.say("once");
      await to.hear(message);
      const again = await to.hear(message).then(
        () => "heard",
        () => "refused",
      );
      expect(again).to.equal("refused");
    });
  }

  it("lets each hear what the other said in epochs that are over", async () => {
    const [our, open] = [await OurPeer.make(), await OpenMlsPeer.make()];
    const group = await MixedGroup.of(our, [open]);
    our.keep(retainEpochs(our.group, 2));
    const said = [await our.say("from long ago"), await open.say("from long ago")] as const;
    await group.accept(our, await our.commit());
    const later = [await our.say("from before"), await open.say("from before")] as const;
    await group.accept(open, await open.commit());
    const heard: string[] = [];
    for (const message of [said[0], later[0]]) heard.push((await open.hear(message)).text);
    for (const message of [later[1], said[1]]) heard.push((await our.hear(message)).text);
    expect(heard).to.deep.equal(["from long ago", "from before", "from before", "from long ago"]);
  });
});
