import { expect } from "@open-wc/testing";
import { makeIdentity } from "../../src/engine/identity.js";
import type { EntryRecord, KeyPackageRecord, OutboxRecord } from "../../src/storage/records.js";
import { takeSeatDatabase } from "../../src/storage/seat-database.js";
import { network } from "../../src/transport/network.js";

let seats = 0;
const newName = () => `test-seat-${++seats}-${crypto.randomUUID()}`;

const at = (cursor: number) => ({ cursor, hash: `hash-${cursor}` });

function entry(id: string, order: number): EntryRecord {
  return {
    id,
    order,
    sender: { userUri: "mimi://p.example/u/g-a", nickname: "Adam", own: false },
    time: 1,
    content: { kind: "text", text: id, format: "plain" },
    status: "sent",
  };
}

const waiting: OutboxRecord = { id: "m1", content: Uint8Array.of(1), order: 2 ** 52, state: "waiting" };

const keyPackage = (reference: string): KeyPackageRecord => ({
  reference,
  clientUri: "mimi://p.example/d/u/c",
  lastResort: false,
  notBefore: 1,
  notAfter: 2,
  message: Uint8Array.of(1),
  initKey: Uint8Array.of(2),
  leafKey: Uint8Array.of(3),
});

const acceptance = { logging: false, history: true, bots: true, receipts: true, pseudonyms: true };

describe("SeatDatabase", () => {
  it("begins empty", async () => {
    const database = await takeSeatDatabase(newName());
    expect(await database.load()).to.deep.equal({
      identity: undefined,
      group: undefined,
      cursor: undefined,
      outbox: [],
      keyPackages: [],
      suggestedNickname: undefined,
      acceptance: undefined,
    });
    database.close();
  });

  it("keeps a step across a reload", async () => {
    const name = newName();
    const first = await takeSeatDatabase(name);
    const group = { group: Uint8Array.of(1, 2), proposals: [Uint8Array.of(3)] };
    await first.commitStep({
      group,
      cursor: at(7),
      entries: [entry("a", 7)],
      outbox: [waiting],
      keyPackages: [keyPackage("a"), keyPackage("b")],
      suggestedNickname: "Adam",
      acceptance,
    });
    await first.commitStep({ keyPackagesGone: ["a"] });
    first.close();
    const second = await takeSeatDatabase(name);
    const { identity, ...rest } = await second.load();
    expect(identity).to.equal(undefined);
    const keyPackages = [keyPackage("b")];
    const kept = { group, cursor: at(7), outbox: [waiting], keyPackages, suggestedNickname: "Adam", acceptance };
    expect(rest).to.deep.equal(kept);
    expect(await second.entry("a")).to.deep.equal(entry("a", 7));
    second.close();
  });

  it("keeps keys that nobody can export", async () => {
    const name = newName();
    const first = await takeSeatDatabase(name);
    const { random } = network;
    await first.commitStep({
      identity: await makeIdentity({ room: "mimi://p.example/r/a", random, recoverable: false }),
    });
    first.close();
    const second = await takeSeatDatabase(name);
    const { identity } = await second.load();
    for (const pair of [identity?.userKeyPair, identity?.signatureKeyPair]) {
      expect(pair?.privateKey.extractable).to.equal(false);
      const refused = await crypto.subtle
        .exportKey("pkcs8", pair?.privateKey as CryptoKey)
        .catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(Error);
    }
    second.close();
  });

  it("lets only the latest who took it write, and writes nothing of an older one's step", async () => {
    const name = newName();
    const old = await takeSeatDatabase(name);
    await old.commitStep({ cursor: at(1) });
    const next = await takeSeatDatabase(name);
    const refused = await old
      .commitStep({ cursor: at(2), entries: [entry("late", 2)] })
      .catch((error: unknown) => error);
    expect(refused).to.have.property("name", "Superseded");
    expect((await next.load()).cursor).to.deep.equal(at(1));
    expect(await next.entry("late")).to.equal(undefined);
    await next.commitStep({ cursor: at(3) });
    expect((await next.load()).cursor).to.deep.equal(at(3));
    old.close();
    next.close();
  });

  it("writes all of a step or nothing", async () => {
    const database = await takeSeatDatabase(newName());
    const uncloneable = { ...entry("bad", 2), time: (() => 1) as never };
    await database.commitStep({ cursor: at(2), entries: [entry("good", 1), uncloneable] }).catch(() => undefined);
    expect((await database.load()).cursor).to.equal(undefined);
    expect(await database.entry("good")).to.equal(undefined);
    database.close();
  });

  it("reads the timeline backwards in pages, oldest first", async () => {
    const database = await takeSeatDatabase(newName());
    await database.commitStep({ entries: [3, 1, 2.5, 5, 4].map((order) => entry(`e${order}`, order)) });
    const ids = async (before: number, limit: number) =>
      (await database.entriesBefore(before, limit)).map(({ id }) => id);
    expect(await ids(Number.MAX_SAFE_INTEGER, 2)).to.deep.equal(["e4", "e5"]);
    expect(await ids(4, 2)).to.deep.equal(["e2.5", "e3"]);
    expect(await ids(2.5, 2)).to.deep.equal(["e1"]);
    expect(await ids(1, 2)).to.deep.equal([]);
    expect(await ids(5, 0)).to.deep.equal([]);
    database.close();
  });

  it("forgets a seat whole, and keeps the nickname to offer and what the person accepts", async () => {
    const database = await takeSeatDatabase(newName());
    await database.commitStep({
      cursor: at(1),
      entries: [entry("a", 1)],
      outbox: [waiting],
      suggestedNickname: "Adam",
      acceptance,
    });
    await database.commitStep({ identity: null, group: null, cursor: null, entriesGone: "all", outboxGone: "all" });
    const { cursor, outbox, suggestedNickname, acceptance: accepted } = await database.load();
    expect({ cursor, outbox, suggestedNickname, accepted }).to.deep.equal({
      cursor: undefined,
      outbox: [],
      suggestedNickname: "Adam",
      accepted: acceptance,
    });
    expect(await database.entry("a")).to.equal(undefined);
    database.close();
  });
});
