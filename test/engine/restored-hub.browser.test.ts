import { expect } from "@open-wc/testing";
import { newRoomUri } from "../../src/engine/commands/create-room.js";
import { network as real } from "../../src/transport/network.js";
import { agree, all, groupOf, names, retold, said, settled } from "../support/agreeing-guests.js";
import { Network } from "../support/engine-network.js";
import { type Guest, type GuestOptions, joinAs, say, startEngine } from "../support/engine-world.js";
import { type KillableProvider, startKillableProvider } from "../support/killable-provider.js";
import { dyingAt, lying } from "../support/unlucky-ports.js";

describe("A client that is ahead of a hub which was restored from a backup", function () {
  this.timeout(60_000);
  let provider: KillableProvider;
  const started: Guest[] = [];

  before(async () => {
    provider = await startKillableProvider();
  });
  after(() => provider.dispose());
  afterEach(() => {
    for (const { engine } of started.splice(0)) engine.stop();
  });

  it("says again what the hub has lost, and shows everything once", async () => {
    const [olga, adam] = await room("Adam");
    await said(olga, "kept");
    await all([olga, adam], ["kept"]);
    await provider.backUp();
    await said(adam, "lost, by Adam");
    await said(olga, "lost, by Olga");
    await all([olga, adam], ["kept", "lost, by Adam", "lost, by Olga"]);
    const epoch = await groupOf(olga);

    await goBack(olga, adam);
    await all([olga, adam], ["kept", "lost, by Adam", "lost, by Olga"], "in any order");
    await agree([olga, adam]);
    // No commit is lost: the group goes on, with the ratchets that it has.
    expect(await groupOf(olga)).to.equal(epoch);
    const beth = await enter("Beth", olga);
    await said(beth, "new");
    await all([olga, adam], ["kept", "lost, by Adam", "lost, by Olga", "new"], "in any order");
    await agree([olga, adam, beth]);
    expect([...olga.told.texts].slice(0, 1)).to.deep.equal(["kept"]);
    expect(olga.told.texts).to.deep.equal(adam.told.texts);
  });

  it("joins again where a commit is lost, and so does everybody else", async () => {
    const [olga, adam] = await room("Adam");
    await said(olga, "kept");
    await provider.backUp();
    const beth = await enter("Beth", olga);
    await said(beth, "lost, by Beth");
    await said(adam, "lost, by Adam");
    await all([olga, adam], ["kept", "lost, by Beth", "lost, by Adam"]);

    await goBack(olga, adam, beth);
    await all([olga, adam], ["kept", "lost, by Beth", "lost, by Adam"], "in any order");
    await agree([olga, adam, beth]);
    expect(names(olga)).to.have.members(["Olga", "Adam", "Beth"]);
    await said(beth, "after");
    await all([olga, adam], ["kept", "lost, by Beth", "lost, by Adam", "after"], "in any order");
    for (const { told } of [olga, adam, beth]) expect(told.texts.at(-1)).to.equal("after");
  });

  it("is not misled by cursors that the hub gave to others meanwhile", async () => {
    const cut = new Network();
    const [olga] = await room();
    const adam = await enter("Adam", olga, { ports: cut });
    await said(olga, "kept");
    await all([olga, adam], ["kept"]);
    await provider.backUp();
    await said(adam, "lost 1");
    await said(olga, "lost 2");
    await said(adam, "lost 3");
    await all([olga, adam], ["kept", "lost 1", "lost 2", "lost 3"]);

    cut.cut();
    await goBack(olga);
    await all([olga], ["kept", "lost 1", "lost 2", "lost 3"], "in any order");
    const beth = await enter("Beth", olga);
    for (const text of ["new 1", "new 2", "new 3", "new 4"]) await said(beth, text);
    await say(adam, "typed meanwhile");
    cut.restore();
    await adam.engine.reconnect();
    // Beth was not there when they were written: whether she may read them is for their author to say.
    await adam.told.until(
      "asked",
      ({ timeline }) => timeline.filter(({ problem }) => problem?.code === "newcomers").length === 2,
    );
    await beth.told.until("what nobody is asked about", ({ texts }) => texts.includes("typed meanwhile"));
    expect(beth.told.texts).not.to.include("lost 1");
    for (const { id, status } of adam.told.timeline) if (status === "failed") await adam.engine.retry(id);
    const texts = ["kept", "lost 1", "lost 2", "lost 3", "new 1", "new 2", "new 3", "new 4", "typed meanwhile"];
    await all([olga, adam], texts, "in any order");
    await agree([olga, adam, beth]);
  });

  it("says nothing at the moment when it is in again: the others could not read it yet", async () => {
    const [olga] = await room();
    const moments: { readonly path: string; readonly at: number }[] = [];
    const fetch: typeof real.fetch = async (url, init) => {
      const path = new URL(url).pathname;
      // A message counts from when it is sent: the log may show it before it is answered. A join counts when it is answered.
      if (path.endsWith("/submitMessage")) moments.push({ path, at: performance.now() });
      const answer = await real.fetch(url, init);
      if (path.endsWith("/update")) moments.push({ path, at: performance.now() });
      return answer;
    };
    const adam = await enter("Adam", olga, { ports: { fetch } });
    await provider.backUp();
    const beth = await enter("Beth", olga);
    await adam.told.until("Beth is in", ({ state }) => state?.occupants.length === 3);
    await goBack(adam);
    await say(adam, "typed meanwhile");
    await all([adam], ["typed meanwhile"]);
    await agree([olga, adam, beth]);
    const said = moments.findIndex(({ path }) => path.endsWith("/submitMessage"));
    expect(said, JSON.stringify(moments)).to.be.greaterThan(0);
    const back = moments.slice(0, said).findLast(({ path }) => path.endsWith("/update"));
    // Half a second is the shortest that is waited for the others; timers may be a little early.
    expect((moments[said]?.at ?? 0) - (back?.at ?? 0)).to.be.greaterThan(450);
  });

  it("says again what was on its way to an epoch that the hub has lost", async () => {
    const cut = new Network();
    const [olga] = await room();
    const adam = await enter("Adam", olga, { ports: cut });
    await provider.backUp();
    const beth = await enter("Beth", olga);
    await adam.told.until("Beth is in", ({ state }) => state?.occupants.length === 3);
    cut.cut();
    await say(adam, "on its way");
    await goBack(olga, beth);
    cut.restore();
    await adam.engine.reconnect();
    await adam.told.until("noticed", ({ timeline }) => timeline.some(({ content }) => content.kind === "restored"));
    await all([adam], ["on its way"]);
    expect(adam.told.timeline.some(({ status }) => status === "failed")).to.equal(false);
    await agree([olga, adam, beth]);
  });

  it("whose join is lost is in again, under its own name and once", async () => {
    const [olga] = await room();
    await said(olga, "kept");
    await provider.backUp();
    const adam = await enter("Adam", olga);
    await said(adam, "lost");
    await all([olga], ["kept", "lost"]);

    await goBack(olga, adam);
    await all([olga], ["kept", "lost"]);
    await all([adam], ["lost"]);
    await agree([olga, adam]);
    expect(names(olga)).to.deep.equal(["Olga", "Adam"]);
    expect(adam.engine.state.problem).to.equal(undefined);
  });

  it("keeps what it has read of a room that is lost as a whole, and says so", async () => {
    await provider.backUp();
    const [olga, adam] = await room("Adam");
    await said(olga, "lost");
    await all([olga, adam], ["lost"]);
    await goBack();
    for (const guest of [olga, adam]) {
      await guest.told.until("told", ({ state }) => state?.problem?.code === "roomLost");
      expect(guest.engine.state.phase).to.equal("joined");
      expect(guest.told.texts).to.deep.equal(["lost"]);
    }
  });

  it("goes on after a crash at every write of its repair", async () => {
    for (let write = 1; write <= 4; write++) {
      const [olga, adam] = await room("Adam", { browser: `crashes-${write}` });
      await provider.backUp();
      const beth = await enter("Beth", olga);
      await said(adam, "lost, by Adam");
      await all([olga, adam, beth], ["lost, by Adam"]);
      adam.engine.stop();
      await goBack(olga, beth);
      await all([olga, beth], ["lost, by Adam"]);
      const { dead, ports } = dyingAt(write);
      const again = await startEngine(olga.address, { browser: `crashes-${write}`, ports });
      started.push(again);
      void again.engine.open().catch(() => {});
      await Promise.race([dead.then(() => again.engine.stop()), settled(again)]);
      again.engine.stop();
      const reborn = await startEngine(olga.address, { browser: `crashes-${write}` });
      started.push(reborn);
      await reborn.engine.open();
      await retold(reborn);
      await all([olga, reborn], ["lost, by Adam"]);
      await agree([olga, reborn, beth]);
      expect(names(olga), `write ${write}`).to.have.members(["Olga", "Adam", "Beth"]);
      for (const { engine } of started.splice(0)) engine.stop();
    }
  });

  it("is not led around by a hub that says so again and again", async () => {
    const cut = new Network();
    const [olga] = await room();
    const adam = await joinAs("Adam", olga.address, { ports: { ...lying(cut), fetch: cut.fetch } });
    started.push(adam);
    await adam.told.until("it gives up", ({ state }) => state?.problem?.code === "outOfSync");
    const before = cut.requests.length;
    expect(before).to.be.lessThan(60);
    expect(adam.engine.state.phase).to.equal("joined");
    await said(olga, "hello");
    expect(cut.requests.length).to.equal(before);
  });

  it("follows nobody unasked into a room whose policy went back", async () => {
    const [olga, adam] = await room("Adam");
    await provider.backUp();
    await olga.engine.rename("Another name");
    await adam.told.until("renamed", ({ state }) => state?.preview?.name === "Another name");
    await said(adam, "said since");
    await all([olga, adam], ["said since"]);
    await goBack();
    for (const guest of [olga, adam]) {
      await guest.told.until("asked", ({ state }) => state?.problem?.code === "outOfSync");
      await guest.engine.reconnect();
    }
    await all([olga, adam], ["said since"]);
    await agree([olga, adam]);
  });

  /** A room with its owner, and with somebody else in it. */
  async function room(): Promise<[Guest]>;
  async function room(nickname: string, options?: GuestOptions): Promise<[Guest, Guest]>;
  async function room(nickname?: string, options?: GuestOptions): Promise<Guest[]> {
    const { url } = provider;
    const owner = await startEngine({ provider: url, room: await newRoomUri(real, url) });
    started.push(owner);
    await owner.engine.create({ provider: url, name: "Restored", preset: "event", nickname: "Olga", origins: [] });
    await online(owner);
    return nickname === undefined ? [owner] : [owner, await enter(nickname, owner, options)];
  }

  async function enter(nickname: string, owner: Guest, options?: GuestOptions): Promise<Guest> {
    const guest = await joinAs(nickname, owner.address, options);
    started.push(guest);
    await online(guest);
    return guest;
  }

  /** The hub dies, and comes back as it was at the backup. Resolves when `guests` have noticed. */
  async function goBack(...guests: readonly Guest[]): Promise<void> {
    await provider.kill();
    await provider.restore();
    await provider.start();
    for (const { engine } of started) void engine.reconnect().catch(() => {});
    await Promise.all(
      guests.map(({ told }) =>
        told.until("it has noticed", ({ timeline }) => timeline.some(({ content }) => content.kind === "restored")),
      ),
    );
  }
});

function online({ told }: Guest): Promise<void> {
  return told.until("online", ({ state }) => state?.connection === "online");
}
