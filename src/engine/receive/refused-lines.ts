import type { Member } from "../../codec/group-view.js";
import type { Staged } from "../../mls/stage.js";
import type { EntryRecord } from "../../storage/records.js";
import type { EngineContext } from "../context.js";
import { EngineProblem } from "../engine-problem.js";
import type { Memory } from "../memory.js";
import { refusedNotice } from "../timeline.js";
import { isToldAlready } from "./check-reference.js";
import type { Incoming } from "./receive.js";

type Refused = Extract<EntryRecord["content"], { readonly kind: "refused" }>;

const WHAT = { commit: "commit", proposal: "proposal", application: "message" } as const;

/**
 * The line that says who tried what, where `error` is policy's refusal of a staged event; none where the latest lines say the same
 * of the same user, so that nobody fills a timeline with what nobody may do. `earlier`: lines of the same step.
 */
export async function refusedLines(
  context: EngineContext,
  { identity }: Memory,
  staged: Staged,
  error: unknown,
  event: Incoming,
  earlier: readonly EntryRecord[],
): Promise<readonly EntryRecord[]> {
  const rule = error instanceof EngineProblem ? error.problem.rule : undefined;
  if (rule === undefined) return [];
  const content: Refused = { kind: "refused", what: WHAT[staged.kind], rule };
  const by = senderOf(staged) ?? { userUri: context.hub, nickname: "" };
  const ownUser = identity?.userUri ?? "";
  const line = refusedNotice(by, content, { ...event, ownUser });
  const same = ({ sender, content: told }: EntryRecord): boolean =>
    sender.userUri === by.userUri && JSON.stringify(told) === JSON.stringify(content);
  return (await isToldAlready(context, event, earlier, same)) ? [] : [line];
}

/** Undefined for what a provider's system user sends. */
function senderOf(staged: Staged): Member | undefined {
  if (staged.kind === "application") return staged.sender;
  const { sender } = staged.kind === "commit" ? staged.view : staged.proposal;
  return "member" in sender ? sender.member : undefined;
}
