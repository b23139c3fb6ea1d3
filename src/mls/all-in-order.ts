/**
 * Resolves when all have; rejects, when all are done, with the reason of the first in the list that failed. What is told of
 * a message must not depend on which of its checks an engine finishes first.
 */
export async function allInOrder<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  const done: T[] = [];
  for (const one of work) done.push(await one);
  return done;
}
