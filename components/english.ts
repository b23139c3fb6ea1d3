import { englishProblems } from "./english-problems.js";
import { englishRules, englishRulesForOthers } from "./english-rules.js";
import { englishSpan } from "./english-span.js";
import type { Strings } from "./strings.js";

const others = (who: string, count: number, what: string): string => {
  if (count === 0) return `${who} ${what}`;
  return `${who} and ${count} ${count === 1 ? "other" : "others"} ${what}`;
};

const were = (who: string, count: number): string => (count === 0 && who !== "You" ? "was" : "were");

const tried = {
  message: "tried to write",
  proposal: "tried to have the room changed",
  commit: "tried to change the room",
};

/** Every word of the elements in English. */
export const english: Strings = {
  room: "Chat room",
  loading: "Opening the room…",
  untitled: "Untitled room",

  hostedBy: (host) => `Hosted by ${host}`,
  encryptedAt: (host) => `End-to-end encrypted · ${host}`,
  inside: (count) => (count === 0 ? "Nobody inside yet" : count === 1 ? "1 person inside" : `${count} people inside`),
  facts: {
    lockedDown: "For now only people on the room’s list come in, and only some may write.",
    endToEndEncrypted: "Messages are end-to-end encrypted. The host cannot read them.",
    anyoneMayJoin: "Anyone with the link may join.",
    membersOnly: "Only people on the room’s list may join.",
    fixedMembership: "This room is for the people it was made for, and nobody else.",
    partOfAnotherRoom: "Only people in the room that this one belongs to may join.",
    knockToJoin: "You may ask to be let in.",
    password: "You need the room’s code to come in.",
    publicLink: "There is a link that lets anyone in who has it.",
    discoverable: "This room can be found by searching.",
    moderated: "You can read along; a moderator gives you the right to write.",
    pseudonyms: "Nobody needs an account. Everyone picks a name for this room only.",
    singleDevice: "Each person takes part with one device.",
    deliveryNotificationsRequired: "Others learn when your device has received their messages.",
    readReceiptsRequired: "Others learn when you have read their messages.",
    noHistoryForNewcomers: "You will see messages from when you join. Earlier ones stay private.",
    notLogged: "Nobody is set up to keep a log of this room.",
    persistent: "The room stays open when everyone has left.",
  },
  historyShared: (seconds) => `You may be shown messages of the last ${englishSpan(seconds)}.`,
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
  youToo: "you",
  unsupported: (contentType) => `This message cannot be shown here (${contentType}).`,
  joined: (who, count) => others(who, count, "joined"),
  left: (who, count) => others(who, count, "left"),
  removed: (who, count, banned) => others(who, count, `${were(who, count)} ${banned ? "banned" : "removed"}`),
  removedBy: (who, count, by, banned) => `${by} ${banned ? "banned" : "removed"} ${others(who, count, "")}`.trim(),
  renamed: (who, name) => `${who} renamed the room to “${name}”`,
  roleChanged: (who, from, to, by) => {
    if (to === "owner") return `${by} made ${who} an owner`;
    if (to === "admin") return `${by} made ${who} a moderator`;
    if (from === "visitor") return `${by} gave ${who} voice`;
    const lost = to === "visitor" ? "voice" : from === "owner" ? "an owner’s rights" : "a moderator’s rights";
    return `${by} took ${lost} from ${who}`;
  },
  andMore: (count) => `and ${count} more`,
  policyChanged: (who) => `${who} changed the rules of the room.`,
  lockedDown: (who) => `${who} locked the room down`,
  unlocked: (who) => `${who} ended the lockdown`,
  toldNow: (fact) => `Newcomers are told: “${fact}”`,
  noLonger: (fact) => `Newcomers are no longer told: “${fact}”`,
  refused: (who, what, why) => `${who} ${tried[what]}, which was refused. ${why}`.trim(),
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

  moderate: (who) => `What to do about ${who}`,
  toolsLoading: "Getting the organiser’s tools…",
  toolsFailed:
    "The organiser’s tools did not load. Check your connection and try again; if a newer version of the room is out, reload the page.",
  toolsBlocked:
    "This site’s security policy blocks the organiser’s tools. If it is your site, let “script-src” allow where the room’s script is from.",
  fingerprint: {
    title: "Is this one room?",
    hint: "Compare these numbers with somebody else inside, by phone for instance. If yours are the same, nobody shows you different rooms. They change whenever somebody comes, goes or changes something.",
  },
  acceptance: {
    title: "What I accept",
    hint: "A room that does what is not ticked here is not entered, and is left when it begins to.",
    logging: "Somebody may keep a record of what is said",
    history: "Newcomers may be shown what was said before",
    bots: "Bots may be inside",
    receipts: "Others are told what I received and read",
    pseudonyms: "Others may come under any name",
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

  lockdown: {
    title: "The room is locked down",
    body: "Only people on the list come in, and only people with voice write. An owner ends it.",
  },
  offline: { title: "You are offline", body: "What you write is kept, and sent later." },
  connecting: "Connecting…",
  reconnect: "Connect now",
  retry: "Try again",
  dismiss: "Dismiss",
  reload: "Reload",
  forDevelopers: "For developers",
  problems: englishProblems,
  rules: englishRules,
  rulesForOthers: englishRulesForOthers,

  copyLink: "Copy link",
  copied: "Link copied",
  copyFailed: "Copying did not work. Select the link and copy it.",
  knock: "Ask to join",
};
