import type { Draft } from "../../src/client/contract.js";
import { RoomError } from "../../src/client/room-error.js";
import { draftOf, type MimiRoomComposer } from "../mimi-room-composer/mimi-room-composer.js";
import type { RoomSource } from "../room-source.js";
import { type Remembered, remembered } from "../shared/remembered.js";

/** A message that the page has handed over, with the salt that makes it the same message when it is handed over again. */
type Unsent = Draft & { readonly salt: string };

/**
 * Messages on their way from the page to the engine's disk. A page that goes in this moment takes its worker with it;
 * the next one hands them over again, and the engine knows by their salt those that it has.
 */
export class UnsentMessages {
  readonly #kept: Remembered;

  /** @param room - Names the room in this browser. */
  constructor(room: string) {
    this.#kept = remembered(`unsent/${room}`);
  }

  /** Hands a message over. Settles when it is on disk, or was not taken and is its user's again. */
  async send(room: Pick<RoomSource, "send">, text: string): Promise<void> {
    const draft: Unsent = { text, format: "markdown", salt: newSalt() };
    this.#write([...this.#all(), draft]);
    await this.#handOver(room, draft);
  }

  /**
   * Hands over again, oldest first, what a page before this one may have taken with it. What is not taken is given to
   * `giveBack`, with the reason.
   */
  async sendAgain(room: Pick<RoomSource, "send">, giveBack: (text: string, why: unknown) => void): Promise<void> {
    for (const draft of this.#all()) {
      try {
        await this.#handOver(room, draft);
      } catch (error) {
        giveBack(draft.text, error);
      }
    }
  }

  async #handOver(room: Pick<RoomSource, "send">, draft: Unsent): Promise<void> {
    try {
      await room.send(draft);
    } catch (error) {
      // Whether it was taken is not known here: the page that is loaded anew hands it over again.
      if (isOutdated(error)) return;
      this.#forget(draft);
      throw error;
    }
    this.#forget(draft);
  }

  #forget({ salt }: Unsent): void {
    this.#write(this.#all().filter((kept) => kept.salt !== salt));
  }

  #all(): readonly Unsent[] {
    try {
      const kept: unknown = JSON.parse(this.#kept.get() || "[]");
      return Array.isArray(kept) ? kept.filter(isUnsent) : [];
    } catch {
      return [];
    }
  }

  #write(drafts: readonly Unsent[]): void {
    this.#kept.set(drafts.length === 0 ? "" : JSON.stringify(drafts));
  }
}

/**
 * Gives a text that was not taken back to who typed it, so that it can be sent anew: to the composer, or where there is none
 * any more to the draft that the next one begins with.
 *
 * @param room - Names the room in this browser.
 */
export function giveBack(text: string, composer: Pick<MimiRoomComposer, "restore"> | null, room: string): void {
  composer?.restore(text);
  if (composer !== null) return;
  const draft = draftOf(room);
  draft.set([text, draft.get()].filter((part) => part !== "").join("\n"));
}

function isOutdated(error: unknown): boolean {
  return error instanceof RoomError && error.problem.code === "outdated";
}

function newSalt(): string {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...octets))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function isUnsent(value: unknown): value is Unsent {
  if (typeof value !== "object" || value === null || !("text" in value && "salt" in value && "format" in value))
    return false;
  return typeof value.text === "string" && typeof value.salt === "string" && value.format === "markdown";
}
