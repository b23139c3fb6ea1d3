import type { PendingPurpose, PendingRecord } from "../storage/records.js";
import { isUndecided, Unreachable } from "../transport/provider-refusal.js";
import type { EngineContext } from "./context.js";
import type { Change } from "./memory.js";
import { momentOf } from "./timeline.js";
import { askedToWait, waitToRetry } from "./wait-to-retry.js";

/** How long a person who is not in the room yet waits for an answer before being told that there is none, in milliseconds. */
const PATIENCE_OUTSIDE = 60_000;

/** How the hub answered a pending change: where it stands in the log, and when it was accepted. */
export interface Delivered {
  readonly cursor: number;
  readonly time: number;
}

/**
 * Sends a pending change, the same octets again and again, until the hub gives a definite answer: a lost answer and a
 * lost request look alike, and the hub answers a repeated body by its hash. Undefined when the event log settled it
 * meanwhile. Throws the hub's definite ProviderRefusal. With a seat it goes on as long as the page is there; without one
 * somebody looks on, and it throws what {@link isUndecided} after a minute: the change stays pending then.
 */
export async function deliverPending(context: EngineContext, pending: PendingRecord): Promise<Delivered | undefined> {
  const { clock } = context.ports;
  const began = clock.now();
  for (let attempt = 0; ; attempt++) {
    context.checkRunning();
    if (context.memory.pending?.hash !== pending.hash) return undefined;
    try {
      return await post(context, pending);
    } catch (error) {
      if (!isUndecided(error)) throw error;
      if (!context.memory.seat && clock.now() - began + askedToWait(error) >= PATIENCE_OUTSIDE) throw error;
      // With a seat the event stream knows better.
      if (error instanceof Unreachable && !context.memory.seat) context.setSituation({ connection: "offline" });
      await waitToRetry(context, error, attempt);
    }
  }
}

const POSTS: Readonly<
  Record<
    PendingPurpose,
    (context: EngineContext, token: string, body: Uint8Array) => Promise<Partial<Delivered> & { cursor: number }>
  >
> = {
  createRoom: ({ provider }, token, body) => provider.createRoom(token, body),
  startGroup: ({ provider, room }, token, body) => provider.startGroup(token, room, body),
  join: update,
  commitProposals: update,
  changePolicy: update,
};

async function update({ provider, room }: EngineContext, token: string, body: Uint8Array): Promise<Delivered> {
  const { cursor, acceptedTimestamp } = await provider.update(token, room, body);
  return { cursor, time: momentOf(acceptedTimestamp) };
}

async function post(context: EngineContext, { purpose, body }: PendingRecord): Promise<Delivered> {
  const answer = await context.access.with((token) => POSTS[purpose](context, token, body));
  return { cursor: answer.cursor, time: answer.time ?? context.ports.clock.now() };
}

/** Takes a pending change away that the hub refused for good, and `also`. */
export async function dropPending(context: EngineContext, { hash }: PendingRecord, also: Change = {}): Promise<void> {
  await context.step(async ({ pending }) =>
    pending?.hash === hash ? { change: { ...also, pending: null }, result: undefined } : { result: undefined },
  );
}
