import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";

const CHUNK = 2 ** 20;
const ZEROS = Buffer.alloc(2 * CHUNK);

/** The processes of a browser of that kind (`renderer`; "" for its first), below the one with that ID; none where there is no /proc. */
export function processesBelow(parent: number, type: string): number[] {
  const all = (existsSync("/proc") ? readdirSync("/proc") : []).filter((name) => /^\d+$/u.test(name));
  const parents = new Map(all.map((pid) => [Number(pid), parentOf(pid)]));
  const isBelow = (pid: number): boolean => pid === parent || (pid > 1 && isBelow(parents.get(pid) ?? 0));
  const ofType = (pid: number) => {
    const [, named = ""] = /--type=([a-z-]+)/u.exec(read(`/proc/${pid}/cmdline`)) ?? [];
    return named === type;
  };
  return [...parents.keys()].filter((pid) => isBelow(pid) && ofType(pid));
}

/** Whether {@link countInProcess} may be asked about a process. */
export function mayReadMemory(pid: number): boolean {
  try {
    closeSync(openSync(`/proc/${pid}/mem`, "r"));
    return true;
  } catch {
    return false;
  }
}

/** How often each pattern stands in the memory that a process may write, freed memory included. Throws where that may not be read. */
export function countInProcess<B extends Buffer>(pid: number, patterns: readonly B[]): Map<B, number> {
  const counts = new Map<B, number>(patterns.map((pattern) => [pattern, 0]));
  const overlap = Math.max(...patterns.map(({ length }) => length));
  const file = openSync(`/proc/${pid}/mem`, "r");
  try {
    for (const [start, end] of writable(pid)) {
      for (let at = start; at < end; at += CHUNK) {
        const bytes = readAt(file, at, Math.min(CHUNK + overlap, end - at));
        if (bytes.equals(ZEROS.subarray(0, bytes.length))) continue;
        for (const pattern of patterns) {
          for (let hit = bytes.indexOf(pattern); hit >= 0 && hit < CHUNK; hit = bytes.indexOf(pattern, hit + 1)) {
            counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
          }
        }
      }
    }
  } finally {
    closeSync(file);
  }
  return counts;
}

/** Which of the patterns stand in a file below a directory. */
export function patternsInFiles<B extends Buffer>(directory: string, patterns: readonly B[]): B[] {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const contents = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
  return patterns.filter((pattern) => contents.some((bytes) => bytes.includes(pattern)));
}

function parentOf(pid: string): number {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

function writable(pid: number): [number, number][] {
  return read(`/proc/${pid}/maps`)
    .split("\n")
    .filter((line) => / rw/u.test(line) && !/\[v(?:var|dso|syscall)/u.test(line))
    .map((line) => (line.split(" ")[0] ?? "").split("-").map((hex) => Number.parseInt(hex, 16)))
    .map(([start = 0, end = 0]) => [start, end]);
}

/** What can be read there; pages that were never touched, or are gone, cannot. */
function readAt(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, length, at));
  } catch {
    return bytes.subarray(0, 0);
  }
}

/** Empty when the process has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
