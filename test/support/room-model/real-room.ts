import { expect } from "@open-wc/testing";
import { openDB } from "idb";
import { toBase64Url } from "../../../src/codec/bytes.js";
import { groupInfoRequest, groupInfoResponse } from "../../../src/codec/hub-messages.js";
import { domainOf, providerUri, roomIdOf } from "../../../src/codec/mimi-uri.js";
import { roomName, roomPolicy } from "../../../src/codec/room-policy.js";
import { decode, encode } from "../../../src/codec/tls.js";
import { createCrypto } from "../../../src/mls/crypto.js";
import { inspectGroupInfo } from "../../../src/mls/external-commit.js";
import { viewGroup } from "../../../src/mls/group.js";
import { decodeGroup } from "../../../src/mls/stored-group.js";
import { lockedDown } from "../../../src/policy/lockdown.js";
import { roleOf, roomStateOf } from "../../../src/policy/room-state.js";
import type { IdentityRecord } from "../../../src/storage/records.js";
import { readGroupRecord } from "../../../src/storage/seat-database.js";
import { network as real } from "../../../src/transport/network.js";
import type { Fetch } from "../../../src/transport/ports.js";
import { type Guest, makeRoom, say, startEngine } from "../engine-world.js";
import { newUserKey } from "../user-key.js";
import type { RoomModel } from "./room-model.js";

/** A device and the browser that it has now; a new one each time it joins. */
interface Device {
  readonly user: string;
  readonly guest: Guest;
}

/** Engines in a room of a real hub, driven as a {@link RoomModel} says. */
export class RealRoom {
  readonly #devices = new Map<string, Device>();
  readonly #keys = new Map<string, string>();
  /** The URI of each user, by the name in the cast. */
  readonly #uris = new Map<string, string>();
  #address: Guest["address"] = { provider: "", room: "" };
  /** Of whoever asked the provider last, by device: what the hub is asked with. */
  readonly #tokens = new Map<string, string>();
  readonly #guests: Guest[] = [];
  #said = 0;
  /** How often all agreed. */
  agreed = 0;
  /** How often somebody was refused, by right. */
  refused = 0;

  /** A room that `user` makes. */
  static async make(owner: { readonly device: string; readonly user: string }): Promise<RealRoom> {
    const room = new RealRoom();
    const guest = await makeRoom({ ports: { fetch: room.#fetchOf(owner.device) } });
    room.#address = guest.address;
    room.#enter(owner.device, owner.user, guest);
    room.#keys.set(owner.user, await userKeyOf(guest));
    return room;
  }

  close(): void {
    for (const { engine } of this.#guests.splice(0)) engine.stop();
  }

  uriOf(user: string): string {
    return this.#uris.get(user) ?? "";
  }

  guest(device: string): Guest {
    const known = this.#devices.get(device);
    if (!known) throw new Error(`${device} was never inside`);
    return known.guest;
  }

  /** Resolves with whether the device is inside then. */
  async join(device: string, user: string): Promise<boolean> {
    const guest = await startEngine(this.#address, { ports: { fetch: this.#fetchOf(device) } });
    await guest.engine.open(await this.#keyOf(user));
    const joined = await guest.engine.join(device).then(
      () => true,
      (error: unknown) => expectDenied(error),
    );
    if (joined) this.#enter(device, user, guest);
    else {
      guest.engine.stop();
      this.refused += 1;
    }
    return joined;
  }

  /** Says something, and resolves when all of these have heard it; or, where it is not allowed, when it is told that it failed. */
  async say(device: string, allowed: boolean, hearers: readonly string[]): Promise<void> {
    const text = `${device} ${this.#said++}`;
    await say(this.guest(device), text);
    const status = allowed ? "sent" : "failed";
    for (const hearer of allowed ? hearers : [device]) {
      await this.guest(hearer).told.until(`${hearer} is shown "${text}" as ${status}`, ({ timeline }) =>
        timeline.some(
          ({ content, ...line }) => content.kind === "text" && content.text === text && line.status === status,
        ),
      );
    }
  }

  /** Does what the model allows; what it forbids must be refused. */
  async attempt(allowed: boolean, act: () => Promise<unknown>): Promise<void> {
    const done = await act().then(
      () => true,
      (error: unknown) => expectDenied(error),
    );
    expect(done).to.equal(allowed);
    if (!done) this.refused += 1;
  }

  /** Resolves when everybody inside, and the hub, are where the model is. */
  async agrees(model: RoomModel): Promise<void> {
    const expected = this.#expected(model);
    const inside = [...model.inside];
    for (const [device, user] of inside) {
      const { told } = this.guest(device);
      await told.until(`${device} sees ${expected}`, () => this.#seenBy(device) === expected);
      expect(this.guest(device).engine.state.me?.maySend.allowed, `${user} may speak`).to.equal(model.maySpeak(user));
    }
    for (const [device] of this.#devices) {
      if (model.inside.has(device)) continue;
      await this.guest(device).told.until(`${device} is out`, ({ state }) => state?.phase !== "joined");
    }
    await this.#untilOneEpoch(inside.map(([device]) => device));
    const [[witness] = [""]] = inside;
    const { epoch, digits } = this.guest(witness).engine.state.fingerprint ?? {};
    expect(digits).to.match(/^(\d{5} ){5}\d{5}$/u);
    const { policy, ...atTheHub } = await this.#atTheHub(witness);
    expect(atTheHub).to.deep.equal({ epoch, seen: expected });
    const { moderated, multiDevice } = decode(roomPolicy, policy);
    expect({ moderated, multiDevice }).to.deep.equal({
      moderated: model.isModerated,
      multiDevice: model.rules.multiDevice,
    });
    for (const [device] of inside) {
      expect(await policyOf(this.guest(device)), `the policy of ${device}`).to.deep.equal(policy);
    }
    this.agreed += 1;
  }

  async #untilOneEpoch(devices: readonly string[]): Promise<void> {
    const epochOf = (device: string) => this.guest(device).engine.state.fingerprint?.epoch ?? -1;
    for (const device of devices) {
      const { told } = this.guest(device);
      await told.until(`${device} is as far as all`, () => epochOf(device) === Math.max(...devices.map(epochOf)));
    }
    const digits = devices.map((device) => this.guest(device).engine.state.fingerprint?.digits);
    expect(new Set(digits).size, "one fingerprint").to.equal(1);
  }

  #expected(model: RoomModel): string {
    const roster = model.roster().map((line) => line.replace(/^\S+/u, (user) => this.uriOf(user)));
    return seen(roster, model.rules.name, model.rules.locked);
  }

  #seenBy(device: string): string {
    const { occupants, preview } = this.guest(device).engine.state;
    const roster = occupants.map(({ userUri, role, clients }) => `${userUri} ${role} ${clients}`);
    return seen(roster, preview?.name ?? "", Boolean(preview?.facts.some(({ kind }) => kind === "lockedDown")));
  }

  /** The same of the hub: what it shows one that joins. */
  async #atTheHub(device: string) {
    const { provider, room } = this.#address;
    const response = await fetch(`${provider}/v1/rooms/${encodeURIComponent(roomIdOf(room))}/groupInfo`, {
      method: "POST",
      headers: { authorization: this.#tokens.get(device) ?? "" },
      body: encode(groupInfoRequest, { protocol: "mls10", joiningCode: new Uint8Array() }),
    });
    expect(response.status).to.equal(200);
    const { groupInfo, ratchetTree } = decode(groupInfoResponse, new Uint8Array(await response.arrayBuffer()));
    const view = await inspectGroupInfo(createCrypto(), { groupInfo, ratchetTree });
    const state = roomStateOf(view, room, providerUri(domainOf(room)));
    const users = [...new Set(view.members.map(({ userUri }) => userUri))];
    const roster = users.map((user) => {
      const clients = view.members.filter(({ userUri }) => userUri === user).length;
      return `${user} ${roleOf(state, user)} ${clients}`;
    });
    const shown = seen(roster, roomName(state.policy), lockedDown(state.policy));
    return { epoch: Number(view.epoch), seen: shown, policy: view.roomPolicy };
  }

  #enter(device: string, user: string, guest: Guest): void {
    this.#devices.get(device)?.guest.engine.stop();
    this.#guests.push(guest);
    this.#devices.set(device, { user, guest });
    this.#uris.set(user, guest.engine.state.me?.userUri ?? "");
  }

  async #keyOf(user: string): Promise<string> {
    const key = this.#keys.get(user) ?? (await newUserKey());
    this.#keys.set(user, key);
    return key;
  }

  #fetchOf(device: string): Fetch {
    return (url, init) => {
      const token = new Headers(init.headers).get("authorization");
      if (token) this.#tokens.set(device, token);
      return real.fetch(url, init);
    };
  }
}

/** The user key of a seat that has made a room, as an organiser's address brings it. */
async function userKeyOf({ name }: Guest): Promise<string> {
  const database = await openDB(name);
  const { userKeyPair }: IdentityRecord = await database.get("identity", "identity");
  database.close();
  return toBase64Url(new Uint8Array(await crypto.subtle.exportKey("pkcs8", userKeyPair.privateKey)));
}

/** The octets of the room's policy that stand on disk. */
async function policyOf({ name }: Guest): Promise<Uint8Array> {
  const database = await openDB(name);
  const record = await readGroupRecord(database.transaction("groups").store);
  database.close();
  return viewGroup(decodeGroup(record?.group ?? new Uint8Array())).roomPolicy;
}

function seen(roster: readonly string[], name: string, locked: boolean): string {
  return JSON.stringify({ name, locked, roster: [...roster].sort() });
}

/** A rule said no. Throws whatever else it is. */
function expectDenied(error: unknown): false {
  const { problem } = error as { readonly problem?: { readonly code?: string } };
  if (problem?.code !== "notAllowed" && problem?.code !== "banned") throw error;
  return false;
}
