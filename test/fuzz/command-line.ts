import { parseArgs } from "node:util";
import type { Decoder } from "./decoder.js";
import { fuzz, replay, type Tally } from "./fuzz.js";
import { Finding } from "./judge.js";
import { registry } from "./registry.js";
import { describeFailure, describeTallies, inputOf } from "./report.js";
import { shareCases } from "./share-cases.js";
import { watch } from "./watch.js";

/** How often it says how far it is, in milliseconds. */
const EVERY = 5000;

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    only: { type: "string", default: "" },
    at: { type: "string" },
    hex: { type: "string" },
  },
});
const seed = Number(values.seed);
const { only } = values;
const named = registry.filter(({ name }) => name === only);
const chosen = named.length > 0 ? named : registry.filter(({ name }) => name.includes(only));

if (chosen.length === 0) say(`no decoder has "${only}" in its name`);
else if (values.hex !== undefined) await replayInput(chosen, values.hex);
else await run(values.at === undefined ? {} : { first: Number(values.at), cases: 1 });
process.exitCode ??= chosen.length === 0 ? 1 : 0;

async function run(order: { readonly first?: number; readonly cases?: number }): Promise<void> {
  const began = performance.now();
  const shares = shareCases(chosen, order.cases ?? Number(values.cases));
  const all = shares.reduce((sum, [, cases]) => sum + cases, 0);
  const watchdog = watch(chosen, seed);
  const tallies: Tally[] = [];
  let done = 0;
  let said = began;
  for (const [decoder, cases] of shares) {
    const tally = await fuzz({
      decoder,
      seed,
      cases,
      inUse,
      first: order.first ?? 0,
      began(of, index) {
        watchdog.began(of, index);
        done += 1;
        if (performance.now() - said < EVERY) return;
        said = performance.now();
        say(`${seconds(began)} s  ${done} of ${all} cases  ${of.name}`);
      },
    });
    tallies.push(tally);
    for (const failure of tally.failures) say(describeFailure(failure));
  }
  watchdog.stop();
  const failures = tallies.flatMap((tally) => tally.failures);
  say(describeTallies(tallies));
  for (const failure of failures) say(describeFailure(failure));
  say(`seed ${seed}: ${done} cases in ${seconds(began)} s, ${failures.length} faults`);
  if (failures.length > 0) process.exitCode = 1;
}

async function replayInput(decoders: readonly Decoder[], hex: string): Promise<void> {
  for (const decoder of decoders) {
    try {
      const { refused, milliseconds } = await replay(decoder, inputOf(hex));
      say(`${decoder.name}: ${refused ?? "accepted"}, ${milliseconds.toFixed(1)} ms`);
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
      say(`${decoder.name}: ${error.message}`);
      process.exitCode = 1;
    }
  }
}

function inUse(): number {
  // What only weak references hold on to may need more than one collection.
  for (let times = 0; times < 3; times++) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(0);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
