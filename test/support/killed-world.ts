import { openDB } from "idb";
import { toBase64Url, toHex } from "../../src/codec/bytes.js";
import { submitMessageRequest } from "../../src/codec/hub-messages.js";
import { decode } from "../../src/codec/tls.js";
import { newRoomUri } from "../../src/engine/commands/create-room.js";
import { epochAuthenticator } from "../../src/mls/group.js";
import { decodeGroup } from "../../src/mls/stored-group.js";
import { readGroupRecord } from "../../src/storage/seat-database.js";
import { network } from "../../src/transport/network.js";
import type { Clock, Fetch } from "../../src/transport/ports.js";
import type { TimelineEntry } from "../../src/worker/engine-api.js";
import { type Guest, startEngine } from "./engine-world.js";
import type { KillableProvider, LogLine } from "./killable-provider.js";

/** How long everybody may take to come to rest once nothing disturbs them any more, in milliseconds. */
const PATIENCE = 120_000;

/** Nobody goes on talking while so much of theirs is not sent. */
const MOST_UNSENT = 3;

/** A person in the room: what they said, and were told that the hub has. */
export interface Person extends Guest {
  readonly nickname: string;
  /** What they typed, in order. */
  readonly said: string[];
}

/** People in one room of a provider that comes and goes: all in this page, each with an engine, a seat and a clock of their own. */
export class KilledWorld {
  readonly provider: KillableProvider;
  readonly people: Person[] = [];
  /** Those who left: what they said stays. */
  readonly gone: Person[] = [];
  /** What the provider answered 200 to. */
  readonly acknowledged: LogLine[] = [];
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #seed: number;
  #room = "";
  #count = 0;

  constructor(provider: KillableProvider, clock: Clock, seed: number, random: () => number) {
    this.provider = provider;
    this.#clock = clock;
    this.#seed = seed;
    this.#random = random;
  }

  /** Somebody makes the room. */
  async create(): Promise<void> {
    const provider = this.provider.url;
    this.#room = await newRoomUri(network, provider);
    const owner = await this.#newcomer();
    await owner.engine.create({ provider, name: "Killed", preset: "event", nickname: owner.nickname, origins: [] });
    this.people.push(owner);
  }

  /** Somebody comes in, as often as it takes: a person whose join fails asks again. */
  async arrive(): Promise<void> {
    const person = await this.#newcomer();
    await this.#insist(async () => {
      await person.engine.open();
      if (person.engine.state.phase === "failed") await person.engine.reconnect();
      await person.engine.join(person.nickname);
    });
    this.people.push(person);
  }

  /** Somebody goes, once all that they said is sent. */
  async depart(index: number): Promise<void> {
    const [person] = this.people.splice(index, 1);
    if (person === undefined) return;
    await this.#until(`${person.nickname} has sent all`, () => allSent(person));
    await this.#insist(() => person.engine.leave());
    person.engine.stop();
    this.gone.push(person);
  }

  /**
   * Somebody says something every `pace` milliseconds or so, unless they wait for what they said before, until the result
   * is called, which resolves when the last has.
   */
  talk(pace: number): () => Promise<void> {
    let talking = true;
    const turn = async (): Promise<void> => {
      while (talking) {
        const person = this.people[Math.floor(this.#random() * this.people.length)];
        if (person !== undefined && unsent(person) < MOST_UNSENT) await this.say(person);
        await this.#pass(pace * (0.5 + this.#random()));
      }
    };
    const ended = turn();
    return async () => {
      talking = false;
      await ended;
    };
  }

  async say(person: Person): Promise<void> {
    const text = `${person.nickname} says ${person.said.length}`;
    await person.engine.send({ text, format: "plain" });
    person.said.push(text);
  }

  /** Lets real time pass. */
  #pass(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  /** Lets a random piece of traffic go by: up to `most` messages are acknowledged, and others may be under way. */
  async traffic(most: number): Promise<void> {
    const wanted = this.acknowledged.length + Math.floor(this.#random() * most) + 1;
    await this.#until("anything is acknowledged", () => this.acknowledged.length >= wanted);
    await this.#pass(this.#random() * 50);
  }

  /** Resolves when everybody is online, has sent all, and has read the log to its end. */
  async rest(): Promise<void> {
    await this.sent();
    const [first] = this.people;
    const longest = () => Math.max(...(first?.told.timeline ?? []).map(({ order }) => order));
    await this.#until("everybody has heard all", () =>
      this.people.every(({ told }) => told.timeline.at(-1)?.order === longest()),
    );
  }

  /** Resolves when everybody is online and has sent all. */
  async sent(): Promise<void> {
    await this.#until("everybody is online", () =>
      this.people.every(({ told: { state } }) => state?.phase === "joined" && state.connection === "online"),
    );
    await this.#until("everybody has sent all", () => this.people.every(allSent));
  }

  /** Resolves when these people have every text that was said. */
  async shown(people: readonly Person[]): Promise<void> {
    await this.#until("all have every text", () => {
      const { said } = this;
      return people.every(({ told }) => {
        const texts = new Set(told.texts);
        return said.every((text) => texts.has(text));
      });
    });
  }

  /** Resolves when everybody's timeline has a line for which `holds`. */
  async hears(holds: (entry: TimelineEntry) => boolean): Promise<void> {
    await this.#until("everybody has a line", () => this.people.every(({ told }) => told.timeline.some(holds)));
  }

  /** The texts that everybody said, those who left included. */
  get said(): string[] {
    return [...this.people, ...this.gone].flatMap(({ said }) => said);
  }

  /** What stands on everybody's disk: epoch and epoch authenticator. */
  async groups(): Promise<string[]> {
    return await Promise.all(
      this.people.map(async ({ name }) => {
        const database = await openDB(name);
        const record = await readGroupRecord(database.transaction("groups").store);
        database.close();
        const group = decodeGroup(record?.group ?? new Uint8Array());
        return `${group.context.epoch} ${toHex(epochAuthenticator(group))}`;
      }),
    );
  }

  stop(): void {
    for (const { engine } of this.people) engine.stop();
  }

  /** A seed to find a failure again, for an error's message. */
  get seed(): string {
    return `seed ${this.#seed}`;
  }

  /** Tells what was measured, in the test's report. */
  report(line: string): void {
    console.log(`» ${line} (${this.seed})`);
  }

  async #newcomer(): Promise<Person> {
    this.#count += 1;
    const nickname = `Guest ${this.#count}`;
    const browser = `${this.#room} ${nickname}`;
    const ports = { clock: this.#clock, fetch: this.#fetch };
    const guest = await startEngine({ provider: this.provider.url, room: this.#room }, { browser, ports });
    return Object.assign(guest, { nickname, said: [] });
  }

  /** The network, which remembers what messages were acknowledged. */
  readonly #fetch: Fetch = async (url, init) => {
    const answer = await network.fetch(url, init);
    if (answer.ok && url.endsWith("/submitMessage") && init.body instanceof Uint8Array) {
      const { cursor } = (await answer.clone().json()) as { cursor: number };
      const { appMessage } = decode(submitMessageRequest, init.body);
      const hash = await crypto.subtle.digest("SHA-256", new Uint8Array(appMessage));
      this.acknowledged.push({ room: this.#room, cursor, hash: toBase64Url(new Uint8Array(hash)) });
    }
    return answer;
  };

  async #insist(work: () => Promise<unknown>): Promise<void> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      try {
        await work();
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
        await this.#pass(100);
      }
    }
  }

  async #until(what: string, holds: () => boolean): Promise<void> {
    const end = Date.now() + PATIENCE;
    while (!holds()) {
      if (Date.now() > end) throw new Error(`waited in vain until ${what} (${this.seed}); ${this.#describe()}`);
      await this.#pass(20);
    }
  }

  #describe(): string {
    const lines = this.people.map(({ nickname, told, faults }) => {
      const { phase, connection, problem } = told.state ?? {};
      const unsent = told.timeline
        .filter(({ status }) => status !== "sent")
        .map(({ status, problem }) => ({ status, problem }));
      const last = told.timeline.at(-1)?.order;
      return {
        nickname,
        phase,
        connection,
        problem,
        unsent,
        last,
        faults: faults.slice(-3).map(({ where, error }) => `${where}: ${String(error)}`),
      };
    });
    return JSON.stringify(lines, undefined, 1);
  }
}

/** How much of what a person typed is not acknowledged. */
function unsent({ told, said }: Person): number {
  const sent = told.timeline.filter(({ sender, content, status }) => {
    return sender.own && content.kind === "text" && status === "sent";
  });
  return said.length - sent.length;
}

function allSent(person: Person): boolean {
  return unsent(person) === 0;
}
