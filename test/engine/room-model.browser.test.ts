import { expect } from "@open-wc/testing";
import fc from "fast-check";
import { RealRoom } from "../support/room-model/real-room.js";
import { anyCourse, OWNER } from "../support/room-model/room-course.js";
import { RoomModel } from "../support/room-model/room-model.js";
import { tell } from "../support/tell.js";

/** How many courses are played unless the environment says otherwise, and how long each may be. */
const COUNT = navigator.userAgent.includes("Firefox") ? 4 : 20;
const ACTS = 40;
const SEED = 20231105;

interface Wanted {
  readonly courses?: number;
  readonly seed?: number;
}

const { courses = COUNT, seed = SEED } = (await (await fetch("/__schedules.json")).json()) as Wanted;

describe("Whatever honest members do", function () {
  this.timeout(600_000);

  it(`engines, hub and model agree on epoch, roster, roles and policy: ${courses} courses of seed ${seed}`, async () => {
    const rooms: RealRoom[] = [];
    const course = fc.asyncProperty(anyCourse(ACTS), async (acts) => {
      const real = await RealRoom.make(OWNER);
      rooms.push(real);
      await fc.asyncModelRun(() => ({ model: new RoomModel(OWNER), real }), acts);
      real.close();
    });
    const options = { seed, numRuns: courses, endOnFailure: true, includeErrorInReport: true };
    await fc.assert(course, options).finally(() => {
      for (const room of rooms) room.close();
    });
    const total = (what: "agreed" | "refused") => rooms.reduce((sum, room) => sum + room[what], 0);
    tell(`model of the room: ${total("agreed")} acts, ${total("refused")} of them refused; after each all agreed`);
    expect(total("agreed")).to.be.at.least(3 * courses);
  });
});
