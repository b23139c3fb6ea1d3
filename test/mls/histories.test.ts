import { describe, it } from "node:test";
import fc from "fast-check";
import { History } from "../support/history.js";
import { anyCourse } from "../support/history-commands.js";
import { branchOff, reinitialiseAll } from "../support/history-ending.js";
import { HistoryModel } from "../support/history-model.js";
import { seeded } from "../support/seeded.js";

/** `MIMI_HISTORIES=500 MIMI_SEED=7 node --import tsx --test test/mls/histories.test.ts` plays more of them, others. */
const RUNS = Number(process.env.MIMI_HISTORIES ?? 10);
const SEED = Number(process.env.MIMI_SEED ?? 9420);

const anyEnding = fc.record({ kind: fc.constantFrom("none", "reInit", "branch"), by: fc.nat({ max: 0xffff }) });

describe("any history of a group", () => {
  for (const [title, members, steps, runs] of [
    ["few", { min: 2, max: 6 }, 30, RUNS],
    ["many", { min: 14, max: 32 }, 20, Math.ceil(RUNS / 4)],
  ] as const) {
    it(`of ${title} keeps all members together, who left out, and who came from what was before`, async () => {
      const course = fc.asyncProperty(fc.integer(members), anyCourse(steps), anyEnding, async (size, commands, end) => {
        const names = Array.from({ length: size }, (_, index) => `member ${index}`);
        const real = await History.begin(names);
        const model = new HistoryModel(names, 1n);
        await fc.asyncModelRun(() => ({ model, real }), commands);
        if (end.kind === "reInit") await reinitialiseAll(real, model.pick(end.by));
        if (end.kind === "branch") await branchOff(real, model.pick(end.by), seeded(end.by));
      });
      await fc.assert(course, { seed: SEED, numRuns: runs, endOnFailure: true, includeErrorInReport: true });
    });
  }
});
