/** There is no room for a step: nothing of it was written. */
export class StorageFull extends Error {
  override readonly name = "StorageFull";
}

/**
 * What a write failed of: StorageFull when one of `causes` (an error, or a transaction's) is the browser's refusal for want of
 * room, else the first of them.
 */
export function fullOr(...causes: readonly unknown[]): unknown {
  const full = causes.find((cause) => cause instanceof Error && cause.name === "QuotaExceededError");
  return full === undefined ? causes[0] : new StorageFull(String(full));
}
