import { readAddress, seatName } from "../../src/engine/address.js";
import { newRoomUri } from "../../src/engine/commands/create-room.js";
import { Engine } from "../../src/engine/engine.js";
import type { EnginePorts, Fault } from "../../src/engine/ports.js";
import { takeSeatDatabase } from "../../src/storage/seat-database.js";
import { network } from "../../src/transport/network.js";
import type { EngineEvent, PresetName, RoomState, TimelineEntry } from "../../src/worker/engine-api.js";

/** How long a test waits for something before it says what did not come, in milliseconds. */
const PATIENCE = 15_000;

/** The address of the real provider that the test runner started. */
export async function providerUrl(): Promise<string> {
  const { url } = (await (await fetch("/__provider.json")).json()) as { url: string };
  return url;
}

/** What an engine or a seat told, and a way to wait for what it will tell. */
export class Told {
  readonly states: RoomState[] = [];
  /** What the engine went on after. */
  readonly faults: Fault[] = [];
  readonly #timeline = new Map<string, TimelineEntry>();
  readonly #waiting = new Set<() => void>();

  readonly listener = (event: EngineEvent): void => {
    if (event.type === "state") this.states.push(event.state);
    else {
      for (const id of event.gone) this.#timeline.delete(id);
      for (const entry of event.entries) this.#timeline.set(entry.id, entry);
    }
    this.check();
  };

  /** Asks again whether what is waited for has come. */
  check(): void {
    for (const check of [...this.#waiting]) check();
  }

  get state(): RoomState | undefined {
    return this.states.at(-1);
  }

  /** The timeline as told so far, in order. */
  get timeline(): TimelineEntry[] {
    return [...this.#timeline.values()].sort((a, b) => a.order - b.order);
  }

  /** The texts said so far, in order. */
  get texts(): string[] {
    return this.timeline.flatMap(({ content }) => (content.kind === "text" ? [content.text] : []));
  }

  /** Resolves when `holds` does, which is asked after every event. */
  until(what: string, holds: (told: Told) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!holds(this)) return;
        this.#waiting.delete(check);
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        const { phase, connection, problem } = this.state ?? {};
        const lines = this.timeline.map(({ status, content, problem }) => JSON.stringify({ status, content, problem }));
        const faults = this.faults.map(({ where, error }) => `${where}: ${String(error)}`);
        reject(
          new Error(`waited in vain until ${what}; ${JSON.stringify({ phase, connection, problem, lines, faults })}`),
        );
      }, PATIENCE);
      this.#waiting.add(check);
      check();
    });
  }

  /** Resolves when everything that was sent is acknowledged. */
  settled(): Promise<void> {
    return this.until("all is sent", ({ timeline }) => timeline.every(({ status }) => status === "sent"));
  }
}

/** An engine, what it told, and its faults. */
export interface Guest {
  readonly engine: Engine;
  readonly told: Told;
  readonly faults: Fault[];
  /** Whether another engine took its seat. */
  superseded(): boolean;
  /** The name of its seat on disk. */
  readonly name: string;
  readonly address: { readonly provider: string; readonly room: string };
}

export interface GuestOptions {
  /** Another name is another browser. */
  readonly browser?: string;
  readonly ports?: Partial<EnginePorts>;
}

let guests = 0;

/** A new engine for a seat: of a browser of its own, unless told which. */
export async function startEngine(
  address: { readonly provider: string; readonly room: string },
  { browser = `guest-${++guests}`, ports }: GuestOptions = {},
): Promise<Guest> {
  const seat = { ...readAddress(address), name: seatName(readAddress(address), `#${browser}`) };
  const told = new Told();
  const { faults } = told;
  let superseded = false;
  const engine = await Engine.take(
    {
      ...network,
      takeSeat: takeSeatDatabase,
      onFault: (fault) => {
        faults.push(fault);
        told.check();
      },
      onSuperseded: () => {
        superseded = true;
      },
      ...ports,
    },
    seat,
    told.listener,
  );
  return { engine, told, faults, superseded: () => superseded, name: seat.name, address };
}

/** A guest that joined. */
export async function joinAs(
  nickname: string,
  address: { readonly provider: string; readonly room: string },
  options?: GuestOptions,
): Promise<Guest> {
  const guest = await startEngine(address, options);
  await guest.engine.open();
  await guest.engine.join(nickname);
  return guest;
}

/** A room of its own for a test, with its owner in it. */
export async function makeRoom(
  options: GuestOptions & { readonly preset?: PresetName; readonly name?: string; readonly provider?: string } = {},
): Promise<Guest> {
  const provider = options.provider ?? (await providerUrl());
  const room = await newRoomUri(network, provider);
  const owner = await startEngine({ provider, room }, options);
  await owner.engine.create({
    provider,
    name: options.name ?? "A room of a test",
    preset: options.preset ?? "event",
    nickname: "Olga",
    origins: [],
  });
  return owner;
}

/** Says a text and resolves when it is on disk. */
export function say({ engine }: Guest, text: string): Promise<string> {
  return engine.send({ text, format: "plain" });
}
