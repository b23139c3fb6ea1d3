import type { ProblemCode } from "../src/client/contract.js";

/** What is shown for a {@link ProblemCode}: what happened, and what one can do about it. */
export interface ProblemText {
  readonly title: string;
  readonly body: string;
}

/** Every problem in English. */
export const englishProblems: Readonly<Record<ProblemCode, ProblemText>> = {
  unreachable: {
    title: "The room cannot be reached",
    body: "Its host does not answer. Check your connection, then try again.",
  },
  noSuchRoom: {
    title: "There is no room here",
    body: "It may have been closed, or the link is incomplete. Ask whoever sent you here.",
  },
  roomLost: {
    title: "The host lost this room",
    body: "It went back to an earlier copy that the room is not in. What you see here stays in this browser.",
  },
  newcomers: {
    title: "The host lost this message",
    body: "People are here who were not when you wrote it. Try again if they may read it.",
  },
  originNotAllowed: {
    title: "This room does not open on this site",
    body: "Its owner allows it on other sites only. If this is your site, add it to the room’s list of sites.",
  },
  notAllowed: { title: "You cannot do this here", body: "The room’s rules do not allow it." },
  notAccepted: {
    title: "You do not accept this room’s rules",
    body: "Change what you accept if you want to be in it all the same.",
  },
  banned: {
    title: "You are banned from this room",
    body: "Its owner or a moderator decided that you cannot come in.",
  },
  removed: { title: "You were removed from the room", body: "The messages below stay until you close this page." },
  rateLimited: { title: "That was a little fast", body: "The host asks you to wait a moment before trying again." },
  roomFull: { title: "The room is full", body: "Try again when somebody has left." },
  policyChanged: {
    title: "The room’s rules are not those you saw",
    body: "They changed meanwhile. Try again to read them, then join.",
  },
  unsupportedBrowser: {
    title: "This browser is too old for encrypted rooms",
    body: "Update it, or open this page in a current Chrome, Edge, Firefox or Safari.",
  },
  insecureContext: {
    title: "This page is not secure",
    body: "Encryption works on https:// pages only. Open this page with https.",
  },
  workerBlocked: {
    title: "The room could not start on this site",
    body: "The site’s security policy blocks it. If this is your site, allow “worker-src blob:”, or set worker-src.",
  },
  storageUnavailable: {
    title: "This browser keeps no data for this site",
    body: "The room needs storage for its keys. Leave private browsing or allow site data, then try again.",
  },
  storageFull: {
    title: "There is no room left on this device",
    body: "Nothing was lost. Free some space, and the room goes on; until then it keeps nothing new.",
  },
  storageCleared: {
    title: "This site’s data was deleted",
    body: "This browser’s key to the room was part of it. Join again to come back in; what was said stays here to be read until you close this page.",
  },
  superseded: {
    title: "The room is open in another tab",
    body: "Go on there, or try again to use it here.",
  },
  outdated: {
    title: "This page is out of date",
    body: "A newer version of the room is open in another tab. Reload this page to go on here; nothing is lost.",
  },
  invalidAddress: {
    title: "This room’s address is not right",
    body: "The provider or room given by the page cannot be understood. Check the link.",
  },
  invalidNickname: { title: "That name does not work", body: "Use 1 to 80 characters." },
  invalidRoomName: { title: "That name does not work", body: "Use 1 to 200 characters." },
  invalidKit: {
    title: "That recovery kit does not open",
    body: "The passphrase is wrong, or the file is not a recovery kit.",
  },
  tooLarge: { title: "That is too long", body: "Shorten it. A message can be sent in parts." },
  providerFault: { title: "The host has a problem", body: "It is not your fault. Try again in a moment." },
  outOfSync: {
    title: "This browser lost its place in the room",
    body: "Try again to come back in. Messages sent meanwhile may be missing.",
  },
  internal: { title: "Something went wrong", body: "Try again. If it happens again, reload the page." },
};
