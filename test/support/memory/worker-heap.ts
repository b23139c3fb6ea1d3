import type { CDPSession } from "puppeteer-core";

/** Which of the patterns a script could still reach in a worker, and how many octet strings it could reach at all. */
export interface Reachable {
  readonly found: readonly string[];
  readonly looked: number;
}

/**
 * Looks for octets (given in hex, at least 4) in the memory of a worker that a script could still reach: whatever any object, array, map
 * or set holds, and whatever any function has in its scopes, with all of the buffer behind it. Chromium's protocol hands out no
 * typed array by itself, so they are found by their holders. Garbage is collected before.
 */
export async function reachableOctets(worker: CDPSession, patterns: readonly string[]): Promise<Reachable> {
  const scopes = await scopesOfFunctions(worker);
  const prototype = await worker.send("Runtime.evaluate", { expression: "Object.prototype" });
  const { objects } = await worker.send("Runtime.queryObjects", { prototypeObjectId: idOf(prototype.result) });
  const { result, exceptionDetails } = await worker.send("Runtime.callFunctionOn", {
    objectId: idOf(objects),
    functionDeclaration: SEARCH,
    arguments: [{ value: patterns }, ...scopes.map((objectId) => ({ objectId }))],
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value as Reachable;
}

/** Which of the texts stand in the worker's strings, as a heap snapshot shows them. */
export async function reachableTexts(worker: CDPSession, texts: readonly string[]): Promise<string[]> {
  const chunks: string[] = [];
  const take = ({ chunk }: { chunk: string }) => chunks.push(chunk);
  worker.on("HeapProfiler.addHeapSnapshotChunk", take);
  await worker.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  worker.off("HeapProfiler.addHeapSnapshotChunk", take);
  const { strings } = JSON.parse(chunks.join("")) as { strings: string[] };
  return texts.filter((text) => strings.some((string) => string.includes(text)));
}

/** The octet strings that functions have in their scopes. */
async function scopesOfFunctions(worker: CDPSession): Promise<string[]> {
  const prototype = await worker.send("Runtime.evaluate", { expression: "Function.prototype" });
  const { objects } = await worker.send("Runtime.queryObjects", { prototypeObjectId: idOf(prototype.result) });
  // those of the engine itself have no scope, and are most of all
  const written = await worker.send("Runtime.callFunctionOn", {
    objectId: idOf(objects),
    functionDeclaration: `function () { return this.filter((each) => !Function.prototype.toString.call(each).endsWith("{ [native code] }")); }`,
  });
  const functions = await propertiesOf(worker, idOf(written.result));
  const found = await Promise.all(
    functions.map(async ({ value }) => {
      if (value?.objectId === undefined) return [];
      const { internalProperties = [] } = await worker.send("Runtime.getProperties", { objectId: value.objectId });
      const list = internalProperties.find(({ name }) => name === "[[Scopes]]")?.value?.objectId;
      const scopes = list === undefined ? [] : await propertiesOf(worker, list);
      // the global scope is what every function has, and an object like others
      const own = scopes.filter((scope) => !scope.value?.description?.startsWith("Global"));
      const held = await Promise.all(own.map((scope) => propertiesOf(worker, idOf(scope.value))));
      return held.flat().flatMap((each) => (isOctets(each.value) ? [idOf(each.value)] : []));
    }),
  );
  return found.flat();
}

async function propertiesOf(worker: CDPSession, objectId: string) {
  return (await worker.send("Runtime.getProperties", { objectId, ownProperties: true })).result;
}

function isOctets(value: { readonly subtype?: string } | undefined): boolean {
  return value?.subtype === "typedarray" || value?.subtype === "arraybuffer";
}

function idOf(object: { readonly objectId?: string } | undefined): string {
  if (object?.objectId === undefined) throw new Error("no object");
  return object.objectId;
}

/** Runs in the worker, on all objects there are. */
const SEARCH = `function (patterns, ...more) {
  const buffers = new Set();
  const visit = (value) => {
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer);
    else if (value instanceof ArrayBuffer) buffers.add(value);
  };
  const visitAll = (values) => { for (const value of values) visit(value); };
  for (const object of this) {
    if (object instanceof Map || object instanceof Set) for (const entry of object.entries()) visitAll(entry);
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(object))) visit(value);
  }
  visitAll(more);
  const sought = new Map();
  for (const hex of patterns) {
    const octets = hex.match(/../g).map((pair) => Number.parseInt(pair, 16));
    const head = octets[0] * 65536 + octets[1] * 256 + octets[2];
    sought.set(head, [...(sought.get(head) ?? []), { hex, octets }]);
  }
  const found = new Set();
  for (const buffer of buffers) {
    const bytes = new Uint8Array(buffer);
    for (let at = 0; at + 4 <= bytes.length; at++) {
      for (const { hex, octets } of sought.get(bytes[at] * 65536 + bytes[at + 1] * 256 + bytes[at + 2]) ?? []) {
        if (octets.every((octet, index) => bytes[at + index] === octet)) found.add(hex);
      }
    }
  }
  return { found: [...found], looked: buffers.size };
}`;
