import { expect } from "@open-wc/testing";
import { seeded } from "../support/seeded.js";
import { tell } from "../support/tell.js";
import { MixedGroup, ours, theirs } from "./mixed-group.js";
import { one, operate } from "./random-operations.js";

/** How many members of each implementation. */
const HALF = 10;

/** MIMI_SCHEDULES and MIMI_SCHEDULE_SEED, of whoever wants more or others. */
const asked: { readonly count?: number; readonly seed?: number } = await (await fetch("/__schedules.json")).json();
const { count = 200, seed = 1 } = asked;

describe("a group of twenty, half of each implementation", () => {
  it(`has the same secrets in all members after each of ${count} operations by chance`, async function () {
    this.timeout(360_000);
    const chance = seeded(seed);
    const all = [...(await ours(HALF)), ...(await theirs(HALF))];
    const founder = one(all, chance);
    const others = all.filter((peer) => peer !== founder);
    const group = await MixedGroup.of(founder, []);
    const add: Uint8Array[] = [];
    for (const other of others) add.push(await other.offer());
    await group.accept(founder, await founder.commit({ add }), others);

    const started = performance.now();
    const counts = new Map<string, number>();
    for (let index = 0; index < count; index += 1) {
      const { what, by } = await operate(group, 2 * HALF, chance).catch((fault: unknown) => {
        const before = [...counts].map(([name, times]) => `${times} × ${name}`).join(", ");
        throw new Error(`seed ${seed}, operation ${index}, after ${before}: ${String(fault)}`, { cause: fault });
      });
      await group.agree();
      for (const name of [what, `by ${by.implementation}`]) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const summary = [...counts].map(([name, times]) => `${times} × ${name}`).join(", ");
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    tell(`seed ${seed}, ${seconds} s, epoch ${await one(group.members, chance).epoch()}: ${summary}`);
    expect(new Set(group.members.map(({ implementation }) => implementation)).size).to.equal(2);
  });
});
