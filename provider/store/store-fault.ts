/**
 * What keeps a database from being written: `busy`, another process holds it; `full`, the disk has no room; `failing`, the
 * disk refuses for another reason; `damaged`, what stands there is no database.
 */
export type StoreFault = "busy" | "full" | "failing" | "damaged";

const FAULTS: readonly (readonly [RegExp, StoreFault])[] = [
  [/^SQLITE_(?:BUSY|LOCKED)/u, "busy"],
  [/^SQLITE_FULL/u, "full"],
  [/^SQLITE_(?:CORRUPT|NOTADB)/u, "damaged"],
  [/^SQLITE_(?:IOERR|READONLY|CANTOPEN|NOLFS|PERM|PROTOCOL)/u, "failing"],
];

/** The fault that an error tells of; undefined when it tells of something else. */
export function storeFaultOf(error: unknown): StoreFault | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const code = String(error.code);
  return FAULTS.find(([codes]) => codes.test(code))?.[1];
}
