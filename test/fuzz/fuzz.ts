import { setImmediate } from "node:timers/promises";
import { seedOf } from "./chance.js";
import type { Decoder, Input, Subject } from "./decoder.js";
import { Finding, judge } from "./judge.js";
import { CaseMaker } from "./make-case.js";
import { withSeededCrypto } from "./seeded-crypto.js";
import { shrink } from "./shrink.js";

/** What a decoder keeps after thousands of cases may be so much more than after the first ones, in octets. */
const MOST_KEPT = 12 * 2 ** 20;
/** A decoder with so many different faults has shown enough. */
const ENOUGH = 5;

/** What is to be done with one decoder. */
export interface Order {
  readonly decoder: Decoder;
  readonly seed: number;
  readonly cases: number;
  /** The number of the first case. */
  readonly first?: number;
  /** Called before each case, so that one that never ends can be named. */
  began?(decoder: Decoder, index: number): void;
  /** Octets in use after all garbage is gone; without it memory is not judged. */
  inUse?(): number;
}

export interface Failure {
  readonly decoder: string;
  readonly seed: number;
  readonly index: number;
  readonly message: string;
  readonly kind: string;
  /** As small as it was found to fail. */
  readonly input: Input;
}

/** What became of a decoder's cases. */
export interface Tally {
  readonly decoder: string;
  cases: number;
  accepted: number;
  readonly refused: Map<string, number>;
  slowest: number;
  /** Of the processor, all threads. */
  seconds: number;
  readonly failures: Failure[];
}

/** Puts one decoder to its cases. A fault is an entry in `failures`, never an exception. */
export async function fuzz({ decoder, seed, cases, first = 0, began, inUse }: Order): Promise<Tally> {
  const tally: Tally = {
    decoder: decoder.name,
    cases: 0,
    accepted: 0,
    refused: new Map(),
    slowest: 0,
    seconds: 0,
    failures: [],
  };
  const usage = process.cpuUsage();
  const stray = watchStrayRejections();
  const maker = new CaseMaker(decoder.name, seed);
  const lasts = decoder.lasts ?? Number.POSITIVE_INFINITY;
  const settled = first + Math.min(2000, Math.ceil(cases / 4));
  let kept: number | undefined;
  let subject: Subject | undefined;
  for (let index = first; index < first + cases && tally.failures.length < ENOUGH; index++) {
    if (subject === undefined || (index - first) % lasts === 0) {
      await subject?.close?.();
      subject = await openSubject(decoder);
    }
    began?.(decoder, index);
    if (index === settled) kept = inUse?.();
    const input = await maker.make(subject, index);
    tally.cases += 1;
    try {
      const { refused, milliseconds } = await judge(subject, input);
      stray.check();
      if (refused === undefined) tally.accepted += 1;
      else tally.refused.set(refused, (tally.refused.get(refused) ?? 0) + 1);
      tally.slowest = Math.max(tally.slowest, milliseconds);
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
      if (!tally.failures.some(({ kind }) => kind === error.kind)) {
        tally.failures.push(await minimise(decoder, { seed, index, input, finding: error }));
      }
      await subject.close?.();
      subject = undefined;
    }
  }
  await subject?.close?.();
  // what fails unheard is told one turn later
  await setImmediate();
  const unheard = stray.left();
  if (unheard !== undefined)
    tally.failures.push(ofWhole(decoder, seed, first, "a promise that fails unheard", unheard));
  const grown = kept === undefined || inUse === undefined ? 0 : inUse() - kept;
  if (grown > MOST_KEPT) {
    const detail = `${grown} octets more after ${tally.cases} cases`;
    tally.failures.push(ofWhole(decoder, seed, first, "keeps memory", detail));
  }
  stray.stop();
  const { user, system } = process.cpuUsage(usage);
  tally.seconds = (user + system) / 1_000_000;
  return tally;
}

/** A fault that no single case shows. */
function ofWhole(decoder: Decoder, seed: number, index: number, kind: string, detail: string): Failure {
  return { decoder: decoder.name, seed, index, message: `${kind}: ${detail}`, kind, input: "" };
}

/** Judges one given input, as {@link fuzz} would. Throws Finding. */
export async function replay(decoder: Decoder, input: Input) {
  const subject = await openSubject(decoder);
  try {
    return await judge(subject, input);
  } finally {
    await subject.close?.();
  }
}

/** Opens a decoder, always in the same state, and checks that it accepts what it calls valid. */
export async function openSubject(decoder: Decoder): Promise<Subject> {
  return withSeededCrypto(seedOf("corpus", decoder.name), async () => decoder.open());
}

async function minimise(
  decoder: Decoder,
  found: { readonly seed: number; readonly index: number; readonly input: Input; readonly finding: Finding },
): Promise<Failure> {
  const { seed, index, finding } = found;
  const failsAlike = async (input: Input) => {
    try {
      await replay(decoder, input);
      return false;
    } catch (error) {
      return error instanceof Finding && error.kind === finding.kind;
    }
  };
  // A fault that needs what came before it in a long-lived subject is told as it is.
  const input = (await failsAlike(found.input)) ? await shrink(found.input, failsAlike) : found.input;
  return { decoder: decoder.name, seed, index, message: finding.message, kind: finding.kind, input };
}

/** A promise that fails while nobody looks would end a provider: it is a fault of the case that made it. */
function watchStrayRejections() {
  const caught: unknown[] = [];
  const note = (reason: unknown) => caught.push(reason);
  process.on("unhandledRejection", note);
  return {
    /** Throws Finding when one has been seen since it was asked last. */
    check() {
      const reason = this.left();
      if (reason !== undefined) throw new Finding("a promise that fails unheard", reason);
    },
    left(): string | undefined {
      const [reason] = caught.splice(0);
      return reason === undefined ? undefined : String(reason);
    },
    stop: () => process.off("unhandledRejection", note),
  };
}
