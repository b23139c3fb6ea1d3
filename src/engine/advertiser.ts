import type { Acceptance } from "../codec/leaf-extensions.js";
import { acceptedBy, advertises } from "./accepted.js";
import { changePolicy } from "./change-policy.js";
import type { EngineContext } from "./context.js";
import { type Memory, standsStill } from "./memory.js";

/**
 * Puts what the person accepts of rooms into the own leaf, by a commit, when that was said after joining: so that who changes the
 * policy knows whom it excludes (framework draft, 5.11). Tried once an epoch: until then this client keeps to it by itself.
 */
export class Advertiser {
  readonly #context: EngineContext;
  #tried: { readonly acceptance: Acceptance | undefined; readonly epoch: bigint } | undefined;
  #running = false;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Looks whether the leaf says something else. */
  consider({ seat, log, acceptance }: Memory): void {
    if (!seat || standsStill({ log }) || this.#running || !acceptedBy({ acceptance }, seat.room.policy).allowed) return;
    const { epoch } = seat.view;
    if (this.#tried?.acceptance === acceptance && this.#tried?.epoch === epoch) return;
    this.#tried = { acceptance, epoch };
    const own = seat.room.members.find(({ leafIndex }) => leafIndex === seat.group.ownLeafIndex);
    if (!own || advertises(own, acceptance)) return;
    this.#running = true;
    this.#context.background("advertise", async () => {
      try {
        await changePolicy(this.#context, ({ policy }, leaf) => {
          const { memory } = this.#context;
          const isSaid = advertises(leaf, memory.acceptance) || !acceptedBy(memory, policy).allowed;
          return isSaid ? undefined : { policy, removed: [] };
        });
      } catch (error) {
        if (this.#context.memory.seat) throw error;
      } finally {
        this.#running = false;
      }
      // Another answer may have been given meanwhile.
      this.consider(this.#context.memory);
    });
  }
}
