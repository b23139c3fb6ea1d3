import { expect } from "@open-wc/testing";
import type { Fetch } from "../../src/transport/ports.js";
import { all, said } from "../support/agreeing-guests.js";
import { Network } from "../support/engine-network.js";
import { type Guest, say } from "../support/engine-world.js";
import { forgeCommit } from "../support/forged-commits.js";
import { HoldingFetch } from "../support/holding-fetch.js";
import { WaryRoom } from "../support/wary-room.js";

describe("When a commit is taken back", function () {
  this.timeout(60_000);
  const room = new WaryRoom();
  afterEach(() => room.close());

  it("what the hub called too old for it is sent as it is, and stops nothing", async () => {
    const held = new HoldingFetch("/submitMessage");
    const refusals = new HoldingFetch("/refuseEvent");
    // Nobody refuses before the message has come too late.
    const fetch: Fetch = (url, init) =>
      url.endsWith("/submitMessage") ? held.fetch(url, init).finally(refusals.release) : refusals.fetch(url, init);
    const olga = await room.open({ ports: { fetch: refusals.fetch } });
    const adam = await room.enter("Adam", { ports: { fetch } });
    const mallory = await room.enterByApi("Mallory");
    await say(adam, "under way");
    await held.asked;
    const forged = await forgeCommit(
      mallory.guest.crypto,
      mallory.joined(),
      await mallory.stageUpdate(),
      "confirmation tag",
    );
    expect((await mallory.offer(forged)).status).to.equal(200);
    for (const { told } of [olga, adam]) await told.until("it is refused", ({ faults }) => faults.length > 0);
    held.release();
    await all([olga, adam], ["under way"]);
    await said(adam, "after it");
    await all([olga, adam], ["under way", "after it"]);
  });

  it("whose maker was away and had not read it, that one is told so and goes on", async () => {
    const refusals = new HoldingFetch("/refuseEvent");
    const faulty = new Network();
    const network = new Network();
    const olga = await room.open({ ports: network });
    const adam = await room.enter("Adam", { ports: { openSocket: faulty.openSocket, fetch: refusals.fetch } });
    faulty.misreadCommit();
    network.tamperEvents((event, frame) => (event.externalPub.length > 0 ? [] : [frame]));
    void olga.engine.rename("Another name").catch(() => undefined);
    await refusals.asked;
    await until(() => network.requests.some((path) => path.endsWith("/update")));
    network.cut();
    await olga.told.until("offline", ({ state }) => state?.connection === "offline");
    refusals.release();
    await said(adam, "Adam goes on");
    network.tamperEvents((_, frame) => [frame]);
    network.restore();
    olga.engine.resume();
    await olga.told.until("heard", ({ texts }) => texts.includes("Adam goes on"));
    await said(olga, "Olga goes on");
    await all([olga, adam], ["Adam goes on", "Olga goes on"]);
  });

  it("its barred maker says nothing in the epoch that is gone, whatever epoch the hub has come to since", async () => {
    const refusals = new HoldingFetch("/refuseEvent");
    const faulty = new Network();
    const olga = await room.open();
    const adam = await room.enter("Adam", { ports: { openSocket: faulty.openSocket, fetch: refusals.fetch } });
    faulty.misreadCommit();
    await olga.engine.rename("Another name");
    await refusals.asked;
    refusals.release();
    await olga.told.until("barred", ({ state }) => state?.problem?.rule === "hub/barred");
    const cleo = await room.enter("Cleo", {}, [adam]);
    await say(olga, "into the void");
    await said(cleo, "hello");
    await said(adam, "hello to you");
    await all([adam, cleo], ["hello", "hello to you"]);
    expect(statusOf(olga, "into the void")).to.not.equal("sent");
    for (const { faults } of [adam, cleo]) expect(faults.map(({ error }) => String(error)).slice(1)).to.deep.equal([]);
  });
});

function statusOf({ told }: Guest, wanted: string): string | undefined {
  return told.timeline.find(({ content }) => content.kind === "text" && content.text === wanted)?.status;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(requestAnimationFrame);
}
