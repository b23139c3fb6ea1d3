import fc from "fast-check";
import type { Action, FrameFault, Part, RequestFault, Schedule, SocketFault } from "./faults.js";

const anyRequestFault: fc.Arbitrary<RequestFault> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: "pass" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "unsent" } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: "lost" } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("never" as const), arrives: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("slow" as const),
      // longer than a client waits for an answer
      there: fc.integer({ min: 0, max: 40_000 }),
      back: fc.integer({ min: 0, max: 30_000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("twice" as const),
      gap: fc.integer({ min: 0, max: 20_000 }),
      seen: fc.constantFrom("first" as const, "second" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("trouble" as const),
      status: fc.constantFrom(429 as const, 500 as const, 503 as const),
      retryAfter: fc.constantFrom(0, 1, 20, 1e9),
      arrives: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "page" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "truncated" } as const) },
);

const anyFrameFault: fc.Arbitrary<FrameFault> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: "pass" } as const) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("twice" as const, "drop" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("late" as const), by: fc.integer({ min: 1, max: 10_000 }) }),
  },
);

const anySocketFault: fc.Arbitrary<SocketFault> = fc.record({
  refused: fc.option(fc.constantFrom(1006 as const, 1013 as const), { nil: undefined, freq: 4 }),
  frames: fc.array(anyFrameFault, { maxLength: 12 }),
  end: fc.constantFrom("good", "silent", "closed"),
});

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("say" as const), count: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "leave" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "reload" } as const) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("offline" as const),
      milliseconds: fc.integer({ min: 100, max: 40_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), milliseconds: fc.integer({ min: 0, max: 20_000 }) }),
  },
);

const anyPart: fc.Arbitrary<Part> = fc.record({
  actions: fc.array(anyAction, { minLength: 1, maxLength: 5 }),
  requests: fc.array(anyRequestFault, { maxLength: 20 }),
  sockets: fc.array(anySocketFault, { maxLength: 4 }),
});

/** Any schedule of two to four people. Every list in it has an end: after that the network is good. */
export const anySchedule: fc.Arbitrary<Schedule> = fc.array(anyPart, { minLength: 2, maxLength: 4, size: "max" });
