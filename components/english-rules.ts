/** What the rules of a room's policy say to the person that they stop, by rule ID (`docs/rules.md`). */
export const englishRules: Readonly<Record<string, string>> = {
  "2.2/banned": "You are banned here.",
  "5.1/not-a-moderator": "Nobody is inside. Only an owner, a moderator or a member can open this room again.",
  "5.1/not-admitted": "Nobody is inside, and you are not on the list of those who can open this room again.",
  "5.1/not-persistent": "This room was closed when everybody left.",
  "5.2/banned": "You are banned here.",
  "5.2/not-a-moderator": "Only an owner or a moderator lets people into this room.",
  "5.2/single-device": "You are in this room with another browser already, and it allows only one.",
  "5.8/last-moderator": "You are the last owner or moderator. Make somebody else one before you leave.",
  "5.9/not-last": "Others are still inside, so the room cannot be closed.",
  "5.10/banned": "You are banned here, so you cannot write.",
  "5.10/no-voice": "You can read along. A moderator gives you the right to write.",
  "hub/barred":
    "The others could not read what this browser changed in the room, so its host lets it change nothing more for an hour.",
  "identity/changed": "Somebody you know by this name came with another key. That is not safe.",
};
