import { expect } from "@open-wc/testing";
import { openDB } from "idb";
import { fromHex, toBase64Url } from "../../src/codec/bytes.js";
import { keyPackageUpload } from "../../src/codec/hub-messages.js";
import { decode } from "../../src/codec/tls.js";
import type { EnginePorts } from "../../src/engine/ports.js";
import { createCrypto } from "../../src/mls/crypto.js";
import { KEY_PACKAGE_LIFETIME, readKeyPackage } from "../../src/mls/key-package.js";
import type { KeyPackageRecord } from "../../src/storage/records.js";
import { takeSeatDatabase } from "../../src/storage/seat-database.js";
import { network as real } from "../../src/transport/network.js";
import type { Clock, Fetch } from "../../src/transport/ports.js";
import { type Guest, joinAs, makeRoom, startEngine } from "../support/engine-world.js";

const PATH = "/v1/keyPackages";

/** The provider's key packages of one client, and what was asked of it. */
class KeyPackageProvider {
  readonly uploads: Uint8Array[] = [];
  asked = 0;
  /** What is done instead of letting a request through. */
  answer: (method: string) => Response | undefined = () => undefined;
  #waiting: { readonly uploads: number; readonly asked: number; seen(): void }[] = [];

  readonly fetch: Fetch = async (url, init) => {
    if (!url.endsWith(PATH)) return real.fetch(url, init);
    const method = init.method ?? "";
    try {
      return this.answer(method) ?? (await real.fetch(url, init));
    } finally {
      if (method === "GET") this.asked += 1;
      if (method === "PUT" && init.body instanceof Uint8Array) this.uploads.push(init.body);
      this.#waiting = this.#waiting.filter(({ uploads, asked, seen }) => {
        if (this.uploads.length < uploads || this.asked < asked) return true;
        seen();
        return false;
      });
    }
  };

  /** Resolves when so many uploads and questions were answered. */
  until({ uploads = 0, asked = 0 }): Promise<void> {
    if (this.uploads.length >= uploads && this.asked >= asked) return Promise.resolve();
    return new Promise((seen) => this.#waiting.push({ uploads, asked, seen }));
  }
}

const noLongerThere = () => Response.json({ count: 0, references: [] });

describe("Key packages", () => {
  it("of an organiser are published: ten, and a last resort; each with its private parts on disk", async () => {
    const provider = new KeyPackageProvider();
    const owner = await makeRoom({ ports: provider });
    await provider.until({ uploads: 1 });
    const records = await onDisk(owner);
    const [upload] = provider.uploads.map((body) => decode(keyPackageUpload, body));
    const sent = [...(upload?.keyPackages ?? []), ...(upload?.lastResort ? [upload.lastResort] : [])];
    expect([upload?.keyPackages.length, sent.length, records.length]).to.deep.equal([10, 11, 11]);
    for (const message of sent) {
      const { reference, client } = await readKeyPackage(createCrypto(), message, Date.now());
      const record = records.find((one) => sameOctets(fromHex(one.reference), reference));
      expect(record?.initKey.length).to.equal(32);
      expect(record?.leafKey.length).to.equal(32);
      expect(client.clientUri).to.equal(record?.clientUri);
      expect(client.nickname).to.equal("Olga");
    }
    expect(owner.faults).to.deep.equal([]);
    owner.engine.stop();
  });

  it("of a guest are not: nobody could add it anywhere else", async () => {
    const owner = await makeRoom();
    const provider = new KeyPackageProvider();
    const adam = await joinAs("Adam", owner.address, { ports: provider });
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    expect(await onDisk(adam)).to.deep.equal([]);
    expect(provider.asked).to.equal(0);
    for (const { engine } of [owner, adam]) engine.stop();
  });

  it("are left as they are when enough are there", async () => {
    const { owner, provider } = await published("enough");
    const before = await onDisk(owner);
    const again = await restart(owner, "enough", { fetch: provider.fetch });
    await provider.until({ asked: 2 });
    again.engine.stop();
    expect(provider.uploads.length).to.equal(1);
    expect(names(await onDisk(again))).to.deep.equal(names(before));
  });

  it("are on disk before they are sent: whoever dies in between sends the same ones", async () => {
    const provider = new KeyPackageProvider();
    provider.answer = (method) => {
      if (method === "PUT") throw new TypeError("the engine dies");
      return undefined;
    };
    const owner = await makeRoom({ browser: "between", ports: provider });
    await provider.until({ uploads: 1 });
    owner.engine.stop();
    const before = await onDisk(owner);
    expect(before.length).to.equal(11);
    provider.answer = () => undefined;
    const again = await restart(owner, "between", { fetch: provider.fetch });
    await provider.until({ uploads: 2 });
    expect(names(await onDisk(again))).to.deep.equal(names(before));
    expect(sorted(provider.uploads[1])).to.deep.equal(sorted(provider.uploads[0]));
    again.engine.stop();
  });

  for (const when of ["before", "after"] as const) {
    it(`are never published without private parts: the engine dies ${when} each of its writes`, async () => {
      for (let call = 1, died = true; died; call++) {
        const browser = `writes-${when}-${call}`;
        const provider = new KeyPackageProvider();
        let told = () => {};
        const over = new Promise<void>((resolve) => {
          told = resolve;
        });
        died = false;
        const dying = dyingStorage(call, when, () => {
          died = true;
          told();
        });
        void provider.until({ uploads: 1 }).then(() => told());
        const making = makeRoom({ browser, ports: { ...provider, ...dying } }).catch(() => undefined);
        await over;
        const sent = provider.uploads.flatMap(sorted);
        if (!died) {
          const owner = await making;
          expect((await onDisk(owner as Guest)).map(({ message }) => toBase64Url(message)).toSorted()).to.deep.equal(
            sent,
          );
          owner?.engine.stop();
        } else expect(sent).to.deep.equal([]);
      }
    });
  }

  it("that the provider lost are sent again, as they were", async () => {
    const { owner, provider } = await published("lost");
    const before = await onDisk(owner);
    provider.answer = (method) => (method === "GET" ? noLongerThere() : undefined);
    const again = await restart(owner, "lost", { fetch: provider.fetch });
    await provider.until({ uploads: 2 });
    expect(sorted(provider.uploads[1])).to.deep.equal(sorted(provider.uploads[0]));
    expect(names(await onDisk(again))).to.deep.equal(names(before));
    again.engine.stop();
  });

  it("are renewed in the last quarter of their life, and deleted when it is over", async () => {
    const { owner } = await published("old");
    const before = names(await onDisk(owner));
    const provider = new KeyPackageProvider();
    provider.answer = (method) => (method === "GET" ? noLongerThere() : Response.json({ count: 20, references: [] }));

    const late = await restart(owner, "old", { ...provider, clock: later(0.8 * KEY_PACKAGE_LIFETIME) });
    await provider.until({ uploads: 1 });
    const both = names(await onDisk(late));
    expect(both.length).to.equal(22);
    expect(both).to.include.members(before);
    late.engine.stop();

    const over = await restart(owner, "old", { ...provider, clock: later(1.01 * KEY_PACKAGE_LIFETIME) });
    await provider.until({ uploads: 2 });
    const kept = names(await onDisk(over));
    expect(kept.length).to.equal(11);
    expect(kept.filter((name) => before.includes(name))).to.deep.equal([]);
    over.engine.stop();
  });

  it("go with the seat", async () => {
    const { owner } = await published("leaves-with-them");
    await owner.engine.leave();
    expect(await onDisk(owner)).to.deep.equal([]);
    owner.engine.stop();
  });

  it("wait for a provider that cannot now; what it refuses for good is a fault, and no person is told", async () => {
    const provider = new KeyPackageProvider();
    const busy = { code: "unavailable", message: "not now" };
    provider.answer = () => (provider.asked === 0 ? Response.json(busy, { status: 503 }) : undefined);
    const owner = await makeRoom({ browser: "patient", ports: provider });
    await provider.until({ uploads: 1 });
    expect(owner.faults).to.deep.equal([]);
    owner.engine.stop();

    const refused = { code: "invalidKeyPackage", message: "not good" };
    provider.answer = (method) => (method === "PUT" ? Response.json(refused, { status: 422 }) : noLongerThere());
    const again = await restart(owner, "patient", { fetch: provider.fetch });
    await again.told.until("it is a fault", ({ faults }) => faults.length > 0);
    expect(again.faults.map(({ where }) => where)).to.deep.equal(["keyPackages"]);
    expect(again.engine.state.problem).to.equal(undefined);
    again.engine.stop();
  });
});

/** An organiser whose key packages are published. */
async function published(browser: string) {
  const provider = new KeyPackageProvider();
  const owner = await makeRoom({ browser, ports: provider });
  await provider.until({ uploads: 1 });
  return { owner, provider };
}

async function restart(owner: Guest, browser: string, ports: Partial<EnginePorts>): Promise<Guest> {
  owner.engine.stop();
  const again = await startEngine(owner.address, { browser, ports });
  await again.engine.open();
  return again;
}

async function onDisk({ name }: Guest): Promise<KeyPackageRecord[]> {
  const database = await openDB(name);
  const records = (await database.getAll("keyPackages")) as KeyPackageRecord[];
  database.close();
  return records;
}

function names(records: readonly KeyPackageRecord[]): string[] {
  return records.map(({ reference }) => reference).toSorted();
}

/** What an upload holds, in an order that does not depend on how it was sent. */
function sorted(body: Uint8Array | undefined): string[] {
  if (body === undefined) return [];
  const { keyPackages, lastResort } = decode(keyPackageUpload, body);
  return [...keyPackages, ...(lastResort ? [lastResort] : [])].map(toBase64Url).toSorted();
}

function sameOctets(one: Uint8Array, other: Uint8Array): boolean {
  return toBase64Url(one) === toBase64Url(other);
}

function later(milliseconds: number): Clock {
  return { now: () => Date.now() + milliseconds, after: real.clock.after };
}

/** A seat's storage that stops answering at its `call`th write, before or after it happened. */
function dyingStorage(call: number, when: "before" | "after", died: () => void): Pick<EnginePorts, "takeSeat"> {
  let calls = 0;
  const dead = () => {
    died();
    return new Promise<never>(() => {});
  };
  return {
    async takeSeat(name) {
      const database = await takeSeatDatabase(name);
      return {
        ...database,
        async commitStep(step) {
          calls += 1;
          if (calls === call && when === "before") return dead();
          await database.commitStep(step);
          if (calls === call) return dead();
        },
      };
    },
  };
}
