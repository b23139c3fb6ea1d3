import type { RoleName, SettingValues } from "../../src/client/contract.js";
import { englishSpan } from "../english-span.js";
import type { ConfirmedDeed, PersonDeed } from "./person-deeds.js";

/** A thing that can be done to somebody. */
interface DeedWords {
  readonly label: string;
  /** What it does. */
  readonly means: string;
  /** Told when it is done. */
  readonly done: (who: string) => string;
}

type Optionality = SettingValues["readReceipts"];

/** The words of the organisers' tools, which come with their file. A site puts others into `strings.organiser`. */
export interface OrganiserStrings {
  readonly rules: string;
  readonly banned: (count: number) => string;
  readonly lockDown: string;
  readonly unlock: string;
  readonly lockedDown: string;
  readonly unlocked: string;
  readonly back: string;
  readonly undo: string;
  readonly working: string;

  readonly deeds: Readonly<Record<PersonDeed, DeedWords>>;
  readonly asks: Readonly<Record<ConfirmedDeed, (who: string) => string>>;
  readonly nothingToDo: string;
  readonly undone: (who: string) => string;

  readonly bannedTitle: string;
  readonly nobodyBanned: string;

  readonly settings: Readonly<Record<keyof SettingValues, string>>;
  readonly styles: Readonly<Record<SettingValues["membershipStyle"], string>>;
  readonly optionality: Readonly<Record<Optionality, string>>;
  readonly yes: string;
  readonly no: string;
  readonly history: (seconds: number | null) => string;
  readonly onePerLine: string;
  readonly fixed: string;
  readonly fixedByLockdown: string;
  readonly review: string;
  readonly noChange: string;
  readonly reviewTitle: string;
  readonly noEffect: string;
  readonly changedMeanwhile: string;
  readonly backToForm: string;
  readonly save: string;
  readonly saving: string;
  readonly saved: string;

  readonly names: (names: readonly string[]) => string;
  readonly removed: (who: string, count: number) => string;
  readonly losesDevices: (who: string, count: number) => string;
  readonly losesVoice: (who: string, count: number) => string;
  readonly gainsVoice: (who: string, count: number) => string;
  readonly becomes: (who: string, role: RoleName) => string;
}

/** More people than this are told as a number. */
const MOST = 5;

const roles: Readonly<Record<RoleName, string>> = {
  system: "a part of the system",
  owner: "an owner",
  admin: "a moderator",
  regular_user: "somebody who may write",
  visitor: "somebody who reads along",
  banned: "banned",
};

const english: OrganiserStrings = {
  rules: "Rules",
  banned: (count) => (count === 0 ? "Banned" : `Banned (${count})`),
  lockDown: "Lock down",
  unlock: "End lockdown",
  lockedDown: "The room is locked down.",
  unlocked: "The lockdown is over. All is as it was before.",
  back: "Back to the people",
  undo: "Undo",
  working: "One moment…",

  deeds: {
    giveVoice: {
      label: "Give voice",
      means: "May write here from now on.",
      done: (who) => `${who} may write now.`,
    },
    takeVoice: {
      label: "Take voice",
      means: "Reads along, and cannot write.",
      done: (who) => `${who} can only read now.`,
    },
    makeAdmin: {
      label: "Make moderator",
      means: "May give voice, remove people and ban them.",
      done: (who) => `${who} is a moderator now.`,
    },
    makeOwner: {
      label: "Make owner",
      means: "May do everything here that you may, also to you.",
      done: (who) => `${who} is an owner now.`,
    },
    demote: {
      label: "Take rights back",
      means: "Stays, and may write like everybody.",
      done: (who) => `${who} has no special rights any more.`,
    },
    kick: {
      label: "Remove",
      means: "Out now, with all devices. Can come back where the rules let them in.",
      done: (who) => `${who} was removed.`,
    },
    ban: {
      label: "Ban",
      means: "Out now, with all devices, and cannot come back.",
      done: (who) => `${who} is banned.`,
    },
    unban: {
      label: "Unban",
      means: "May come back like anybody else.",
      done: (who) => `${who} is not banned any more.`,
    },
  },
  asks: {
    makeOwner: (who) => `Make ${who} an owner?`,
    kick: (who) => `Remove ${who}?`,
    ban: (who) => `Ban ${who}?`,
  },
  nothingToDo: "There is nothing that you may change about this person.",
  undone: (who) => `Undone: ${who} is what they were before.`,

  bannedTitle: "Banned",
  nobodyBanned: "Nobody is banned here.",

  settings: {
    name: "Name of the room",
    lockdown: "Locked down",
    membershipStyle: "Who may join",
    knockAllowed: "Others may ask to be let in",
    moderated: "Only people with voice may write",
    multiDevice: "People may come with several devices",
    pseudonymousIds: "Everybody may pick a name, without an account",
    discoverable: "The room may be listed for others to find",
    persistentRoom: "The room stays when everybody has left",
    deliveryNotifications: "Whether a message arrived",
    readReceipts: "Whether a message was read",
    historySeconds: "Earlier messages for newcomers",
    loggingClients: "Who keeps a record (addresses of clients)",
    loggingPolicy: "Where people read what happens to the record",
  },
  styles: {
    open: "Anyone with the link",
    members_only: "Only people on the list",
    fixed_membership: "Nobody but those it was made for",
    parent_dependent: "Whoever is in the room above it",
  },
  optionality: { optional: "Is told by those who want", required: "Has to be told", forbidden: "Is not told" },
  yes: "Yes",
  no: "No",
  history: (seconds) => (seconds === null ? "None" : `Of the last ${englishSpan(seconds)}`),
  onePerLine: "One address a line. Nobody listed: no record.",
  fixed: "What you cannot change:",
  fixedByLockdown: "What stays as it is during the lockdown:",
  review: "See what this does",
  noChange: "Nothing is changed yet.",
  reviewTitle: "What this does",
  noEffect: "Nobody who is inside notices a difference.",
  changedMeanwhile: "The room changed meanwhile. This is what your change does now.",
  backToForm: "Go on editing",
  save: "Save the rules",
  saving: "Saving…",
  saved: "The rules are changed.",

  names: (names) => {
    const shown = names.length > MOST ? names.slice(0, MOST - 1) : names;
    const more = names.length - shown.length;
    const [last = "", ...rest] = [...shown, ...(more > 0 ? [`${more} others`] : [])].reverse();
    return rest.length === 0 ? last : `${rest.reverse().join(", ")} and ${last}`;
  },
  removed: (who, count) => `${who} ${count === 1 ? "is" : "are"} taken out of the room.`,
  losesDevices: (who) => `Some of the devices of ${who} are taken out of the room.`,
  losesVoice: (who) => `${who} can only read from now on.`,
  gainsVoice: (who) => `${who} may write from now on.`,
  becomes: (who, role) => `${who} becomes ${roles[role]}.`,
};

/** English, with what a site put in its place. */
export function organiserWords(overrides: Partial<OrganiserStrings> | undefined): OrganiserStrings {
  return overrides === undefined ? english : { ...english, ...overrides };
}
