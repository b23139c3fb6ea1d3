import { expect } from "@open-wc/testing";
import { fromHex } from "../../src/codec/bytes.js";
import { NO_REFERENCE, readReference } from "../../src/codec/event-reference.js";
import { hashAt, referenceTo, type SeenEvents, seenAt, seenFrom } from "../../src/engine/seen-events.js";

/** The hash of the event at a cursor. */
const hash = (cursor: number, branch = "0") => branch + cursor.toString(16).padStart(63, "0");

/** Read from one cursor to another, both included. */
function read(from: number, to: number): SeenEvents {
  let seen = seenFrom({ cursor: from, hash: hash(from) });
  for (let cursor = from + 1; cursor <= to; cursor++) seen = seenAt(seen, { cursor, hash: hash(cursor) });
  return seen;
}

const known = (seen: SeenEvents, ...cursors: readonly number[]) =>
  cursors.map((cursor) => hashAt(seen, cursor) !== undefined);

describe("The latest events that an engine has read", () => {
  it("are known by their cursors, from where it began", () => {
    const seen = read(10, 20);
    for (let cursor = 10; cursor <= 20; cursor++) expect(hashAt(seen, cursor)).to.equal(hash(cursor));
    expect(known(seen, 9, 21, 0, -1, 2 ** 60)).to.deep.equal([false, false, false, false, false]);
  });

  it("are known as far back as 256", () => {
    const seen = read(1, 1_000);
    expect(seen.hashes).to.have.lengthOf(256);
    expect(known(seen, 744, 745, 1_000)).to.deep.equal([false, true, true]);
    expect(hashAt(seen, 745)).to.equal(hash(745));
  });

  it("are known no more over a gap", () => {
    const seen = seenAt(read(1, 5), { cursor: 9, hash: hash(9) });
    expect(known(seen, 4, 5, 8, 9)).to.deep.equal([false, false, false, true]);
  });

  it("are known up to the place that the log went back to, and not beyond", () => {
    const back = seenAt(read(1, 9), { cursor: 5, hash: hash(5) });
    expect(known(back, 4, 5, 6)).to.deep.equal([true, true, false]);
    const on = seenAt(back, { cursor: 6, hash: hash(6, "1") });
    expect([hashAt(on, 5), hashAt(on, 6)]).to.deep.equal([hash(5), hash(6, "1")]);
    expect(known(seenAt(read(1, 9), { cursor: 5, hash: hash(5, "1") }), 4, 5)).to.deep.equal([false, true]);
    expect(known(seenAt(read(1, 9), { cursor: 0, hash: "" }), 0, 1, 9)).to.deep.equal([false, false, false]);
  });

  it("stay known when the place is written again", () => {
    const seen = read(1, 9);
    expect(seenAt(seen, { cursor: 9, hash: hash(9) })).to.deep.equal(seen);
  });

  it("are not referred to where the last one is not known: a group's start is no event", () => {
    expect(referenceTo({ cursor: 7, hash: "" })).to.deep.equal(NO_REFERENCE);
    expect(readReference(referenceTo({ cursor: 7, hash: hash(7) }))).to.deep.equal({
      cursor: 7n,
      eventHash: fromHex(hash(7)),
    });
  });
});
