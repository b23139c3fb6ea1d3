import { isDeepStrictEqual } from "node:util";
import type { Input, Subject } from "./decoder.js";

/** No case takes longer, in milliseconds. */
const LONGEST = 100;
/** What looks slow is asked so many times more: another process may have had the machine. */
const SECOND_LOOKS = 3;
/** What a value may take in memory without being large: octets. */
const SMALL = 16_384;
const USUAL_GROWTH = 64;

/** Something that a decoder must never do. */
export class Finding extends Error {
  override readonly name = "Finding";
  /** The same for the same fault, whatever the case: what shrinking keeps. */
  readonly kind: string;

  constructor(kind: string, detail = "") {
    super(detail === "" ? kind : `${kind}: ${detail}`);
    this.kind = kind;
  }
}

/** What became of a case that nothing is wrong with. */
export interface Verdict {
  /** undefined: it was accepted. */
  readonly refused: string | undefined;
  readonly milliseconds: number;
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** Reads `input` and checks all that must hold of any input. Throws Finding. */
export async function judge(subject: Subject, input: Input): Promise<Verdict> {
  const before = typeof input === "string" ? input : input.slice();
  const began = performance.now();
  const outcome = await read(subject, input);
  const elapsed = performance.now() - began;
  const milliseconds = elapsed > LONGEST ? await leastTime(subject, input, elapsed) : elapsed;
  if (milliseconds > LONGEST) throw new Finding("slow", `${milliseconds.toFixed(0)} ms`);
  if (!same(input, before)) throw new Finding("changed its input");
  ensureClean();
  subject.settled?.();
  if ("error" in outcome) {
    const refused = subject.codeOf(outcome.error);
    if (refused === undefined) throw undeclared(outcome.error);
    await ensureRepeatable(subject, input, outcome);
    return { refused, milliseconds };
  }
  ensureSmall(subject, input, outcome.value);
  ensureWrittenAlike(subject, input, outcome.value);
  await ensureRepeatable(subject, input, outcome);
  return { refused: undefined, milliseconds };
}

async function read(subject: Subject, input: Input): Promise<Outcome> {
  try {
    const value = subject.read(input);
    return { value: value instanceof Promise ? await value : value };
  } catch (error) {
    if (error instanceof Finding) throw error;
    return { error };
  }
}

/** The least time that it takes, by the processor's clock: a busy machine makes no decoder slow. */
async function leastTime(subject: Subject, input: Input, first: number): Promise<number> {
  let least = first;
  for (let look = 0; look < SECOND_LOOKS && least > LONGEST; look++) {
    const usage = process.cpuUsage();
    const began = performance.now();
    await read(subject, input);
    const { user, system } = process.cpuUsage(usage);
    least = Math.min(least, performance.now() - began, (user + system) / 1000);
  }
  return least;
}

function undeclared(error: unknown): Finding {
  const [name, message] = error instanceof Error ? [error.name, error.message] : ["thrown", String(error)];
  const place =
    error instanceof Error
      ? (error.stack?.split("\n").find((line) => /\/(src|provider|components)\//u.test(line)) ?? "")
      : "";
  const where = place.replace(/^.*\/((?:src|provider|components)\/[^:]+:\d+).*$/u, "$1");
  return new Finding(`an error that is not declared (${name} at ${where})`, message.slice(0, 300));
}

function same(one: Input, other: Input): boolean {
  if (typeof one === "string" || typeof other === "string") return one === other;
  return one.length === other.length && one.every((octet, index) => octet === other[index]);
}

const PROTOTYPES = [Object, Array, String, Number, Function, Uint8Array, Map, Promise, Error].map(
  ({ prototype }: { readonly prototype: object }) => ({
    prototype,
    names: Object.getOwnPropertyNames(prototype).length,
  }),
);

/** "no prototype pollution": what every object inherits is what it was. */
function ensureClean(): void {
  for (const { prototype, names } of PROTOTYPES) {
    const now = Object.getOwnPropertyNames(prototype);
    if (now.length === names) continue;
    for (const name of now.slice(names)) Reflect.deleteProperty(prototype, name);
    throw new Finding("changed a prototype", now.slice(names).join());
  }
}

function ensureSmall(subject: Subject, input: Input, value: unknown): void {
  const growth = subject.growth ?? USUAL_GROWTH;
  const most = SMALL + growth * input.length;
  if (growth !== Number.POSITIVE_INFINITY && sizeOf(value, most) > most) {
    throw new Finding("grows", `more than ${most} octets from ${input.length}`);
  }
}

/** About how many octets a value takes; not counted much further than `most`. */
function sizeOf(value: unknown, most: number): number {
  if (typeof value === "string") return 16 + 2 * value.length;
  if (typeof value !== "object" || value === null) return 8;
  if (ArrayBuffer.isView(value)) return 16 + value.byteLength;
  let size = 16;
  for (const item of value instanceof Map ? [...value.keys(), ...value.values()] : Object.values(value)) {
    size += sizeOf(item, most - size);
    if (size > most) break;
  }
  return size;
}

function ensureWrittenAlike(subject: Subject, input: Input, value: unknown): void {
  if (subject.write === undefined) return;
  if (!same(subject.write(value), input)) throw new Finding("writes something else than it read");
}

async function ensureRepeatable(subject: Subject, input: Input, first: Outcome): Promise<void> {
  if (subject.repeatable === false) return;
  const second = await read(subject, input);
  if ("error" in first && "error" in second) {
    if (String(first.error) !== String(second.error)) throw new Finding("reads differently the second time");
  } else if (!("value" in first && "value" in second && isDeepStrictEqual(first.value, second.value))) {
    throw new Finding("reads differently the second time");
  }
}
