import type { TestRunnerPlugin } from "@web/test-runner";

/**
 * Tells tests which schedules to play: `GET /__schedules.json` is `{ "count"?: 5000, "seed"?: 17, "only"?: 3, "courses"?: 50 }`, from
 * MIMI_SCHEDULES, MIMI_SCHEDULE_SEED (`17`, or `17:3` for the fourth of them alone) and MIMI_COURSES (of the model of a room).
 */
export function schedulesPlugin(environment: Readonly<Record<string, string | undefined>>): TestRunnerPlugin {
  const count = wholeFrom(environment.MIMI_SCHEDULES);
  const courses = wholeFrom(environment.MIMI_COURSES);
  const [seed, only] = (environment.MIMI_SCHEDULE_SEED ?? "").split(":", 2).map(wholeFrom);
  return {
    name: "mimi-schedules",
    serve(context) {
      if (context.path !== "/__schedules.json") return undefined;
      return { body: JSON.stringify({ count, seed, only, courses }), type: "json" };
    },
  };
}

function wholeFrom(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^[0-9]{1,9}$/u.test(text)) throw new Error(`${JSON.stringify(text)} is no whole number`);
  return Number(text);
}
