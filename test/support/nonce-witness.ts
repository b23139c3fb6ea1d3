import { type SeatDatabase, takeSeatDatabase } from "../../src/storage/seat-database.js";
import type { Fetch } from "../../src/transport/ports.js";
import { NonceAudit } from "./nonce-audit.js";

/** Watches over the nonces of a room through its members' ports: the epochs that they were in, and what they sent. */
export class NonceWitness {
  readonly audit = new NonceAudit();

  /** Opens a seat's database; every epoch that is written to it is known to the audit. */
  readonly takeSeat = async (name: string): Promise<SeatDatabase> => {
    const database = await takeSeatDatabase(name);
    return {
      ...database,
      commitStep: (step) => {
        if (step.group?.group) this.audit.group(step.group.group);
        return database.commitStep(step);
      },
    };
  };

  /** Shows the audit every ciphertext that is sent through `fetch`, whatever becomes of it. */
  watch(fetch: Fetch): Fetch {
    return (url, init) => {
      if (url.endsWith("/submitMessage") && init.body instanceof Uint8Array) this.audit.submission(init.body);
      return fetch(url, init);
    };
  }
}
