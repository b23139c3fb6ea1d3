import { expect } from "@open-wc/testing";
import fc from "fast-check";
import { anySchedule } from "../support/arbitrary-schedule.js";
import { providerUrl } from "../support/engine-world.js";
import type { Schedule } from "../support/faults.js";
import { type Played, playSchedule } from "../support/run-schedule.js";

/** What is played unless the environment says otherwise. */
const COUNT = navigator.userAgent.includes("Firefox") ? 20 : 500;
const SEED = 20231105;
/** How many are played at once, each in a room of its own. */
const AT_ONCE = 8;
/** One test plays so many. */
const PORTION = 50;

interface Wanted {
  readonly count?: number;
  readonly seed?: number;
  readonly only?: number;
}

const { count = COUNT, seed = SEED, only } = (await (await fetch("/__schedules.json")).json()) as Wanted;
const first = only ?? 0;
const past = only === undefined ? count : only + 1;
const schedules = fc.sample(anySchedule, { seed, numRuns: past });

const played: Played[] = [];

describe("Whatever the network does, nothing is lost, doubled or stuck", () => {
  for (let from = first; from < past; from += PORTION) {
    const to = Math.min(past, from + PORTION);
    it(`in schedules ${from} to ${to - 1} of seed ${seed}`, async function () {
      this.timeout(300_000);
      const provider = await providerUrl();
      let next = from;
      const failures: string[] = [];
      const play = async () => {
        while (next < to) {
          const n = next++;
          try {
            played.push(await playSchedule(schedules[n] as Schedule, provider, `${n}`));
          } catch (error) {
            failures.push(`MIMI_SCHEDULE_SEED=${seed}:${n} ${fc.stringify(schedules[n])}\n${String(error)}`);
          }
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, play));
      if (failures.length > 0) throw new Error(`${failures.length} failed:\n${failures.slice(0, 5).join("\n\n")}`);
    });
  }

  it("and the network was bad indeed, and the room alive", () => {
    const total = (what: keyof Played) => played.reduce((sum, each) => sum + each[what], 0);
    expect(played).to.have.lengthOf(past - first);
    // Messages of the end, of everybody, are the least; what was said over an epoch's end is sealed twice.
    expect(total("said")).to.be.at.least(2 * played.length);
    expect(total("ciphertexts")).to.be.at.least(total("said"));
  });
});
