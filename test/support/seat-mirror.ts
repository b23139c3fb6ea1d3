import type { EnginePorts } from "../../src/engine/ports.js";
import type { Step } from "../../src/storage/records.js";
import { takeSeatDatabase } from "../../src/storage/seat-database.js";

/** What a seat has on disk, as far as a test asks, and every group that it ever had. */
export class SeatMirror {
  cursor = 0;
  /** The encoded group; undefined without a seat. */
  group: Uint8Array | undefined;
  /** Where the latest line stands of those that the hub has. */
  latest = 0;
  /** How many seats were given up here: what was said from one of them went with it. */
  lives = 0;
  /** What waits to be settled: an own commit, proposals, messages. */
  unsettled: readonly string[] = [];
  readonly groups: Uint8Array[] = [];
  readonly #outbox = new Set<string>();
  #commits: readonly string[] = [];
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** The port, with this looking on. */
  readonly takeSeat: EnginePorts["takeSeat"] = async (name) => {
    const database = await takeSeatDatabase(name);
    return {
      ...database,
      commitStep: async (step) => {
        // Before it is written: what it seals may be sent by whoever finds it on disk.
        // A copy: the engine takes the secrets out of what it wrote.
        const group = step.group?.group?.slice();
        if (group) this.groups.push(group);
        await database.commitStep(step);
        this.#written(step.group ? { ...step, group: { ...step.group, group } } : step);
        this.#changed();
      },
    };
  };

  #written({ group, cursor, entries = [], outbox = [], outboxGone = [] }: Step): void {
    for (const { status, order } of entries)
      if (status === "sent") this.latest = Math.max(this.latest, Math.floor(order));
    if (cursor !== undefined) this.cursor = cursor?.cursor ?? 0;
    if (group === null && this.group) this.lives += 1;
    if (group !== undefined) {
      this.group = group?.group;
      this.#commits = [
        ...(group?.pending ? [group.pending.purpose] : []),
        ...(group?.proposals ?? []).map(() => "proposal"),
      ];
    }
    if (outboxGone === "all") this.#outbox.clear();
    else for (const id of outboxGone) this.#outbox.delete(id);
    for (const { id, state } of outbox) {
      if (state === "waiting") this.#outbox.add(id);
      else this.#outbox.delete(id);
    }
    this.unsettled = [...this.#commits, ...[...this.#outbox].map((id) => `message ${id.slice(0, 8)}`)];
  }
}
