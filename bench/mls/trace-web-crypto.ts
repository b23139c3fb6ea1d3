/** What the browser's own cryptography is asked for, and how long it is under way. */
export interface Traced {
  /** Milliseconds by algorithm during which it was under way; shared evenly with others that were at the same time. */
  readonly milliseconds: Readonly<Record<string, number>>;
  readonly calls: Readonly<Record<string, number>>;
}

interface Call {
  readonly algorithm: string;
  readonly start: number;
  readonly end: number;
}

const METHODS = [
  "sign",
  "verify",
  "encrypt",
  "decrypt",
  "deriveBits",
  "importKey",
  "exportKey",
  "generateKey",
] as const;

/** Calls `work` and tells what it asks of WebCrypto. */
export async function traceWebCrypto(work: () => Promise<unknown>): Promise<Traced> {
  const calls: Call[] = [];
  const { subtle } = crypto;
  for (const method of METHODS) {
    const original: unknown = Reflect.get(subtle, method);
    if (typeof original !== "function") throw new Error(`no ${method} in WebCrypto`);
    const traced = async (...args: unknown[]) => {
      const start = performance.now();
      const result: unknown = await Reflect.apply(original, subtle, args);
      calls.push({ algorithm: algorithmIn(args), start, end: performance.now() });
      return result;
    };
    Object.defineProperty(subtle, method, { configurable: true, value: traced });
  }
  try {
    await work();
  } finally {
    for (const method of METHODS) Reflect.deleteProperty(subtle, method);
  }
  const counts: Record<string, number> = {};
  for (const { algorithm } of calls) counts[algorithm] = (counts[algorithm] ?? 0) + 1;
  return { milliseconds: shares(calls), calls: counts };
}

function algorithmIn(args: readonly unknown[]): string {
  for (const argument of args) {
    if (typeof argument === "string" && /^(?:Ed25519|X25519|AES-GCM)$/u.test(argument)) return argument;
    if (argument instanceof CryptoKey) return argument.algorithm.name;
    if (typeof argument === "object" && argument !== null && "name" in argument) return String(argument.name);
  }
  return "other";
}

function shares(calls: readonly Call[]): Record<string, number> {
  const moments = calls
    .flatMap(({ algorithm, start, end }) => [
      { at: start, algorithm, change: 1 },
      { at: end, algorithm, change: -1 },
    ])
    .sort((one, other) => one.at - other.at);
  const under = new Map<string, number>();
  const sums: Record<string, number> = {};
  let last = 0;
  for (const { at, algorithm, change } of moments) {
    const all = [...under.values()].reduce((sum, count) => sum + count, 0);
    for (const [name, count] of under) {
      if (count > 0) sums[name] = (sums[name] ?? 0) + ((at - last) * count) / all;
    }
    under.set(algorithm, (under.get(algorithm) ?? 0) + change);
    last = at;
  }
  return sums;
}
