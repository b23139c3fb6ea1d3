import { expect } from "@open-wc/testing";
import { platform } from "../../src/worker/platform.js";
import { joinAs, makeRoom, say } from "../support/engine-world.js";
import { fastClock } from "../support/fast-clock.js";
import { FreezableChannels, newBrowser, openTab } from "../support/seat-world.js";

describe("Two tabs of one browser", () => {
  it("show the same room and the same timeline, and share one seat", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    const first = await openTab(browser, owner.address);
    expect(first.state.phase).to.equal("preview");
    await first.seat.join("Adam");
    const second = await openTab(browser, owner.address);
    expect(second.state.phase).to.equal("joined");
    expect(second.state.me?.nickname).to.equal("Adam");
    await first.seat.send({ text: "from the first", format: "plain" });
    await second.seat.send({ text: "from the second", format: "plain" });
    await say(owner, "from the owner");
    for (const { told } of [first, second]) await told.until("three are there", ({ texts }) => texts.length === 3);
    for (const { told } of [first, second]) await told.settled();
    await owner.told.until("three are there", ({ texts }) => texts.length === 3);
    expect(first.told.timeline).to.deep.equal(second.told.timeline);
    expect(first.told.texts).to.deep.equal(owner.told.texts);
    expect(owner.engine.state.occupants.map(({ nickname, clients }) => [nickname, clients])).to.deep.equal([
      ["Olga", 1],
      ["Adam", 1],
    ]);
    await first.seat.close();
    await second.seat.close();
    owner.engine.stop();
  });

  it("go on when the leading one closes, and what was asked of it is done once", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    const channels = new FreezableChannels();
    const first = await openTab(browser, owner.address, channels);
    await first.seat.join("Adam");
    const second = await openTab(browser, owner.address);
    channels.freeze();
    const sending = second.seat.send({ text: "in between", format: "plain" });
    await first.seat.close();
    await sending;
    await second.told.settled();
    await say(owner, "heard?");
    await second.told.until("the new leader hears", ({ texts }) => texts.includes("heard?"));
    await owner.told.until("it arrived", ({ texts }) => texts.includes("in between"));
    expect(owner.told.texts.filter((text) => text === "in between")).to.have.lengthOf(1);
    await second.seat.close();
    owner.engine.stop();
  });

  it("steal the lead from one that is frozen, which follows when it thaws", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    const channels = new FreezableChannels();
    const first = await openTab(browser, owner.address, channels);
    await first.seat.join("Adam");
    // A clock that runs faster: the test does not wait for six seconds.
    const clock = {
      ...platform.engine.clock,
      after: (ms: number, then: () => void) => platform.engine.clock.after(ms / 5, then),
    };
    const second = await openTab(browser, owner.address, { engine: { ...platform.engine, clock } });
    channels.freeze();
    await second.seat.send({ text: "from the second", format: "plain" });
    await owner.told.until("it arrived", ({ texts }) => texts.includes("from the second"));
    channels.thaw();
    await first.seat.send({ text: "from the first", format: "plain" });
    await owner.told.until("both arrived", ({ texts }) => texts.includes("from the first"));
    expect(owner.told.texts).to.deep.equal(["from the second", "from the first"]);
    for (const { told } of [first, second]) await told.until("both are there", ({ texts }) => texts.length === 2);
    for (const { told } of [first, second]) await told.settled();
    expect(first.told.timeline).to.deep.equal(second.told.timeline);
    // In line again: it leads when the thief goes.
    await second.seat.close();
    await first.seat.send({ text: "alone", format: "plain" });
    await first.told.settled();
    expect(owner.engine.state.occupants.map(({ nickname }) => nickname)).to.deep.equal(["Olga", "Adam"]);
    await first.seat.close();
    owner.engine.stop();
  });

  it("notice a leader that sleeps also where one only reads", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    const channels = new FreezableChannels();
    const first = await openTab(browser, owner.address, { openChannel: channels.openChannel });
    await first.seat.join("Adam");
    const second = await openTab(browser, owner.address, { engine: { ...platform.engine, clock: fastClock(20) } });
    channels.freeze();
    await say(owner, "while it sleeps");
    await second.told.until("it is read", ({ texts }) => texts.includes("while it sleeps"));
    channels.thaw();
    await first.seat.close();
    await second.seat.close();
    owner.engine.stop();
  });

  it("organise a room from either, and what was asked of one that closes is done once", async () => {
    const owner = await makeRoom();
    const browser = newBrowser();
    const channels = new FreezableChannels();
    const first = await openTab(browser, owner.address, channels);
    await first.seat.join("Adam");
    const second = await openTab(browser, owner.address);
    const beth = await joinAs("Beth", owner.address);
    await owner.told.until("three are in", ({ state }) => state?.occupants.length === 3);
    await owner.engine.changeStanding(first.told.state?.me?.userUri ?? "", "admin");
    await second.told.until("it may moderate", ({ state }) => state?.me?.mayModerate === true);
    const user = beth.engine.state.me?.userUri ?? "";
    expect(await second.seat.moderation(user)).to.deep.equal(await first.seat.moderation(user));
    expect((await second.seat.settings()).mayChange).to.deep.equal([]);
    const refused = await second.seat.changeSettings({ moderated: true }).catch((error: unknown) => error);
    expect(refused).to.have.nested.property("problem.rule", "5.11/admin-membership-only");
    expect((await second.seat.explain({ moderated: true })).effects).to.not.deep.equal([]);
    await second.seat.changeStanding(user, "visitor");
    channels.freeze();
    const kicking = second.seat.kick(user);
    await first.seat.close();
    await kicking;
    await beth.told.until("it is out", ({ state }) => state?.problem?.code === "removed");
    await owner.told.until("two are left", ({ state }) => state?.occupants.length === 2);
    const kicks = owner.told.timeline.filter(({ content }) => content.kind === "removed");
    expect(kicks).to.have.lengthOf(1);
    await second.seat.accept({ logging: false, history: true, bots: true, receipts: true, pseudonyms: true });
    expect(second.told.state?.acceptance?.logging).to.equal(false);
    await second.seat.close();
    for (const { engine } of [owner, beth]) engine.stop();
  });

  it("resync a page that comes back", async () => {
    const owner = await makeRoom();
    const tab = await openTab(newBrowser(), owner.address);
    await tab.seat.join("Adam");
    await tab.seat.pageHidden();
    await joinAs("Beth", owner.address);
    await say(owner, "meanwhile");
    await owner.told.settled();
    expect(tab.told.texts).to.deep.equal([]);
    await tab.seat.pageShown();
    await tab.told.until("caught up", ({ texts }) => texts.includes("meanwhile"));
    await tab.seat.close();
    owner.engine.stop();
  });
});

describe("Seat", () => {
  it("refuses an address that is none, and a second room", async () => {
    const owner = await makeRoom();
    const tab = await openTab(newBrowser(), owner.address);
    for (const room of ["nonsense", "https://provider.example/r/x", "mimi://other.example/r/other"]) {
      const refused = await tab.seat.open({ ...owner.address, room }).catch((error: unknown) => error);
      expect(refused).to.have.nested.property("problem.code", "invalidAddress");
    }
    await tab.seat.close();
    owner.engine.stop();
  });

  it("takes the seed drafts' spelling of a room for the same room", async () => {
    const owner = await makeRoom();
    const [, domain, id] = /^mimi:\/\/([^/]+)\/r\/(.+)$/u.exec(owner.address.room) ?? [];
    const tab = await openTab(newBrowser(), {
      provider: `${owner.address.provider}/`,
      room: `im:mimi=#${id}@${domain}`,
    });
    expect(tab.state.phase).to.equal("preview");
    expect(tab.state.room).to.equal(owner.address.room);
    await tab.seat.close();
    owner.engine.stop();
  });
});
