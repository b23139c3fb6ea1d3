import { expect } from "@open-wc/testing";
import { roomEvent } from "../../../src/codec/hub-messages.js";
import type { RoomPolicy } from "../../../src/codec/room-policy.js";
import { encode } from "../../../src/codec/tls.js";
import { groupOf, said } from "../agreeing-guests.js";
import { ApiMember } from "../api-member.js";
import { Network } from "../engine-network.js";
import { type Guest, joinAs, startEngine } from "../engine-world.js";
import type { KillableProvider } from "../killable-provider.js";
import { online } from "../wary-room.js";

/** Somebody honest, and its network. */
export interface Honest extends Guest {
  readonly network: Network;
}

export interface LenientRoomOptions {
  /** The room's policy, made of an open room's. */
  policy?(policy: RoomPolicy, mallory: string): RoomPolicy;
  /** Whether Mallory is not inside. */
  readonly outside?: boolean;
  /** Whether the hub says of what somebody refuses that others follow it. */
  readonly insists?: boolean;
}

let rooms = 0;
const MOST = Number.MAX_SAFE_INTEGER;

/** A room at a hub that lets everything pass: Olga made it, two browsers are honest, and Mallory speaks the provider's API herself. */
export class LenientRoom {
  readonly olga: ApiMember;
  readonly mallory: ApiMember;
  readonly honest: [Honest, Honest];

  private constructor(olga: ApiMember, mallory: ApiMember, honest: [Honest, Honest]) {
    this.olga = olga;
    this.mallory = mallory;
    this.honest = honest;
  }

  static async open({ url }: KillableProvider, options: LenientRoomOptions = {}): Promise<LenientRoom> {
    const { policy = (open) => open, outside = false, insists = false } = options;
    const olga = await ApiMember.register(url, "Olga");
    const mallory = await ApiMember.register(url, "Mallory");
    await olga.createRoom(`lenient-${++rooms}`, (open) => policy(open, mallory.guest.userUri));
    const address = { provider: url, room: olga.room };
    const enter = async (nickname: string): Promise<Honest> => {
      const network = new Network();
      if (insists) network.answer("/refuseEvent", () => Response.json({ outcome: "acknowledged" }));
      const guest = await joinAs(nickname, address, { ports: network, browser: browserOf(nickname, olga.room) });
      await online(guest);
      return { ...guest, network };
    };
    const room = new LenientRoom(olga, mallory, [await enter("Adam"), await enter("Beth")]);
    mallory.room = olga.room;
    if (!outside) {
      await mallory.join(olga.room);
      await mallory.catchUp();
    }
    await olga.catchUp();
    for (const { told } of room.honest) {
      await told.until("all are in", ({ state }) => state?.occupants.length === (outside ? 3 : 4));
    }
    return room;
  }

  /** Adam's page is reloaded: another engine goes on with what is on its disk. */
  async reloadAdam(): Promise<void> {
    const [{ engine, network, address }] = this.honest;
    engine.stop();
    const again = await startEngine(address, { ports: network, browser: browserOf("Adam", address.room) });
    await again.engine.open();
    await online(again);
    again.told.listener({ type: "timeline", entries: await again.engine.older(MOST, 50), gone: [] });
    this.honest[0] = { ...again, network };
  }

  /** Whoever has no engine reads the log. */
  async catchUp(): Promise<void> {
    await this.olga.catchUp();
    if (this.mallory.group) await this.mallory.catchUp();
  }

  close(): void {
    for (const { engine } of this.honest) engine.stop();
  }

  /** What the honest have on disk of the group. */
  groups(): Promise<string[]> {
    return Promise.all(this.honest.map(groupOf));
  }

  /** The hub shows the honest these, each in the place of the next that Mallory sends. */
  async shows(...instead: readonly (readonly [send: () => Promise<Response>, shown: Uint8Array])[]): Promise<void> {
    for (const [send, shown] of instead) {
      const seen = this.honest.map(
        ({ network }) =>
          new Promise<void>((resolve) => {
            network.tamperEvents((event) => {
              network.tamperEvents((_, frame) => [frame]);
              resolve();
              return [encode(roomEvent, { ...event, message: shown })];
            });
          }),
      );
      expect((await send()).status).to.equal(200);
      await Promise.all(seen);
    }
  }

  /** Resolves when each of the honest is told who tried what, in one line each and in this order. */
  async areTold(...tried: readonly (readonly [what: string, rule: string])[]): Promise<void> {
    for (const { told } of this.honest) {
      await told.until("it is told", () => refusedLines(told).length === tried.length);
      expect(refusedLines(told)).to.deep.equal(tried.map(([what, rule]) => ["Mallory", what, rule]));
    }
  }

  /** Each of the honest says something, and the other hears it. */
  async goesOn(): Promise<void> {
    const [adam, beth] = this.honest;
    for (const [speaker, hearer] of [
      [adam, beth],
      [beth, adam],
    ] as const) {
      const text = `on we go, says ${speaker.engine.state.me?.nickname}`;
      await said(speaker, text);
      await hearer.told.until(`"${text}" is heard`, ({ texts }) => texts.includes(text));
    }
  }
}

function browserOf(nickname: string, room: string): string {
  return `${nickname} in ${room}`;
}

/** The lines that say that something was refused: who tried what, and the rule. */
export function refusedLines({ timeline }: Guest["told"]): string[][] {
  return timeline.flatMap(({ content, sender }) =>
    content.kind === "refused" ? [[sender.nickname, content.what, content.rule]] : [],
  );
}
