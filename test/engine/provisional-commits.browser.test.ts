import { expect } from "@open-wc/testing";
import { openGroupInfo } from "../../src/mls/group-info.js";
import { all, groupOf, names, said } from "../support/agreeing-guests.js";
import { ApiMember } from "../support/api-member.js";
import type { Guest } from "../support/engine-world.js";
import { type Forgery, forgeCommit, type OfferedCommit } from "../support/forged-commits.js";
import { WaryRoom } from "../support/wary-room.js";

const FORGERIES: readonly Forgery[] = ["membership tag", "confirmation tag", "external_pub", "path ciphertexts"];

describe("A commit that no member can follow", function () {
  this.timeout(60_000);
  const room = new WaryRoom();
  afterEach(() => room.close());

  for (const forgery of FORGERIES) {
    it(`is refused by all and taken back, and the room goes on: a member's ${forgery}`, async () => {
      const guests = [await room.open(), await room.enter("Adam")] as const;
      const mallory = await room.enterByApi("Mallory");
      const own = await mallory.stageUpdate();
      await isTakenBack(mallory, await forgeCommit(mallory.guest.crypto, mallory.joined(), own, forgery), guests);
      await mallory.catchUp();
      await isBarred(await mallory.offer(await mallory.stageUpdate()));
    });

    // Who joins has no membership tag to forge.
    if (forgery === "membership tag") continue;
    it(`is refused by all and taken back, and the room goes on: a joiner's ${forgery}`, async () => {
      const olga = await room.open();
      const guests = [olga, await room.enter("Adam")] as const;
      const mallory = await ApiMember.register(olga.address.provider, "Mallory");
      const { own } = await mallory.stageJoin(olga.address.room);
      const { state } = await openGroupInfo(mallory.guest.crypto, await mallory.groupInfo());
      await isTakenBack(mallory, await forgeCommit(mallory.guest.crypto, state, own, forgery), guests);
      await isBarred(await mallory.askForGroupInfo());
    });
  }

  /** Offers a commit; all refuse it, and the room goes on in the epoch before, with a newcomer too. */
  async function isTakenBack(
    mallory: ApiMember,
    forged: OfferedCommit,
    guests: readonly [Guest, Guest],
  ): Promise<void> {
    const [olga, adam] = guests;
    await said(olga, "before");
    await all(guests, ["before"]);
    const before = await groupOf(olga);
    const inside = names(olga).length;
    expect((await mallory.offer(forged)).status).to.equal(200);
    for (const { told } of guests) await told.until("it is refused", ({ faults }) => faults.length > 0);
    await said(adam, "after, by Adam");
    await said(olga, "after, by Olga");
    await all(guests, ["before", "after, by Adam", "after, by Olga"]);
    for (const guest of guests) {
      expect(await groupOf(guest)).to.equal(before);
      expect(guest.engine.state.problem).to.equal(undefined);
      expect(guest.faults).to.have.lengthOf(1);
    }
    const beth = await room.enter("Beth");
    await said(beth, "new");
    await all(guests, ["before", "after, by Adam", "after, by Olga", "new"]);
    for (const guest of room.guests) expect(names(guest)).to.have.lengthOf(inside + 1);
    expect(new Set(await Promise.all(room.guests.map(groupOf))).size).to.equal(1);
  }
});

async function isBarred(answer: Response): Promise<void> {
  expect(await answer.json()).to.include({ code: "notAllowed", rule: "hub/barred" });
}
