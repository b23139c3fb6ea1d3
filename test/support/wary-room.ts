import { ApiMember } from "./api-member.js";
import { type Guest, type GuestOptions, joinAs, makeRoom } from "./engine-world.js";

/** A room of engines, among whom somebody may come who speaks the provider's API itself and means harm. */
export class WaryRoom {
  readonly guests: Guest[] = [];

  /** Stops everybody. */
  close(): void {
    for (const { engine } of this.guests.splice(0)) engine.stop();
  }

  /** Makes the room; its owner is online. */
  async open(options?: GuestOptions): Promise<Guest> {
    const owner = await makeRoom(options);
    this.guests.push(owner);
    await online(owner);
    return owner;
  }

  /** Somebody joins. Resolves when `knowing` know. */
  async enter(nickname: string, options?: GuestOptions, knowing: readonly Guest[] = this.guests): Promise<Guest> {
    const guest = await joinAs(nickname, this.#owner.address, options);
    this.guests.push(guest);
    await online(guest);
    await know(nickname, knowing);
    return guest;
  }

  /** Somebody joins who is no engine. Resolves when `knowing` know. */
  async enterByApi(nickname: string, knowing: readonly Guest[] = this.guests): Promise<ApiMember> {
    const { address } = this.#owner;
    const member = await ApiMember.register(address.provider, nickname);
    await member.join(address.room);
    await member.catchUp();
    await know(nickname, knowing);
    return member;
  }

  get #owner(): Guest {
    const [owner] = this.guests;
    if (!owner) throw new Error("nobody has opened the room");
    return owner;
  }
}

async function know(nickname: string, guests: readonly Guest[]): Promise<void> {
  for (const { told } of guests) {
    await told.until(`${nickname} is in`, ({ state }) =>
      Boolean(state?.occupants.some((occupant) => occupant.nickname === nickname)),
    );
  }
}

export function online({ told }: Pick<Guest, "told">): Promise<void> {
  return told.until("online", ({ state }) => state?.connection === "online");
}
