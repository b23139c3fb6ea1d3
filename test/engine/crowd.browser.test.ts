import { expect } from "@open-wc/testing";
import { openDB } from "idb";
import { toHex } from "../../src/codec/bytes.js";
import { epochAuthenticator } from "../../src/mls/group.js";
import { decodeGroup } from "../../src/mls/stored-group.js";
import { readGroupRecord } from "../../src/storage/seat-database.js";
import { type Guest, joinAs, makeRoom, say } from "../support/engine-world.js";

const MANY = 30;

describe("Thirty engines that join at once", () => {
  it("all get in, at one epoch with one epoch authenticator", async function () {
    this.timeout(60_000);
    const owner = await makeRoom();
    const guests = await Promise.all(
      Array.from({ length: MANY }, (_, n) => joinAs(`Guest ${n}`, owner.address, { browser: `crowd-${n}` })),
    );
    const all = [owner, ...guests];
    await Promise.all(
      all.map(({ told }) => told.until("all are in", ({ state }) => state?.occupants.length === MANY + 1)),
    );
    const groups = await Promise.all(all.map(readGroup));
    expect(new Set(groups.map(({ epoch }) => epoch))).to.have.lengthOf(1);
    expect(new Set(groups.map(({ authenticator }) => authenticator))).to.have.lengthOf(1);
    await Promise.all(guests.map((guest, n) => say(guest, `I am ${n}`)));
    await Promise.all(all.map(({ told }) => told.until("all are heard", ({ texts }) => texts.length === MANY)));
    await Promise.all(all.map(({ told }) => told.settled()));
    expect(new Set(all.map(({ told }) => told.texts.join("\n")))).to.have.lengthOf(1);
    expect(all.flatMap(({ faults }) => faults)).to.deep.equal([]);
    const kinds = new Set(all.flatMap(({ told }) => told.timeline.map(({ content }) => content.kind)));
    expect([...kinds]).to.have.members(["joined", "text"]);
    for (const { engine } of all) engine.stop();
  });
});

/** What stands on disk, which is what counts after a crash. */
async function readGroup({ name }: Guest): Promise<{ readonly epoch: string; readonly authenticator: string }> {
  const database = await openDB(name);
  const record = await readGroupRecord(database.transaction("groups").store);
  database.close();
  const group = decodeGroup(record?.group ?? new Uint8Array());
  return { epoch: String(group.context.epoch), authenticator: toHex(epochAuthenticator(group)) };
}
