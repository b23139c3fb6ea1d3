import { expect } from "@open-wc/testing";
import { fastClock } from "../support/fast-clock.js";
import { type KillableProvider, startKillableProvider } from "../support/killable-provider.js";
import { KilledWorld } from "../support/killed-world.js";
import { seeded } from "../support/seeded.js";

const CLIENTS = 20;
const KILLS = 50;
/** How many messages may be acknowledged between two kills. */
const MOST_TRAFFIC = 12;

describe("A provider that is killed fifty times while twenty clients talk", () => {
  let provider: KillableProvider;
  before(async function () {
    this.timeout(60_000);
    provider = await startKillableProvider();
  });
  after(() => provider.dispose());

  it("loses nothing that it acknowledged, doubles nothing, and everybody comes back by themselves", async function () {
    this.timeout(300_000);
    const seed = Date.now() % 2 ** 32;
    const random = seeded(seed);
    const world = new KilledWorld(provider, fastClock(4), seed, random);
    await world.create();
    await Promise.all(Array.from({ length: CLIENTS - 1 }, () => world.arrive()));

    const began = performance.now();
    const hush = world.talk(100);
    const moves: Promise<void>[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      await world.traffic(MOST_TRAFFIC);
      await provider.kill();
      // Now and then somebody comes or goes while it is away.
      if (kill % 10 === 3) moves.push(world.arrive());
      if (kill % 10 === 7) moves.push(world.depart(1 + Math.floor(random() * (world.people.length - 1))));
      await provider.start();
    }
    await hush();
    await Promise.all(moves);
    const killed = performance.now();
    await world.rest();
    const rested = performance.now();

    const log = await provider.log();
    const places = new Map(log.map(({ hash, cursor }) => [hash, cursor]));
    expect(places.size, `${world.seed}: nothing stands twice in the log`).to.equal(log.length);
    for (const { hash, cursor } of world.acknowledged) expect(places.get(hash), world.seed).to.equal(cursor);

    const [owner, ...others] = world.people;
    const texts = owner?.told.texts ?? [];
    expect([...texts].sort(), `${world.seed}: all that was said, once`).to.deep.equal(world.said.sort());
    // whoever came later heard what was said since
    for (const { told, nickname } of others) {
      expect(told.texts, `${world.seed}: ${nickname}`).to.deep.equal(texts.slice(texts.length - told.texts.length));
    }
    expect(new Set(await world.groups()), world.seed).to.have.lengthOf(1);
    world.report(
      `${texts.length} messages, ${log.length} events, ${KILLS} kills in ${((killed - began) / 1000).toFixed(1)} s, ` +
        `at rest ${((rested - killed) / 1000).toFixed(1)} s after the last`,
    );
    world.stop();
  });
});
