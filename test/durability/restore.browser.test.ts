import { expect } from "@open-wc/testing";
import { fastClock } from "../support/fast-clock.js";
import { type KillableProvider, startKillableProvider } from "../support/killable-provider.js";
import { KilledWorld } from "../support/killed-world.js";
import { seeded } from "../support/seeded.js";

const CLIENTS = 20;

describe("A provider that is restored from a backup taken while twenty clients talked", () => {
  let provider: KillableProvider;
  before(async function () {
    this.timeout(60_000);
    provider = await startKillableProvider();
  });
  after(() => provider.dispose());

  it("gets back from the clients what they had said, once, and tells everybody that it went back", async function () {
    this.timeout(240_000);
    const seed = Date.now() % 2 ** 32;
    const world = new KilledWorld(provider, fastClock(4), seed, seeded(seed));
    await world.create();
    await Promise.all(Array.from({ length: CLIENTS - 1 }, () => world.arrive()));
    const hush = world.talk(100);
    await world.traffic(20);
    await provider.backUp();
    // What is said and who comes from here on is news to the hub that is restored.
    await world.traffic(20);
    await world.arrive();
    await world.traffic(20);
    await hush();
    await world.rest();
    await provider.kill();
    await provider.restore();
    await provider.start();
    const began = performance.now();
    await world.hears(({ content }) => content.kind === "restored");
    await world.sent();
    // Who takes a seat anew after the others have said theirs again has it from before, at its old place.
    const early = world.people.slice(0, CLIENTS);
    await world.shown(early);
    const seconds = (performance.now() - began) / 1000;

    const said = world.said.sort();
    for (const { told, nickname } of early) {
      expect([...told.texts].sort(), `${world.seed}: ${nickname}`).to.deep.equal(said);
    }
    for (const { told, nickname } of world.people) {
      const restored = told.timeline.filter(({ content }) => content.kind === "restored");
      expect(restored, `${world.seed}: ${nickname}`).to.have.lengthOf(1);
      expect(new Set(told.texts).size, `${world.seed}: ${nickname}`).to.equal(told.texts.length);
    }
    expect(new Set(await world.groups()), world.seed).to.have.lengthOf(1);
    world.report(`${world.said.length} messages; at rest ${seconds.toFixed(1)} s after the restored hub answered`);
    world.stop();
  });
});
