import { type RoomEvent, roomEvent } from "../../../src/codec/hub-messages.js";
import { encode } from "../../../src/codec/tls.js";
import { said } from "../agreeing-guests.js";
import { Network } from "../engine-network.js";
import { type Guest, joinAs, makeRoom } from "../engine-world.js";

/** A guest whose hub may lie to it. */
export interface Misled extends Guest {
  readonly network: Network;
}

/** A room of Olga's in which the hub may lie to everybody. */
export class MisledRoom {
  readonly guests: Misled[] = [];

  static async open(...nicknames: readonly string[]): Promise<MisledRoom> {
    const room = new MisledRoom();
    const network = new Network();
    room.guests.push({ ...(await makeRoom({ ports: network })), network });
    for (const nickname of nicknames) await room.enter(nickname);
    return room;
  }

  get address(): Guest["address"] {
    return this.#owner.address;
  }

  /** Somebody joins; resolves when everybody is online and knows. */
  async enter(nickname: string): Promise<Misled> {
    const network = new Network();
    const guest = { ...(await joinAs(nickname, this.#owner.address, { ports: network })), network };
    this.guests.push(guest);
    await this.knowEachOther(...this.guests);
    return guest;
  }

  async knowEachOther(...guests: readonly Misled[]): Promise<void> {
    for (const { told } of guests) {
      await told.until(
        "online with everybody",
        ({ state }) => state?.connection === "online" && state.occupants.length === this.guests.length,
      );
    }
  }

  close(): void {
    for (const { engine } of this.guests) engine.stop();
  }

  get #owner(): Misled {
    const [owner] = this.guests;
    if (!owner) throw new Error("nobody has opened the room");
    return owner;
  }
}

/** Says it, and waits until those have heard it. Resolves with its event, as the last of them is shown it. */
export async function sayTo(speaker: Guest, text: string, ...hearers: readonly Misled[]): Promise<void> {
  await said(speaker, text);
  for (const { told } of hearers) await told.until(`"${text}" is heard`, ({ texts }) => texts.includes(text));
}

/** The event by which one is shown the next thing that somebody does, while `act` does it. */
export async function nextEvent({ network }: Misled, act: () => Promise<unknown>): Promise<RoomEvent> {
  const shown = new Promise<RoomEvent>((resolve) => {
    network.tamperEvents((event, frame) => {
      network.tamperEvents((_, each) => [each]);
      resolve(event);
      return [frame];
    });
  });
  await act();
  return shown;
}

/** The next event is shown to one as `change` makes of it, and `shift` is added to the cursors of all after it. */
export function lying({ network }: Misled, change: (event: RoomEvent) => readonly RoomEvent[], shift: bigint): void {
  network.tamperEvents((first) => {
    network.tamperEvents((event) => [frameOf({ ...event, cursor: event.cursor + shift })]);
    return change(first).map(frameOf);
  });
}

export function frameOf(event: RoomEvent): Uint8Array {
  return encode(roomEvent, event);
}

/** Resolves when one is told that the host shows people different things. */
export function warned({ told }: Guest): Promise<void> {
  return told.until("it says that the host shows different things", () => isWarned({ told }));
}

export function isWarned({ told }: Pick<Guest, "told">): boolean {
  return told.timeline.some(({ content }) => content.kind === "diverged");
}
