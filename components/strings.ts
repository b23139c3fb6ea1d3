import type { PolicyFact, ProblemCode, RoleName } from "../src/client/contract.js";
import { englishProblems, type ProblemText } from "./english-problems.js";
import { englishRules } from "./english-rules.js";

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
  readonly historyShared: (days: number) => string;
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
  readonly unsupported: (contentType: string) => string;
  readonly joined: (who: string, others: number) => string;
  readonly left: (who: string, others: number) => string;
  readonly removed: (who: string, others: number) => string;
  readonly renamed: (who: string, name: string) => string;
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

  readonly copyLink: string;
  readonly copied: string;
  readonly copyFailed: string;
  readonly knock: string;
}

const others = (who: string, count: number, what: string): string => {
  if (count === 0) return `${who} ${what}`;
  return `${who} and ${count} ${count === 1 ? "other" : "others"} ${what}`;
};

export const english: Strings = {
  room: "Chat room",
  loading: "Opening the room…",
  untitled: "Untitled room",

  hostedBy: (host) => `Hosted by ${host}`,
  encryptedAt: (host) => `End-to-end encrypted · ${host}`,
  inside: (count) => (count === 0 ? "Nobody inside yet" : count === 1 ? "1 person inside" : `${count} people inside`),
  facts: {
    endToEndEncrypted: "Messages are end-to-end encrypted. The host cannot read them.",
    anyoneMayJoin: "Anyone with the link may join.",
    membersOnly: "Only people on the room’s list may join.",
    knockToJoin: "You may ask to be let in.",
    moderated: "You can read along; a moderator gives you the right to write.",
    pseudonyms: "Nobody needs an account. Everyone picks a name for this room only.",
    noHistoryForNewcomers: "You will see messages from when you join. Earlier ones stay private.",
    notLogged: "Nobody is set up to keep a log of this room.",
    persistent: "The room stays open when everyone has left.",
  },
  historyShared: (days) => `You may be shown messages of the last ${days === 1 ? "day" : `${days} days`}.`,
  loggedBy: (who) => `This room is logged by ${who}.`,
  loggingPolicy: "What is kept",
  bots: (who) => `Bots in this room: ${who}.`,
  nickname: "Your name in this room",
  nicknameHint: "Everyone inside sees it, and so does the host.",
  nicknameMissing: "Type a name first. Any name will do.",
  nicknameTooLong: "That name is too long: 80 characters at most.",
  join: "Join the room",
  joining: "Joining…",

  messages: "Messages",
  empty: "It is quiet in here",
  emptyHint: "Say hello. Whoever is inside can read it, and nobody else.",
  olderLoading: "Loading earlier messages…",
  newMessages: "New messages",
  jumpToLatest: "Jump to the latest message",
  jumpToNew: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
  today: "Today",
  yesterday: "Yesterday",
  justNow: "just now",
  you: "You",
  unsupported: (contentType) => `This message cannot be shown here (${contentType}).`,
  joined: (who, count) => others(who, count, "joined"),
  left: (who, count) => others(who, count, "left"),
  removed: (who, count) => others(who, count, count === 0 ? "was removed" : "were removed"),
  renamed: (who, name) => `${who} renamed the room to “${name}”`,
  restored:
    "The host of this room went back to an earlier copy. What others said just above may be missing for newcomers; your own recent messages are sent again.",
  diverged:
    "It looks as if the host of this room does not show everybody the same messages: some may be missing, or in another order.",
  status: { waiting: "Waiting for a connection", sending: "Sending", sent: "Sent", failed: "Not sent" },
  retrySend: "Try again",
  discard: "Discard",
  announce: (who, text) => `${who}: ${text}`,
  announceMany: (count) => `${count} new messages`,
  done: "done",
  notDone: "to do",
  picture: "picture",

  compose: "Message",
  composeHint: "Write a message",
  composeOffline: "Write now, it is sent later",
  tooLong: (excess) => `${excess} characters too long`,
  send: "Send",
  maySendNot: "You can read along, but not write here.",

  people: "People",
  showPeople: (count) => `Show people (${count})`,
  hidePeople: "Hide people",
  devices: (count) => `${count} devices`,
  roles: {
    system: "System",
    owner: "Owner",
    admin: "Moderator",
    regular_user: "",
    visitor: "Reading",
    banned: "Banned",
  },

  rename: "Rename the room",
  roomName: "Name of this room",
  save: "Save",
  cancel: "Cancel",

  leave: "Leave",
  leaveAsk: "Leave this room?",
  leaveConfirm: "Leave",
  stay: "Stay",
  leftTitle: "You left the room",
  leftBody: "The messages below stay until you close this page.",
  rejoin: "Join again",

  offline: { title: "You are offline", body: "What you write is kept, and sent later." },
  connecting: "Connecting…",
  reconnect: "Connect now",
  retry: "Try again",
  dismiss: "Dismiss",
  reload: "Reload",
  forDevelopers: "For developers",
  problems: englishProblems,
  rules: englishRules,

  copyLink: "Copy link",
  copied: "Link copied",
  copyFailed: "Copying did not work. Select the link and copy it.",
  knock: "Ask to join",
};

/** English, with what a site put in its place. */
export function stringsWith(overrides: Partial<Strings> | undefined): Strings {
  return overrides === undefined ? english : { ...english, ...overrides };
}
