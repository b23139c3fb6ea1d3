import { expect } from "@open-wc/testing";
import { openDB } from "idb";
import type { GroupRecord } from "../../src/storage/records.js";
import { readGroupRecord, takeSeatDatabase } from "../../src/storage/seat-database.js";

const newName = () => `test-group-parts-${crypto.randomUUID()}`;

/** A group of four octets that only a commit changes, and two of its own. */
const group = (epoch: number, message: number): GroupRecord => ({
  group: Uint8Array.of(epoch, epoch, epoch, epoch, message, message),
  publicLength: 4,
  proposals: [],
});

async function raw(name: string, key: string): Promise<unknown> {
  const database = await openDB(name);
  const value: unknown = await database.get("groups", key);
  database.close();
  return value;
}

/** Makes the public part on disk another one, to see whether it is written. */
async function plant(name: string, publicPart: Uint8Array): Promise<void> {
  const database = await openDB(name);
  await database.put("groups", publicPart, "publicPart");
  database.close();
}

describe("A stored group", () => {
  it("is read whole, and written without its public part while that stays", async () => {
    const name = newName();
    const seat = await takeSeatDatabase(name);
    await seat.commitStep({ group: group(1, 1) });
    expect(await raw(name, "group")).to.deep.equal({ ...group(1, 1), group: Uint8Array.of(1, 1) });
    await plant(name, Uint8Array.of(9, 9, 9, 9));
    await seat.commitStep({ group: group(1, 2) });
    expect(await raw(name, "publicPart")).to.deep.equal(Uint8Array.of(9, 9, 9, 9));
    await seat.commitStep({ group: group(2, 0) });
    expect(await raw(name, "publicPart")).to.deep.equal(Uint8Array.of(2, 2, 2, 2));
    await seat.commitStep({ group: group(2, 1) });
    expect((await seat.load()).group).to.deep.equal(group(2, 1));
    seat.close();
  });

  it("leaves nothing on disk of what stands behind its public part", async () => {
    const name = newName();
    const seat = await takeSeatDatabase(name);
    await seat.commitStep({ group: group(1, 1) });
    const publicPart = (await raw(name, "publicPart")) as Uint8Array;
    expect(new Uint8Array(publicPart.buffer)).to.deep.equal(Uint8Array.of(1, 1, 1, 1));
    seat.close();
  });

  it("has its public part written by whoever takes the seat over, and anew after a step that failed", async () => {
    const name = newName();
    const first = await takeSeatDatabase(name);
    await first.commitStep({ group: group(1, 1) });
    await plant(name, Uint8Array.of(9, 9, 9, 9));
    const second = await takeSeatDatabase(name);
    await second.commitStep({ group: group(1, 2) });
    expect((await second.load()).group).to.deep.equal(group(1, 2));
    const uncloneable = { ...group(2, 1), proposals: [(() => 1) as never] };
    await second.commitStep({ group: uncloneable }).catch(() => undefined);
    expect((await second.load()).group).to.deep.equal(group(1, 2));
    await second.commitStep({ group: group(2, 2) });
    expect((await second.load()).group).to.deep.equal(group(2, 2));
    first.close();
    second.close();
  });

  it("is read as it was kept before there were two parts, and goes wholly", async () => {
    const name = newName();
    const whole: GroupRecord = { group: Uint8Array.of(1, 2, 3), proposals: [] };
    const seat = await takeSeatDatabase(name);
    await seat.commitStep({ group: whole });
    expect((await seat.load()).group).to.deep.equal(whole);
    await seat.commitStep({ group: group(1, 1) });
    await seat.commitStep({ group: null });
    seat.close();
    const database = await openDB(name);
    expect(await readGroupRecord(database.transaction("groups").store)).to.equal(undefined);
    expect(await database.count("groups")).to.equal(0);
    database.close();
  });
});
