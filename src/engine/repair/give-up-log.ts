import { fromBase64Url, toHex } from "../../codec/bytes.js";
import { encodeContent } from "../../content/encode-content.js";
import { messageId } from "../../content/message-id.js";
import { textContent } from "../../content/text-content.js";
import type { CursorRecord, EntryRecord, OutboxRecord } from "../../storage/records.js";
import type { EngineContext } from "../context.js";
import type { Change, Memory } from "../memory.js";
import { ABOVE_THE_LOG, WAITING_ORDER, withoutFailure } from "../timeline.js";

/** Lines that are read at once. */
const PAGE = 256;
/** What was typed longer ago is not said again, in milliseconds: backups are made daily. */
const SAID_AGAIN_FOR = 24 * 60 * 60_000;
/** So many of the latest own messages are said again at most. */
const MOST_AGAIN = 100;
/** Ciphertexts of one message that are remembered. */
const MOST_FORMER = 8;

/**
 * The change that goes back to `log`, the last place in common, with what was read above it: own messages wait to be said
 * again, as the same messages, unless they are old; the others' lines stay, between that place and whatever comes; a line says what happened.
 */
export async function giveUpLog(context: EngineContext, memory: Memory, log: CursorRecord): Promise<Change> {
  const { above, last } = await linesAbove(context, log.cursor);
  const sayable = new Map<EntryRecord, Uint8Array>();
  for (const line of above) {
    const content = await contentOf(context, line);
    if (content) sayable.set(line, content);
  }
  const again = [...sayable].slice(-MOST_AGAIN);
  const said = new Set(again.map(([line]) => line));
  const strays = above.filter((line) => !said.has(line) && line.content.kind !== "restored");
  const places = between(last, log.cursor + 1, strays.length + 1);
  const moved = strays.map((line, n) => ({ ...line, order: places[n] ?? last, stray: true }) as const);
  const notice = restoredNotice(context, log, places[strays.length] ?? last);
  const outbox = toSayAgain(memory, again, audienceOf(memory, above));
  return {
    log,
    outbox: [...outbox.again, ...outbox.waiting],
    entries: [...moved, notice, ...outbox.lines],
    entriesGone: above.filter(({ content, id }) => content.kind === "restored" && id !== notice.id).map(({ id }) => id),
  };
}

/** The lines whose events are above `cursor`, in order, and the order of the last line before them. */
export async function linesAbove(
  { database }: EngineContext,
  cursor: number,
): Promise<{ readonly above: readonly EntryRecord[]; readonly last: number }> {
  const above: EntryRecord[] = [];
  let bound = ABOVE_THE_LOG;
  for (;;) {
    const page = await database.entriesBefore(bound, PAGE);
    const first = page.findIndex(({ order, stray }) => order >= cursor + 1 || (order > cursor && stray));
    above.unshift(...(first < 0 ? [] : page.slice(first)));
    // Notices of one event stand in between it and the next; the lines that have no event any more come after them.
    if (first !== 0 || page.length < PAGE) {
      const before = page[first < 0 ? page.length - 1 : first - 1]?.order ?? cursor;
      return { above, last: Math.max(cursor, before) };
    }
    bound = page[0]?.order ?? 0;
  }
}

/** `count` places between two, at equal distances. */
function between(low: number, high: number, count: number): number[] {
  const step = (high - low) / (count + 1);
  return Array.from({ length: count }, (_, n) => low + step * (n + 1));
}

/** The encoded content of an own text, to the octet what was said: its ID shows it. Undefined for every other line. */
async function contentOf({ room, ports }: EngineContext, line: EntryRecord): Promise<Uint8Array | undefined> {
  const { id, sender, content, salt, typed, status } = line;
  if (typed === undefined || ports.clock.now() - typed > SAID_AGAIN_FOR) return undefined;
  if (!sender.own || content.kind !== "text" || salt === undefined || status !== "sent") return undefined;
  const octets = fromBase64Url(salt);
  const { text, format } = content;
  const encoded = encodeContent(textContent({ text, format, salt: octets, sender: sender.userUri, room }));
  const same = toHex(await messageId({ sender: sender.userUri, room, content: encoded, salt: octets })) === id;
  return same ? encoded : undefined;
}

/** Who was there when the lost messages were said, as far as this client knows: also those who have left since by themselves. */
function audienceOf({ seat }: Memory, above: readonly EntryRecord[]): string[] {
  const left = above.filter(({ content }) => content.kind === "left").map(({ sender }) => sender.userUri);
  return [...new Set([...(seat?.view.members ?? []).map(({ userUri }) => userUri), ...left])];
}

function toSayAgain(
  { outbox }: Memory,
  again: readonly (readonly [EntryRecord, Uint8Array])[],
  audience: readonly string[],
) {
  // They were said before what waits.
  const first = Math.min(WAITING_ORDER, ...outbox.map(({ order }) => order)) - again.length;
  const records = again.map(
    ([{ id, hash }, content], n): OutboxRecord => ({
      id,
      content,
      order: first + n,
      state: "waiting",
      former: hash === undefined ? [] : [hash],
      audience,
    }),
  );
  const lines = again.map(([line], n): EntryRecord => {
    const { hash: _, stray: __, ...kept } = withoutFailure(line);
    return { ...kept, order: first + n, status: "waiting" };
  });
  return { again: records, lines, waiting: outbox.map(toSealAnew) };
}

/** Whether the hub took a ciphertext before or after it went back is not known: another is made, and both are one message. */
function toSealAnew({ sealed, ...record }: OutboxRecord): OutboxRecord {
  if (!sealed) return record;
  return { ...record, former: [...(record.former ?? []), sealed.hash].slice(-MOST_FORMER) };
}

function restoredNotice({ hub, ports }: EngineContext, log: CursorRecord, order: number): EntryRecord {
  return {
    id: `notice-restored-${log.cursor}`,
    order,
    sender: { userUri: hub, nickname: "", own: false },
    time: ports.clock.now(),
    content: { kind: "restored" },
    status: "sent",
    stray: true,
  };
}
