import { expect } from "@open-wc/testing";
import { openDB } from "idb";
import { toHex } from "../../src/codec/bytes.js";
import type { IdentityRecord, KeyPackageRecord } from "../../src/storage/records.js";
import { network } from "../../src/transport/network.js";
import type { Fetch } from "../../src/transport/ports.js";
import { createProviderClient } from "../../src/transport/provider-client.js";
import { visitAll } from "../support/crash-run.js";
import { type Guest, makeRoom } from "../support/engine-world.js";
import { NonceWitness } from "../support/nonce-witness.js";

const isKeyPackages = (url: string): boolean => url.endsWith("/v1/keyPackages");

describe("A world that stops at any call of any port", () => {
  it("while KeyPackages are made and published: the provider has those whose keys are on disk, and no others", async function () {
    this.timeout(170_000);
    let visits = 0;
    const witness = new NonceWitness();
    await visitAll({
      name: "replenish KeyPackages",
      async prepare(label) {
        const browser = `replenishes-${++visits}`;
        const owner = await makeRoom({ browser, ports: { fetch: refusingKeyPackages } });
        owner.engine.stop();
        const published = new Published();
        return {
          browser: `#${browser}`,
          address: owner.address,
          takeSeat: witness.takeSeat,
          fetch: witness.watch(published.fetch),
          openSocket: network.openSocket,
          steps: [(page) => page.say(label), (page) => page.sent(label), () => published.enough],
          async check(page) {
            expect(page.told.texts).to.deep.equal([label]);
            const { there, kept } = await keyPackagesOf(owner);
            expect([there.count, kept.length]).to.deep.equal([10, 11]);
            expect(there.references).to.have.members(kept);
          },
        };
      },
      finish: async () => `${await witness.audit.check()} ciphertexts, no key used twice`,
    });
  });
});

/** Lets everything through, and sees when the provider has as many KeyPackages as it should. */
class Published {
  #enough: () => void = () => {};
  readonly enough = new Promise<void>((resolve) => {
    this.#enough = resolve;
  });

  readonly fetch: Fetch = async (url, init) => {
    const response = await network.fetch(url, init);
    if (isKeyPackages(url) && response.ok) {
      const { count } = (await response.clone().json()) as { count: number };
      if (count >= 10) this.#enough();
    }
    return response;
  };
}

/** A provider that takes no KeyPackages yet: the seat begins without any. */
const refusingKeyPackages: Fetch = async (url, init) => {
  if (isKeyPackages(url)) throw new TypeError("not yet");
  return network.fetch(url, init);
};

async function keyPackagesOf({ name, address }: Guest) {
  const database = await openDB(name);
  const identity: IdentityRecord = await database.get("identity", "identity");
  const records: KeyPackageRecord[] = await database.getAll("keyPackages");
  database.close();
  const provider = createProviderClient({ provider: address.provider, fetch: network.fetch, clock: network.clock });
  const { count, references } = await provider.keyPackages(identity.token?.token ?? "");
  return { there: { count, references: references.map(toHex) }, kept: records.map(({ reference }) => reference) };
}
