import { takeSeatDatabase } from "../../src/storage/seat-database.js";
import { joinAs, makeRoom, say } from "../support/engine-world.js";
describe("t", () => {
  it("x", async function () {
    this.timeout(60_000);
    let steps = 0, time = 0;
    const takeSeat = async (name: string) => { const db = await takeSeatDatabase(name); return { ...db, commitStep: async (s: never) => { const t = performance.now(); await db.commitStep(s); steps++; time += performance.now() - t; } }; };
    const owner = await makeRoom({ ports: { takeSeat } });
    for (let n = 0; n < 29; n++) { const g = await joinAs(`Guest ${n}`, owner.address); g.engine.stop(); }
    await owner.told.until("all are in", ({ state }) => state?.occupants.length === 30);
    console.log("owner steps", steps, "ms", time);
    const t0 = performance.now();
    const late = await joinAs("Late", owner.address, { ports: { takeSeat } });
    console.log("late join", performance.now() - t0);
    await owner.told.until("late in", ({ state }) => state?.occupants.length === 31);
    steps = 0; time = 0;
    const lat: number[] = [];
    for (let n = 0; n < 50; n++) { const t = performance.now(); await say(owner, `m${n}`); await late.told.until("heard", ({ texts }) => texts.includes(`m${n}`)); lat.push(performance.now() - t); }
    lat.sort((a, b) => a - b);
    console.log("send->shown p50", lat[25], "max", lat[49], "commit steps", steps, "avg", time / steps);
  });
});
