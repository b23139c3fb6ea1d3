import type { PolicyFact, TimelineEntry } from "../../src/client/contract.js";
import type { Strings } from "../strings.js";
import { factText } from "./fact-text.js";

/** More statements of one change than this are counted, and not told in one line. */
const MOST = 3;

/** What a room is anyhow while it is locked down; that it takes no knocks goes without saying too. */
const BY_LOCKDOWN: readonly PolicyFact["kind"][] = ["lockedDown", "membersOnly", "moderated", "knockToJoin"];

const LOGGING: readonly PolicyFact["kind"][] = ["logged", "notLogged"];

type Effects = Extract<TimelineEntry["content"], { kind: "policyChanged" }>["effects"];

/** What `who` did to the rules of a room, in sentences; a lockdown by itself is one without a full stop. */
export function policyChangeText(effects: Effects, who: string, strings: Strings): string {
  const begins = effects.some(({ after }) => after?.kind === "lockedDown");
  const ends = effects.some(({ before }) => before?.kind === "lockedDown");
  // What comes back when a lockdown ends is told: whether it was so before is not known here.
  const implied = begins ? BY_LOCKDOWN : BY_LOCKDOWN.slice(0, 1);
  const rest = effects.filter((effect) => !isOf(implied, effect));
  const lockdown = begins ? strings.lockedDown(who) : ends ? strings.unlocked(who) : undefined;
  if (lockdown !== undefined && rest.length === 0) return lockdown;

  // Who keeps a record is never among what is only counted.
  const ordered = [...rest.filter((effect) => isOf(LOGGING, effect)), ...rest.filter((one) => !isOf(LOGGING, one))];
  const told = ordered.slice(0, MOST).map((effect) => statement(effect, strings));
  const more = ordered.length > MOST ? [strings.andMore(ordered.length - MOST)] : [];
  return [lockdown === undefined ? strings.policyChanged(who) : `${lockdown}.`, ...told, ...more].join(" ");
}

function isOf(kinds: readonly PolicyFact["kind"][], { before, after }: Effects[number]): boolean {
  const fact = after ?? before;
  return fact !== undefined && kinds.includes(fact.kind);
}

/** What takes another's place says by itself that the other holds no longer. */
function statement({ before, after }: Effects[number], strings: Strings): string {
  if (after !== undefined) return strings.toldNow(factText(after, strings));
  return before === undefined ? "" : strings.noLonger(factText(before, strings));
}
