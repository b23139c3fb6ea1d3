import { toHex } from "../../codec/bytes.js";
import { decodeContent } from "../../content/decode-content.js";
import { messageId } from "../../content/message-id.js";
import type { Staged } from "../../mls/stage.js";
import { authorize } from "../../policy/authorize.js";
import type { EntryRecord } from "../../storage/records.js";
import type { EngineContext } from "../context.js";
import { demand, isStorageFailure } from "../engine-problem.js";
import type { Change, Memory, SeatedGroup } from "../memory.js";
import { entryContentOf } from "../timeline.js";
import type { Incoming } from "./receive.js";
import { refusedLines } from "./refused-lines.js";

/**
 * A message of another client, judged by the policy of its own epoch. What it says may be malformed or not allowed: the
 * ratchet moves on all the same, for its key is used up.
 */
export async function receiveApplication(
  context: EngineContext,
  memory: Memory,
  seat: SeatedGroup,
  staged: Extract<Staged, { kind: "application" }>,
  event: Incoming,
  earlier: readonly EntryRecord[],
): Promise<Change> {
  const { sender, content, next } = staged;
  const { cursor, time, hash } = event;
  const moved: Change = { seat: { ...seat, group: next } };
  try {
    demand(authorize(seat.room, { kind: "sendMessage", user: sender.userUri }));
    const { salt } = decodeContent(content);
    const id = toHex(await messageId({ sender: sender.userUri, room: context.room, content, salt }));
    // The ID contains the sender: the same ID is the same message of the same user, said again.
    const known = earlier.findLast((entry) => entry.id === id) ?? (await context.entry(id));
    if (known) {
      // Its author says again what the hub had lost: it takes the place that everybody else sees it at.
      const { stray, ...kept } = known;
      return stray ? { ...moved, entries: [{ ...kept, order: cursor, time, hash }] } : moved;
    }
    const entry: EntryRecord = {
      id,
      order: cursor,
      sender: {
        userUri: sender.userUri,
        nickname: sender.nickname,
        own: sender.userUri === memory.identity?.userUri,
      },
      time,
      content: entryContentOf(content),
      status: "sent",
      hash,
    };
    return { ...moved, entries: [entry] };
  } catch (error) {
    if (isStorageFailure(error)) throw error;
    context.fault({ where: "receive", error, cursor });
    return { ...moved, entries: await refusedLines(context, memory, staged, error, event, earlier) };
  }
}
