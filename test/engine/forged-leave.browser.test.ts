import { expect } from "@open-wc/testing";
import { openDB } from "idb";
import type { CursorRecord } from "../../src/storage/records.js";
import { agree, all, names, said } from "../support/agreeing-guests.js";
import type { ApiMember } from "../support/api-member.js";
import { Network } from "../support/engine-network.js";
import { type Guest, say, startEngine } from "../support/engine-world.js";
import { forgedSelfRemove, isOfForgery } from "../support/forged-commits.js";
import { HoldingFetch } from "../support/holding-fetch.js";
import { WaryRoom } from "../support/wary-room.js";

describe("A proposal to leave that nobody can check", function () {
  this.timeout(60_000);
  const room = new WaryRoom();
  afterEach(() => room.close());

  it("is refused, taken back, and its sender barred, also when a second does the same: the room goes on by itself", async () => {
    const olga = await room.open();
    const adam = await room.enter("Adam");
    const mallory = await room.enterByApi("Mallory");
    const second = await room.enterByApi("Second");
    await mallory.catchUp();
    for (const [count, member] of [mallory, second].entries()) {
      await leave(member, "forged");
      await refusedBy([olga, adam], count + 1);
      await said(adam, `said after ${count + 1}`);
      expect((await member.selfRemove()).status).to.equal(403);
    }
    await olga.engine.rename("Another name");
    await adam.told.until("it is called so", ({ state }) => state?.preview?.name === "Another name");
    const beth = await room.enter("Beth");
    await said(beth, "said by Beth");
    await beth.engine.leave();
    room.guests.splice(room.guests.indexOf(beth), 1);
    await olga.told.until("Beth is out", () => !names(olga).includes("Beth"));
    await said(olga, "said last");
    await all([olga, adam], ["said after 1", "said after 2", "said by Beth", "said last"]);
    expect(names(olga)).to.have.members(["Olga", "Adam", "Mallory", "Second"]);
    for (const { told } of [olga, adam]) {
      expect(told.states.filter(({ problem }) => problem !== undefined)).to.deep.equal([]);
    }
  });

  it("and a good one on top of it do not silence the room", async () => {
    const refusals = new HoldingFetch("/refuseEvent");
    const olga = await room.open({ ports: { fetch: refusals.fetch } });
    const adam = await room.enter("Adam", { ports: { fetch: refusals.fetch } });
    const mallory = await room.enterByApi("Mallory");
    const second = await room.enterByApi("Second");
    await mallory.catchUp();
    await leave(mallory, "forged");
    await leave(second, "good");
    await refusals.asked;
    refusals.release();
    await said(adam, "hello");
    await leave(second, "good");
    await olga.told.until("Second is out", () => !names(olga).includes("Second"));
    await said(olga, "hello to you");
    await all([olga, adam], ["hello", "hello to you"]);
  });

  it("takes those who joined over it along, who come back by themselves, and are asked before its sender hears what they said", async () => {
    const refusals = new HoldingFetch("/refuseEvent");
    const olga = await room.open({ ports: { fetch: refusals.fetch } });
    const adam = await room.enter("Adam", { ports: { fetch: refusals.fetch } });
    await leave(await room.enterByApi("Mallory"), "forged");
    await refusals.asked;
    const dora = await room.enter("Dora", {}, []);
    await said(dora, "said over it");
    expect(names(dora)).to.have.members(["Olga", "Adam", "Dora"]);
    refusals.release();
    await olga.told.until("Dora is in", () => names(olga).includes("Dora"));
    await dora.told.until("she is asked", ({ timeline }) =>
      timeline.some(({ problem }) => problem?.code === "newcomers"),
    );
    expect(names(dora)).to.have.members(["Olga", "Adam", "Dora", "Mallory"]);
    await dora.engine.retry(dora.told.timeline.find(({ status }) => status === "failed")?.id ?? "");
    await all([olga, adam, dora], ["said over it"]);
    await said(adam, "heard");
    await all([olga, adam, dora], ["said over it", "heard"]);
  });

  it("takes along what the hub has acknowledged beside it: that is said again", async () => {
    const refusals = new HoldingFetch("/refuseEvent");
    const network = new Network();
    const olga = await room.open({ ports: { fetch: refusals.fetch } });
    const adam = await room.enter("Adam", { ports: network });
    const mallory = await room.enterByApi("Mallory");
    network.tamperEvents(() => []);
    await leave(mallory, "forged");
    await refusals.asked;
    await said(adam, "beside it");
    network.tamperEvents((_, frame) => [frame]);
    network.cut();
    network.restore();
    adam.engine.resume();
    await refusedBy([adam], 1);
    refusals.release();
    await all([olga, adam], ["beside it"]);
    await said(olga, "heard");
    await all([olga, adam], ["beside it", "heard"]);
  });

  it("is refused again after a reload, and nothing is read or said meanwhile", async () => {
    const refusals = new HoldingFetch("/refuseEvent");
    const browser = { browser: "refuses a proposal and reloads" };
    const olga = await room.open();
    const adam = await room.enter("Adam", { ...browser, ports: { fetch: refusals.fetch } });
    await leave(await room.enterByApi("Mallory"), "forged");
    await refusals.asked;
    await say(adam, "typed meanwhile");
    adam.engine.stop();
    const again = await startEngine(olga.address, browser);
    room.guests.push(again);
    await again.engine.open();
    await all([olga], ["typed meanwhile"]);
    await said(olga, "heard");
    await again.told.until("heard", ({ texts }) => texts.includes("heard"));
  });

  it("though the others can: whoever alone is wrong about a proposal joins again by itself", async () => {
    const browser = { browser: "wrong about a proposal" };
    const olga = await room.open();
    const adam = await room.enter("Adam", browser);
    const beth = await room.enter("Beth");
    const carol = await room.enterByApi("Carol");
    adam.engine.stop();
    room.guests.splice(room.guests.indexOf(adam), 1);
    await leave(carol, "good");
    await olga.told.until("Carol is out", () => !names(olga).includes("Carol"));
    const [proposal] = (await carol.page()).events;
    const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(proposal?.message ?? []));
    const hash = [...new Uint8Array(digest)].map((octet) => octet.toString(16).padStart(2, "0")).join("");
    await note(adam, { hash, code: "badMembershipTag" });
    const again = await startEngine(olga.address, browser);
    room.guests.push(again);
    await again.engine.open();
    await agree([olga, beth, again]);
    await said(again, "back");
    await all([olga, beth], ["back"]);
    expect(again.told.states.filter(({ problem }) => problem !== undefined)).to.deep.equal([]);
  });
});

/** Asks to be taken out of the group. */
async function leave(member: ApiMember, how: "good" | "forged"): Promise<void> {
  const forged = () => forgedSelfRemove(member.guest.crypto, member.joined());
  const { status } = how === "good" ? await member.selfRemove() : await member.propose(await forged());
  expect(status).to.equal(200);
}

/** Resolves when each of them has refused so many proposals. */
async function refusedBy(guests: readonly Guest[], count: number): Promise<void> {
  for (const { told } of guests) {
    await told.until("it is refused", ({ faults }) => faults.filter(isOfForgery).length >= count);
  }
}

/** Writes into a seat on disk that it has refused what comes next. */
async function note({ name }: Guest, refused: NonNullable<CursorRecord["refused"]>): Promise<void> {
  const database = await openDB(name);
  const log: CursorRecord = await database.get("cursors", "cursor");
  await database.put("cursors", { ...log, refused }, "cursor");
  database.close();
}
