/** Thirty guests who join one room at the same moment: how long until the last is in, and how much work was in vain. */

import { ApiMember, bodyOf } from "../test/support/api-member.js";
import { startTestProvider } from "../test/support/provider-process.js";
import { median, printFigure } from "./figure.js";

const JOINERS = 30;
const RUNS = 3;

/** Joins, again and again until no other commit came between. Resolves with how many were refused. */
async function joinAtLast(member: ApiMember, room: string): Promise<number> {
  for (let refused = 0; ; refused += 1) {
    const { own } = await member.stageJoin(room);
    const answer = await member.guest.request("POST", `${member.path}/update`, bodyOf(own));
    if (answer.ok) return refused;
    const { code } = (await answer.json()) as { code: string };
    if (code !== "wrongEpoch") throw new Error(`a join was refused: ${code}`);
  }
}

const times: number[] = [];
const refusals: number[] = [];
for (let run = 0; run < RUNS; run += 1) {
  const provider = await startTestProvider();
  try {
    const owner = await ApiMember.register(provider.url, "Owner");
    await owner.createRoom("rivers");
    const numbers = Array.from({ length: JOINERS }, (_, index) => index + 1);
    const joiners = await Promise.all(numbers.map((number) => ApiMember.register(provider.url, `Joiner ${number}`)));
    const began = performance.now();
    const refused = await Promise.all(joiners.map((joiner) => joinAtLast(joiner, owner.room)));
    times.push(performance.now() - began);
    refusals.push(refused.reduce((sum, count) => sum + count, 0));
  } finally {
    await provider.stop();
  }
}

const how = "guests of one process, no wait before they try again";
printFigure({ name: "thirty joiners: until the last is in", unit: "ms", value: median(times), how });
printFigure({ name: "thirty joiners: refused commits", unit: "commits", value: median(refusals), how });
