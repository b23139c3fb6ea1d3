import type { Acceptance, PolicyFact, ProblemCode, RoleName } from "../src/client/contract.js";
import { english } from "./english.js";
import type { ProblemText } from "./english-problems.js";
import type { OrganiserStrings } from "./organiser/organiser-strings.js";

type Wordless = Exclude<PolicyFact["kind"], "historyShared" | "logged" | "bots">;

/**
 * Every word of the elements. A site that speaks another language sets the `strings` property of an element to those
 * that it translates; the rest stays English.
 */
export interface Strings {
  readonly room: string;
  readonly loading: string;
  readonly untitled: string;

  readonly hostedBy: (host: string) => string;
  readonly encryptedAt: (host: string) => string;
  readonly inside: (count: number) => string;
  readonly facts: Readonly<Record<Wordless, string>>;
  /** How far back newcomers may be shown what was said, in seconds. */
  readonly historyShared: (seconds: number) => string;
  readonly loggedBy: (who: string) => string;
  readonly loggingPolicy: string;
  readonly bots: (who: string) => string;
  readonly nickname: string;
  readonly nicknameHint: string;
  readonly nicknameMissing: string;
  readonly nicknameTooLong: string;
  readonly join: string;
  readonly joining: string;

  readonly messages: string;
  readonly empty: string;
  readonly emptyHint: string;
  readonly olderLoading: string;
  readonly newMessages: string;
  readonly jumpToLatest: string;
  readonly jumpToNew: (count: number) => string;
  readonly today: string;
  readonly yesterday: string;
  readonly justNow: string;
  readonly you: string;
  /** The same in the place of an object: somebody removed *you*. */
  readonly youToo: string;
  readonly unsupported: (contentType: string) => string;
  readonly joined: (who: string, others: number) => string;
  readonly left: (who: string, others: number) => string;
  /** Nobody knows by whom. */
  readonly removed: (who: string, others: number, banned: boolean) => string;
  /** `who` is the object here: it may be {@link youToo}. */
  readonly removedBy: (who: string, others: number, by: string, banned: boolean) => string;
  readonly renamed: (who: string, name: string) => string;
  /** `who` is the object here: it may be {@link youToo}. */
  readonly roleChanged: (who: string, from: RoleName, to: RoleName, by: string) => string;
  readonly policyChanged: (who: string) => string;
  /** Ends a list, or a line, of which the rest is not shown. */
  readonly andMore: (count: number) => string;
  readonly lockedDown: (who: string) => string;
  readonly unlocked: (who: string) => string;
  /** Of a statement about the room that is new, or that does not hold any more. */
  readonly toldNow: (fact: string) => string;
  readonly noLonger: (fact: string) => string;
  /** Somebody tried what the room's rules forbid; `why` is a sentence, or nothing. */
  readonly refused: (who: string, what: "commit" | "proposal" | "message", why: string) => string;
  readonly restored: string;
  readonly diverged: string;
  readonly status: Readonly<Record<"waiting" | "sending" | "sent" | "failed", string>>;
  readonly retrySend: string;
  readonly discard: string;
  readonly announce: (who: string, text: string) => string;
  readonly announceMany: (count: number) => string;
  readonly done: string;
  readonly notDone: string;
  readonly picture: string;

  readonly compose: string;
  readonly composeHint: string;
  readonly composeOffline: string;
  readonly tooLong: (excess: number) => string;
  readonly send: string;
  readonly maySendNot: string;

  readonly people: string;
  readonly showPeople: (count: number) => string;
  readonly hidePeople: string;
  readonly devices: (count: number) => string;
  readonly roles: Readonly<Record<RoleName, string>>;

  /** Opens what an organiser can do to somebody. */
  readonly moderate: (who: string) => string;
  readonly toolsLoading: string;
  readonly toolsFailed: string;
  readonly toolsBlocked: string;
  /** Words of the organisers' tools, which bring their own. */
  readonly organiser?: Partial<OrganiserStrings>;
  readonly fingerprint: { readonly title: string; readonly hint: string };
  readonly acceptance: Readonly<Record<keyof Acceptance | "title" | "hint", string>>;

  readonly rename: string;
  readonly roomName: string;
  readonly save: string;
  readonly cancel: string;

  readonly leave: string;
  readonly leaveAsk: string;
  readonly leaveConfirm: string;
  readonly stay: string;
  readonly leftTitle: string;
  readonly leftBody: string;
  readonly rejoin: string;

  readonly lockdown: ProblemText;
  readonly offline: ProblemText;
  readonly connecting: string;
  readonly reconnect: string;
  readonly retry: string;
  readonly dismiss: string;
  /** Reloads the page: a newer version of the room wants it. */
  readonly reload: string;
  readonly forDevelopers: string;
  readonly problems: Readonly<Record<ProblemCode, ProblemText>>;
  /** Sentences for the rules of the room's policy, by rule ID (`docs/rules.md`). */
  readonly rules: Readonly<Record<string, string>>;
  /** The same of somebody else whom a rule stopped, where it is said in other words. */
  readonly rulesForOthers: Readonly<Record<string, string>>;

  readonly copyLink: string;
  readonly copied: string;
  readonly copyFailed: string;
  readonly knock: string;
}

/** English, with what a site put in its place. */
export function stringsWith(overrides: Partial<Strings> | undefined): Strings {
  return overrides === undefined ? english : { ...english, ...overrides };
}
