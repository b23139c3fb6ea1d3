import type { Fault } from "../../src/engine/ports.js";
import { Page, type PageOptions } from "./crash-page.js";
import { type KillPoint, nameOfPoint, whensOf } from "./crash-ports.js";
import { tell } from "./tell.js";

/** What one browser does in one visit of a point, however often its world stops meanwhile. */
export interface Visit extends PageOptions {
  /** In order, after the room is opened. A page that does not know that a step was done repeats it. */
  readonly steps: readonly ((page: Page) => Promise<unknown>)[];
  /** What must hold when all is done; `page` is the last life's. */
  check(page: Page): Promise<void>;
}

/** Something that people do, to be done over a death at every call of a port. */
export interface Scenario {
  readonly name: string;
  /** Makes everything ready for a visit, unseen by the count. `label` is unique among visits. */
  prepare(label: string): Promise<Visit>;
  /** What must hold in the end, over all visits. */
  finish(): Promise<string>;
  /** Whether a fault is one that there must be. */
  expects?(fault: Fault): boolean;
  /** One of so many points is enough, where a visit takes seconds and what it shows is shown by others too. */
  readonly every?: number;
}

/** One of so many points is visited: all of them in Chromium, a sample in Firefox, whose engine is the same code. */
const EVERY = navigator.userAgent.includes("Firefox") ? 10 : 1;
/** Two lives are never quite the same: a point that one does not come to is tried again. */
const TRIES = 2;
/** With more of the points not reached than this part, nothing was tried. Others come in another order than at first. */
const MOST_MISSED = 0.5;

/**
 * Lives through a scenario once to count its calls, then once for every point at which its world can stop. Throws what did
 * not hold, naming the point. Prints what was visited.
 */
export async function visitAll(scenario: Scenario): Promise<void> {
  const { counts } = (await visit(scenario, `${scenario.name}: no death`)).mortal;
  const points = [...counts].flatMap(([call, count]) =>
    Array.from({ length: count }, (_, n) => whensOf(call).map((when) => ({ call, nth: n + 1, when }))).flat(),
  );
  const every = Math.max(EVERY, scenario.every ?? 1);
  const chosen = points.filter((_, n) => n % every === 0);
  let visited = 0;
  for (const point of chosen) if (await reach(scenario, point)) visited += 1;
  const calls = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const missed = chosen.length - visited;
  tell(
    `kill points: ${scenario.name}: ${visited} of ${points.length} visited (${calls} calls of ports; ` +
      `${missed} not reached again); ${await scenario.finish()}`,
  );
  if (missed > MOST_MISSED * chosen.length) throw new Error(`${scenario.name}: ${missed} points were not reached`);
}

/** Visits a point. Whether the world stopped there. */
async function reach(scenario: Scenario, point: KillPoint): Promise<boolean> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const label = `${scenario.name}: ${nameOfPoint(point)}${tries > 1 ? ` (again)` : ""}`;
    const { mortal } = await visit(scenario, label, point);
    if (mortal.dead) return true;
    mortal.die();
  }
  return false;
}

/** The same promise for every life of a visit: what others do is done once. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let doing: Promise<T> | undefined;
  return () => {
    doing ??= work();
    return doing;
  };
}

/** Lives a scenario to its end, over a death at `point` if there is one. Resolves with the page that was to die. */
async function visit(scenario: Scenario, label: string, point?: KillPoint): Promise<Page> {
  try {
    const planned = await scenario.prepare(label);
    const known = { done: 0 };
    const first = new Page(planned, point);
    const died = await live(first, planned, known);
    const last = died ? new Page(planned) : first;
    if (died) await live(last, planned, known);
    await planned.check(last);
    const fault = last.told.faults.find((each) => !scenario.expects?.(each));
    if (fault) throw fault.error;
    if (died || !point) last.mortal.die();
    return first;
  } catch (error) {
    throw new Error(`${label}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

/** One life: from where the page knows that it is to the end, or to the death. Whether it died. */
async function live(page: Page, { steps }: Visit, known: { done: number }): Promise<boolean> {
  const script = async (): Promise<void> => {
    await page.open();
    for (let step = steps[known.done]; step; step = steps[known.done]) {
      await step(page);
      // What others did goes on; the dead page learns nothing of it.
      if (page.mortal.dead) return;
      known.done += 1;
    }
  };
  await Promise.race([script(), page.mortal.died]);
  return page.mortal.dead;
}
