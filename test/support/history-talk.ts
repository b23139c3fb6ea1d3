import assert from "node:assert/strict";
import { utf8 } from "../../src/codec/bytes.js";
import { processMessage } from "../../src/mls/process-message.js";
import { protectMessage } from "../../src/mls/protect.js";
import type { PublicState } from "../../src/mls/public-state.js";
import { decodeGroup, encodeGroup } from "../../src/mls/stored-group.js";
import { opensMessage } from "./history-attack.js";
import { type HistorySeat, type Said, shuffled } from "./history-client.js";

/** How many of the messages that were sent are tried by newcomers. */
const KEPT = 6;

/** What is said in a history, who reads it, and who does not. */
export class HistoryTalk {
  readonly #said: Said[] = [];
  #unheard: Said[] = [];

  /**
   * One speaks `count` times; all others read it in an order of their own, but for what is lost to them, some of it twice. `chance`: from
   * 0 to 1.
   */
  async say(seats: ReadonlyMap<number, HistorySeat>, leaf: number, count: number, chance: () => number): Promise<void> {
    const speaker = seats.get(leaf);
    assert.ok(speaker);
    const said: Said[] = [];
    for (let index = 0; index < count; index++) {
      const text = `${speaker.client.name} says ${speaker.group.epoch}.${index}`;
      const { message, next } = await protectMessage(speaker.client.crypto, speaker.group, utf8(text), dataOf(text));
      const { context, nodes, confirmationTag } = next;
      said.push({ message, text, leaf, state: { context, nodes, confirmationTag } });
      speaker.group = next;
    }
    for (const seat of seats.values()) {
      if (seat === speaker) continue;
      for (const one of shuffled(said, chance)) {
        if (chance() < 0.3) seat.late.push(one);
        else await hear(seat, one, chance);
      }
    }
    this.#unheard.push(...said.slice(-1));
    this.#said.push(...said.slice(-1));
    this.#said.splice(0, this.#said.length - KEPT);
  }

  /** What did not come in time comes now, to some: it is read for as many epochs as they keep. */
  async comeLate(seats: ReadonlyMap<number, HistorySeat>, chance: () => number): Promise<void> {
    for (const seat of seats.values()) {
      for (const one of seat.late.splice(0)) {
        const age = seat.group.epoch - one.state.context.epoch;
        if (age > BigInt(seat.group.retains)) {
          const late = processMessage(seat.client.crypto, seat.group, one.message, { pending: [] });
          await assert.rejects(late, { code: "wrongEpoch" });
        } else if (chance() < 0.4) await hear(seat, one, chance);
        else seat.late.push(one);
      }
    }
  }

  /** Asserts that nobody outside opens what was said since this was asserted. */
  async assertSilent(outside: readonly HistorySeat[]): Promise<void> {
    for (const { message, state } of this.#unheard) {
      for (const seat of outside) await assertClosed(seat, message, state);
    }
    this.#unheard = [];
  }

  /** Asserts that who came in just now opens nothing of before. */
  async assertUnheard(seat: HistorySeat): Promise<void> {
    for (const { message, state } of this.#said) {
      if (state.context.epoch >= seat.group.epoch) continue;
      assert.ok(
        !(await opensMessage(seat.client.crypto, seat.group, message, state)),
        "a newcomer reads what was said before",
      );
      await assert.rejects(processMessage(seat.client.crypto, seat.group, message, { pending: [] }), {
        code: "wrongEpoch",
      });
    }
  }
}

async function assertClosed(seat: HistorySeat, message: Uint8Array, state: PublicState): Promise<void> {
  const tried = new Set<Uint8Array>();
  for (const held of seat.held) {
    const { senderDataSecret } = held.keys;
    if (tried.has(senderDataSecret)) continue;
    tried.add(senderDataSecret);
    assert.ok(
      !(await opensMessage(seat.client.crypto, held, message, state)),
      `${seat.client.name} reads from outside`,
    );
  }
}

async function hear(seat: HistorySeat, { message, text, leaf, state }: Said, chance: () => number): Promise<void> {
  const { crypto } = seat.client;
  const heard = await processMessage(crypto, seat.group, message, { pending: [] });
  assert.ok(heard.kind === "application");
  const { content, leafIndex, epoch, authenticatedData } = heard;
  assert.deepEqual([new TextDecoder().decode(content), leafIndex, epoch], [text, leaf, state.context.epoch]);
  assert.deepEqual(authenticatedData, dataOf(text));
  seat.group = chance() < 0.1 ? decodeGroup(encodeGroup(heard.next)) : heard.next;
  if (chance() < 0.3) {
    await assert.rejects(processMessage(crypto, seat.group, message, { pending: [] }), { code: "replayed" });
  }
}

function dataOf(text: string): Uint8Array<ArrayBuffer> {
  return utf8(`about ${text}`);
}
