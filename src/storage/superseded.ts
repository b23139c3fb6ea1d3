/**
 * Why an engine may write no more. `taken`: another engine took the seat over. `outdated`: a later version of this code has the
 * database. `gone`: the database was deleted, or the browser closed it.
 */
export type SeatEnd = "taken" | "outdated" | "gone";

/** This engine's hold of its seat has ended: nothing was written, and nothing may be from here on (house.md, law 3). */
export class Superseded extends Error {
  override readonly name = "Superseded";

  constructor(readonly why: SeatEnd = "taken") {
    super(SENTENCES[why]);
  }
}

const SENTENCES: Readonly<Record<SeatEnd, string>> = {
  taken: "Another engine has taken over this seat.",
  outdated: "A later version of this code has taken over this seat.",
  gone: "The seat's database was deleted or closed.",
};
