import { expect } from "@open-wc/testing";
import type { RoomEvent } from "../../src/codec/hub-messages.js";
import { frameOf, type Misled, nextEvent, sayTo, warned } from "../support/dishonest/misled-room.js";
import { Network } from "../support/engine-network.js";
import { joinAs, makeRoom } from "../support/engine-world.js";
import { type KillableProvider, startKillableProvider } from "../support/killable-provider.js";

describe("A room that a hub has forked in two", function () {
  this.timeout(60_000);
  let provider: KillableProvider;
  let twin: KillableProvider;
  let guests: Misled[] = [];
  beforeEach(async () => {
    provider = await startKillableProvider();
  });
  afterEach(async () => {
    for (const { engine } of guests) engine.stop();
    guests = [];
    await Promise.all([provider.dispose(), twin.dispose()]);
  });

  /** Olga and Beth stay, Adam and Cleo are led to another hub that has had the same log. */
  async function forked(): Promise<readonly [olga: Misled, beth: Misled, adam: Misled, cleo: Misled]> {
    const network = new Network();
    const olga = { ...(await makeRoom({ ports: network, provider: provider.url })), network };
    guests = [olga];
    for (const nickname of ["Beth", "Adam", "Cleo"]) guests.push(await entering(nickname, olga));
    const [, beth, adam, cleo] = guests as [Misled, Misled, Misled, Misled];
    await until(guests, 4);
    twin = await provider.fork();
    for (const { network } of [adam, cleo]) network.leadTo(twin.url);
    for (const each of [adam, cleo]) await each.engine.reconnect();
    await until(guests, 4);
    return [olga, beth, adam, cleo];
  }

  it("has two fingerprints, one for each half, and a message that crosses tells though nobody can open it", async () => {
    const [olga, beth, adam, cleo] = await forked();
    expect(new Set([olga, beth, adam, cleo].map(digitsOf)).size).to.equal(1);
    guests.push(await entering("Dora", olga), await entering("Eve", adam, twin));
    await until(guests, 5);
    expect(new Set(guests.map(epochOf)).size).to.equal(1);
    const [ours, theirs] = [
      [olga, beth, guests[4]],
      [adam, cleo, guests[5]],
    ];
    for (const half of [ours, theirs]) expect(new Set(half.map((each) => each && digitsOf(each))).size).to.equal(1);
    expect(digitsOf(olga)).not.to.equal(digitsOf(adam));

    const crossing = await nextEvent(cleo, () => sayTo(adam, "crosses", cleo));
    await shown(beth, crossing, olga);
    await warned(beth);
    expect(beth.told.texts).to.deep.equal([]);
  });

  it("is told of to whoever is shown one message of the other half", async () => {
    const [olga, beth, adam, cleo] = await forked();
    // Before its sender has seen that there are two, nothing in a message could tell.
    await Promise.all([sayTo(olga, "ours", beth), sayTo(cleo, "theirs", adam)]);
    await sayTo(adam, "and mine", cleo);
    const message = await nextEvent(cleo, () => sayTo(adam, "crosses", cleo));
    await shown(beth, message, olga);
    await warned(beth);
  });

  it("is told of also when one half is behind, to whichever is shown a message of the other", async () => {
    const [olga, beth, adam, cleo] = await forked();
    const behind = await nextEvent(cleo, () => sayTo(adam, "from behind", cleo));
    await olga.engine.rename("Ours");
    await beth.told.until("renamed", ({ state }) => state?.preview?.name === "Ours");
    await shown(beth, behind, olga);
    await warned(beth);

    const ahead = await nextEvent(beth, () => sayTo(olga, "from ahead", beth));
    await shown(cleo, ahead, adam);
    await cleo.told.until("told", ({ state }) => state?.problem?.code === "outOfSync");
  });
});

/** Somebody joins who is led to a hub. */
async function entering(nickname: string, { address }: Misled, hub?: KillableProvider): Promise<Misled> {
  const network = new Network();
  if (hub) network.leadTo(hub.url);
  return { ...(await joinAs(nickname, address, { ports: network })), network };
}

/** One is shown a message of the other half in the place of the next that `speaker` says. */
async function shown(misled: Misled, { message }: RoomEvent, speaker: Misled): Promise<void> {
  misled.network.tamperEvents((event) => {
    misled.network.tamperEvents((_, frame) => [frame]);
    return [frameOf({ ...event, message })];
  });
  await sayTo(speaker, "in its place");
}

async function until(guests: readonly Misled[], occupants: number): Promise<void> {
  for (const { told } of guests) {
    await told.until(
      `${occupants} are in`,
      ({ state }) => state?.connection === "online" && state.occupants.length === occupants,
    );
  }
}

function digitsOf({ engine }: Misled): string | undefined {
  return engine.state.fingerprint?.digits;
}

function epochOf({ engine }: Misled): number | undefined {
  return engine.state.fingerprint?.epoch;
}
