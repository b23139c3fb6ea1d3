import { expect } from "@open-wc/testing";
import { deleteDB, unwrap } from "idb";
import { MIGRATIONS } from "../../src/storage/migrations.js";
import { openDatabase } from "../../src/storage/schema.js";
import { joinAs, makeRoom, say, startEngine } from "../support/engine-world.js";

const STORES_OF_VERSION_1 = ["engine", "identity", "groups", "cursors", "timeline", "outbox"] as const;

/** Makes the database of a seat what the first released version would have made it. */
async function takeBackToVersion1(name: string): Promise<void> {
  const now = await openDatabase(name);
  const kept = [];
  for (const store of STORES_OF_VERSION_1) {
    for (const key of await now.getAllKeys(store)) kept.push({ store, key, value: await now.get(store, key) });
  }
  now.close();
  await deleteDB(name);
  const then = await openDatabase(name, MIGRATIONS.slice(0, 1));
  const tx = unwrap(then).transaction(STORES_OF_VERSION_1, "readwrite");
  for (const { store, key, value } of kept) {
    const inline = tx.objectStore(store).keyPath !== null;
    const was = store === "cursors" ? (value as { readonly cursor: number }).cursor : value;
    tx.objectStore(store).put(was, ...(inline ? [] : [key]));
  }
  await new Promise((resolve, reject) => {
    tx.oncomplete = resolve;
    tx.onerror = reject;
  });
  expect(then.version).to.equal(1);
  then.close();
}

describe("A seat of the first version", () => {
  it("is opened and goes on where it was", async () => {
    const owner = await makeRoom();
    const before = await joinAs("Adam", owner.address, { browser: "of-version-1" });
    await say(before, "before");
    await before.told.settled();
    await owner.told.until("it arrived", ({ texts }) => texts.includes("before"));
    before.engine.stop();
    await takeBackToVersion1(before.name);
    await say(owner, "meanwhile");
    const after = await startEngine(owner.address, { browser: "of-version-1" });
    expect((await after.engine.open()).phase).to.equal("joined");
    expect((await after.engine.older(Number.MAX_SAFE_INTEGER, 9)).at(-1)).to.have.nested.property(
      "content.text",
      "before",
    );
    await after.told.until("caught up", ({ texts }) => texts.includes("meanwhile"));
    await say(after, "after");
    await owner.told.until("it goes on", ({ texts }) => texts.includes("after"));
    expect(owner.told.texts).to.deep.equal(["before", "meanwhile", "after"]);
    expect(owner.engine.state.occupants.map(({ nickname }) => nickname)).to.deep.equal(["Olga", "Adam"]);
    expect(after.faults).to.deep.equal([]);
    after.engine.stop();
    owner.engine.stop();
  });
});

describe("A migration", () => {
  it("that fails leaves everything as it was", async () => {
    const name = `migration-${crypto.randomUUID()}`;
    const first = await openDatabase(name, MIGRATIONS.slice(0, 1));
    await first.put("engine", 7, "generation");
    first.close();
    const failing = async (database: IDBDatabase | { createObjectStore(name: string): unknown }) => {
      database.createObjectStore("half");
      throw new Error("no");
    };
    const refused = await openDatabase(name, [...MIGRATIONS.slice(0, 1), failing]).catch((error: unknown) => error);
    expect(refused).to.have.property("name", "AbortError");
    const again = await openDatabase(name, MIGRATIONS.slice(0, 1));
    expect([...again.objectStoreNames]).to.deep.equal([...STORES_OF_VERSION_1].sort());
    expect(await again.get("engine", "generation")).to.equal(7);
    again.close();
  });

  it("is not undone: an earlier version does not open what a later one has made", async () => {
    const name = `migration-${crypto.randomUUID()}`;
    (await openDatabase(name)).close();
    const refused = await openDatabase(name, MIGRATIONS.slice(0, 1)).catch((error: unknown) => error);
    expect(refused).to.include({ name: "Superseded", why: "outdated" });
  });
});
