import { expect } from "@open-wc/testing";
import { openDB } from "idb";
import { toHex } from "../../src/codec/bytes.js";
import { seatName } from "../../src/engine/address.js";
import type { EnginePorts } from "../../src/engine/ports.js";
import { epochAuthenticator } from "../../src/mls/group.js";
import { openGroupInfo } from "../../src/mls/group-info.js";
import { decodeGroup } from "../../src/mls/stored-group.js";
import type { EntryRecord, IdentityRecord } from "../../src/storage/records.js";
import { readGroupRecord } from "../../src/storage/seat-database.js";
import { network } from "../../src/transport/network.js";
import { createProviderClient } from "../../src/transport/provider-client.js";
import { ApiMember } from "./api-member.js";
import { Page, type PageOptions, saltOf } from "./crash-page.js";
import { hastyClock } from "./crash-ports.js";
import { type Guest, joinAs, makeRoom, type Told } from "./engine-world.js";
import { forgeCommit, forgedSelfRemove, isOfForgery } from "./forged-commits.js";
import { NonceWitness } from "./nonce-witness.js";

/** How long a seat may take to read what the other has read, in milliseconds. */
const PATIENCE = 15_000;

/** A room in which somebody dies again and again, and the others watch: one who lives on, and the nonces. */
export class CrashRoom {
  readonly watcher: Guest;
  readonly witness: NonceWitness;
  #mover: ApiMember | undefined;
  #poisoned = false;

  private constructor(watcher: Guest, witness: NonceWitness) {
    this.watcher = watcher;
    this.witness = witness;
  }

  /** A room whose owner lives on; or whose owner, in the browser `owner`, is to die, and a guest lives on. */
  static async make(owner?: string): Promise<CrashRoom> {
    const witness = new NonceWitness();
    const ports = portsOf(witness);
    const maker = await makeRoom({ ports, ...(owner ? { browser: owner.slice(1) } : {}) });
    if (!owner) return new CrashRoom(maker, witness);
    maker.engine.stop();
    return new CrashRoom(await joinAs("Wanda", maker.address, { ports }), witness);
  }

  get address(): { readonly provider: string; readonly room: string } {
    return this.watcher.address;
  }

  /** The world of a browser here that is to die. */
  world(browser: string, { fetch, openSocket }: Pick<PageOptions, "fetch" | "openSocket"> = network): PageOptions {
    const { witness, address } = this;
    return { browser, address, openSocket, takeSeat: witness.takeSeat, fetch: witness.watch(fetch) };
  }

  /** Somebody who lives on joins. */
  guest(nickname: string): Promise<Guest> {
    return joinAs(nickname, this.address, { ports: portsOf(this.witness) });
  }

  /** The seat of a browser that is to die takes its place in the room first. */
  async seat(browser: string, nickname: string): Promise<void> {
    const page = new Page(this.world(browser));
    await page.open();
    await page.join(nickname);
    page.mortal.die();
  }

  /** The one who lives on says something, once. */
  async watcherSays(text: string): Promise<void> {
    await this.watcher.engine.send({ text, format: "plain", salt: await saltOf(text) });
  }

  /** Another member commits: the epoch moves. */
  async moveEpoch(): Promise<void> {
    if (!this.#mover) {
      this.#mover = await ApiMember.register(this.address.provider, "Mover");
      await this.#mover.join(this.address.room);
    }
    for (let accepted = false; !accepted; ) {
      await this.#mover.catchUp();
      accepted = (await this.#mover.commit()).ok;
    }
    await this.#mover.catchUp();
  }

  /** Somebody who joins offers a commit that nobody can follow. */
  async poison(): Promise<void> {
    const { provider, room } = this.address;
    this.#poisoned = true;
    const forger = await ApiMember.register(provider, "Forger");
    for (let accepted = false; !accepted; ) {
      const info = await forger.groupInfo(room);
      const { own } = await forger.stageJoin(room);
      const { state } = await openGroupInfo(forger.guest.crypto, info);
      accepted = (await forger.offer(await forgeCommit(forger.guest.crypto, state, own, "confirmation tag"))).ok;
    }
  }

  /** Somebody who joins offers a proposal to leave that nobody can follow. */
  async poisonByLeaving(): Promise<void> {
    const { provider, room } = this.address;
    this.#poisoned = true;
    const forger = await ApiMember.register(provider, "Forger");
    while (!forger.group) {
      const { own, after } = await forger.stageJoin(room);
      if (!(await forger.offer(own)).ok) continue;
      forger.accepted(own);
      forger.cursor = after;
      await forger.catchUp();
    }
    for (let accepted = false; !accepted; ) {
      await forger.catchUp();
      accepted = (await forger.propose(await forgedSelfRemove(forger.guest.crypto, forger.joined()))).ok;
    }
  }

  /** What was typed in a visit is shown exactly once on both sides, which are in one epoch with one authenticator. */
  async check(page: { readonly told: Told }, browser: string, typed: readonly string[]): Promise<void> {
    for (const text of typed) {
      await this.watcher.told.until(`"${text}" is heard`, ({ texts }) => texts.includes(text));
      for (const { texts } of [this.watcher.told, page.told]) {
        expect(
          texts.filter((said) => said === text),
          text,
        ).to.have.lengthOf(1);
      }
    }
    await inOneEpoch(this.watcher.name, seatName(this.address, browser));
    this.#checkFaults();
  }

  #checkFaults(): void {
    const faults = this.watcher.faults.filter((fault) => !(this.#poisoned && isOfForgery(fault)));
    expect(faults.map(({ where, error }) => `${where}: ${String(error)}`)).to.deep.equal([]);
  }

  /** The timelines on disk of `browsers` are the watcher's, where both were there; all are in one epoch; no nonce was used twice. */
  async finish(browsers: readonly string[]): Promise<string> {
    this.#checkFaults();
    await this.watcher.told.settled();
    const watched = await readTimeline(this.watcher.name);
    for (const browser of browsers) {
      const own = await readTimeline(seatName(this.address, browser));
      // Who came first has seen more; who stopped first, less.
      const first = Math.max(own[0]?.order ?? 0, watched[0]?.order ?? 0);
      const last = own.at(-1)?.order ?? 0;
      const both = [own, watched].map((lines) => lines.filter((line) => this.#isCommon(line, first, last)));
      expect(both[0]).to.deep.equal(both[1]);
    }
    if (this.#mover) {
      await this.#mover.catchUp();
      const authenticator = toHex(epochAuthenticator(this.#mover.joined()));
      expect((await readGroup(this.watcher.name)).authenticator).to.equal(authenticator);
    }
    const ciphertexts = await this.#checkNonces();
    this.watcher.engine.stop();
    return `${ciphertexts} ciphertexts, no key used twice`;
  }

  /** What is taken back with a forgery is told to those only who had followed it. */
  #isCommon({ order, content: { kind } }: DrawnLine, first: number, last: number): boolean {
    return order >= first && order <= last && !(this.#poisoned && kind === "restored");
  }

  async #checkNonces(): Promise<number> {
    const { provider, room } = this.address;
    const client = createProviderClient({ provider, fetch: network.fetch, clock: network.clock });
    const database = await openDB(this.watcher.name);
    const identity: IdentityRecord = await database.get("identity", "identity");
    database.close();
    for (let after = 0, more = true; more; ) {
      const page = await client.events(identity.token?.token ?? "", room, after, 200);
      for (const { message } of page.events) this.witness.audit.message(message);
      after = Number(page.events.at(-1)?.cursor ?? after);
      more = page.more;
    }
    return await this.witness.audit.check();
  }
}

function portsOf(witness: NonceWitness): Partial<EnginePorts> {
  return { takeSeat: witness.takeSeat, fetch: witness.watch(network.fetch), clock: hastyClock };
}

/** Whether somebody of that name is in the room, for all that was told. */
export function isIn({ told }: Pick<Guest, "told">, nickname: string): boolean {
  return told.state?.occupants.some((occupant) => occupant.nickname === nickname) ?? false;
}

/** Waits until two seats are in one epoch on disk, with one authenticator: one may read a commit a little after the other. */
async function inOneEpoch(...names: readonly [string, string]): Promise<void> {
  const late = performance.now() + PATIENCE;
  for (;;) {
    const [one, other] = await Promise.all(names.map(readGroup));
    if (one?.epoch === other?.epoch || performance.now() > late) return void expect(one).to.deep.equal(other);
  }
}

/** The group that stands on disk, which is what counts after a crash. */
export async function readGroup(name: string): Promise<{ readonly epoch: string; readonly authenticator: string }> {
  const database = await openDB(name);
  const record = await readGroupRecord(database.transaction("groups").store);
  database.close();
  const group = decodeGroup(record?.group ?? new Uint8Array());
  return { epoch: String(group.context.epoch), authenticator: toHex(epochAuthenticator(group)) };
}

type DrawnLine = Pick<EntryRecord, "order" | "content">;

/** The timeline on disk as everybody must have it: IDs, places, times, senders and contents. */
export async function readTimeline(name: string): Promise<DrawnLine[]> {
  const database = await openDB(name);
  const entries: EntryRecord[] = await database.getAll("timeline");
  database.close();
  return entries
    .sort((a, b) => a.order - b.order)
    .map(({ id, order, time, sender, content, status }) => ({
      id,
      order,
      time,
      user: sender.userUri,
      content,
      status,
    }));
}
