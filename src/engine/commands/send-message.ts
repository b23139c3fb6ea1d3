import { fromBase64Url, toBase64Url, toHex } from "../../codec/bytes.js";
import { encodeContent } from "../../content/encode-content.js";
import { messageId } from "../../content/message-id.js";
import { textContent } from "../../content/text-content.js";
import type { Draft } from "../../worker/engine-api.js";
import type { EngineContext } from "../context.js";
import { problem } from "../engine-problem.js";
import { judgeSaying, sealMessage } from "../seal-message.js";
import { WAITING_ORDER } from "../timeline.js";

/** Octets of content at most: with signature and padding still below the 64 KiB that a hub takes. */
const LONGEST = 32_000;
/** Messages that wait at most: more would be a page gone wild. */
const MOST_WAITING = 500;

/**
 * Puts a message into the outbox. Resolves with its ID in hex when it is on disk; the sender takes it from there. The
 * same draft with the same salt is the same message: the second call finds the first one's. Throws EngineProblem.
 */
export async function sendMessage(context: EngineContext, draft: Draft): Promise<string> {
  const salt = readSalt(context, draft.salt);
  return context.step(async (memory) => {
    const sender = memory.identity;
    if (!memory.seat || !sender) {
      throw problem("notAllowed", "Join the room first.");
    }
    const { room } = context;
    const { text, format } = draft;
    const content = encodeContent(textContent({ text, format, salt, sender: sender.userUri, room }));
    if (content.length > LONGEST) throw problem("tooLarge", `${content.length} octets`);
    const id = toHex(await messageId({ sender: sender.userUri, room, content, salt }));
    if (await context.database.entry(id)) return { result: id };
    if (memory.outbox.length >= MOST_WAITING) {
      throw problem("rateLimited", "Too many messages wait.");
    }
    const time = context.ports.clock.now();
    const order = Math.max(WAITING_ORDER, ...memory.outbox.map((record) => record.order + 1));
    const entry = {
      id,
      order,
      sender: { userUri: sender.userUri, nickname: sender.nickname, own: true },
      time,
      content: { kind: "text", text, format },
      status: "waiting",
      salt: toBase64Url(salt),
      typed: time,
    } as const;
    const record = { id, content, order, state: "waiting" } as const;
    // Protected in the step that takes it, where it may be: one transaction less before it is on its way.
    const isNext = !context.holdsBack() && !memory.outbox.some(({ state }) => state === "waiting");
    const sealed = isNext && judgeSaying(memory).may === "now" ? await sealMessage(context, memory, record) : undefined;
    return { change: { outbox: [record], ...sealed?.change, entries: [entry] }, result: id };
  });
}

function readSalt({ ports }: EngineContext, salt: string | undefined): Uint8Array {
  if (salt === undefined) return ports.random(16);
  const octets = fromBase64Url(salt);
  if (octets.length !== 16) throw problem("internal", "A salt has 16 octets.");
  return octets;
}
