import type { Protocol } from "puppeteer-core";
import type { Traced } from "./trace-web-crypto.js";

/** What a file of src/mls is there for; what a library does counts for whoever calls it. First match wins. */
const PARTS: readonly (readonly [string, RegExp])[] = [
  ["tree hashes", /\/src\/mls\/tree\/tree-hash\.ts/u],
  ["parent hashes", /\/src\/mls\/tree\/parent-hash\.ts/u],
  ["checks that keys and clients differ", /\/src\/mls\/tree\/unique\.ts/u],
  ["checks of leaves", /\/src\/mls\/tree\/(?:leaf|validate-tree)\.ts/u],
  ["path", /\/src\/mls\/tree\/update-path\.ts/u],
  ["tree", /\/src\/mls\/tree\//u],
  ["HPKE", /\/src\/mls\/(?:hpke|encrypt-with-label)\.ts/u],
  ["signatures", /\/src\/mls\/signing\.ts/u],
  ["key schedule", /\/src\/mls\/(?:key-schedule|secret-tree|psk)\.ts/u],
  ["reading and writing messages", /\/src\/(?:mls\/wire|codec)\//u],
];
/** Files that count for whoever calls them. */
const SHARED =
  /\/src\/(?:codec|mls\/wire)\/|\/src\/mls\/(?:crypto|labels|owned|all-in-order|mls-error|curve25519)\.ts/u;
const WAITING = "waiting";
const REST = "the rest";
/** What takes a smaller share than that goes with the rest. */
const SMALL = 0.02;

type Node = Protocol.Profiler.ProfileNode;

/**
 * Milliseconds of the main thread by part, and of waiting for WebCrypto by algorithm: what stands idle is shared out as WebCrypto was
 * under way. `runs`: how often the work was done; the figures are of one.
 */
export function timeByPart(profile: Protocol.Profiler.Profile, traced: Traced, runs: number): Map<string, number> {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(
    profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)),
  );
  const samples = (profile.samples ?? []).map((id, index) => ({
    part: partOf(id, nodes, parents),
    milliseconds: (profile.timeDeltas?.[index] ?? 0) / 1000 / runs,
  }));
  // before and after it the page does nothing
  const first = samples.findIndex(({ part }) => part !== WAITING);
  const last = samples.findLastIndex(({ part }) => part !== WAITING);
  const parts = new Map<string, number>();
  for (const { part, milliseconds } of samples.slice(first, last + 1)) {
    parts.set(part, (parts.get(part) ?? 0) + milliseconds);
  }
  const waited = parts.get(WAITING) ?? 0;
  parts.delete(WAITING);
  const underWay = sum(Object.values(traced.milliseconds));
  for (const [algorithm, milliseconds] of Object.entries(traced.milliseconds)) {
    const count = Math.round((traced.calls[algorithm] ?? 0) / runs);
    parts.set(`waiting for ${count} × ${algorithm}`, (waited * milliseconds) / underWay);
  }
  const all = sum(parts.values());
  const large = [...parts].filter(([part, milliseconds]) => part !== REST && milliseconds >= SMALL * all);
  const rest = all - sum(large.map(([, milliseconds]) => milliseconds));
  return new Map([...large.sort(([, one], [, other]) => other - one), [REST, rest], ["all", all]]);
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((before, value) => before + value, 0);
}

function partOf(id: number, nodes: ReadonlyMap<number, Node>, parents: ReadonlyMap<number, number>): string {
  const own = nodes.get(id)?.callFrame.functionName;
  if (own === "(idle)" || own === "(program)") return WAITING;
  if (own === "(garbage collector)") return "garbage collection";
  const urls: string[] = [];
  for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
    urls.push(nodes.get(at)?.callFrame.url ?? "");
  }
  const callers = urls.filter((url) => !SHARED.test(url));
  for (const url of [...callers, ...urls]) {
    const [part] = PARTS.find(([, pattern]) => pattern.test(url)) ?? [];
    if (part !== undefined) return part;
  }
  return REST;
}
