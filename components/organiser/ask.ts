import type { OrganiserApi, Outcome } from "../../src/client/contract.js";

/** Asks the room for its organiser. Never rejects: what goes wrong is in the answer. */
export type Ask = <Answer>(question: (room: OrganiserApi) => Promise<Answer>) => Promise<Outcome<Answer>>;
