import type { Rule } from "../../../src/policy/rule.js";

const BY_MLS = "MLS itself refuses it before policy is asked: ";

/** Rules that no dishonest member can be refused by, and why: policy has them all the same, for whoever puts another layer beneath it. */
export const UNREACHABLE_RULES: Partial<Record<Rule, string>> = {
  "5.2/parent-dependent": "no parent-dependent room can be made",
  "5.4/external-init": `${BY_MLS}an external commit has exactly one ExternalInit, and nothing else has one`,
  "5.4/parent-dependent": "no parent-dependent room can be made",
  "5.4/proposal": `${BY_MLS}a joiner's commit carries nothing else`,
  "5.4/remove-other": `${BY_MLS}a joiner replaces a leaf of the same user and key only`,
  "5.4/sender": `${BY_MLS}commits are members' and joiners'`,
  "5.7/last-client": `${BY_MLS}nobody commits its own removal, and a joiner is one itself`,
  "5.7/sender": `${BY_MLS}a SelfRemove names nobody, and newcomers propose Adds only`,
  "5.10/banned":
    "whoever is banned is removed by the commit that bans (5.11/banned-occupant), and a new room has its creator only",
  "5.11/extension-twice": `${BY_MLS}a GroupContext has no extension twice`,
  "5.12/unknown": `${BY_MLS}a proposal of an unknown type cannot be read`,
  "5.12/update": `${BY_MLS}an Update is of its sender's leaf`,
  "identity/changed": `${BY_MLS}a leaf's successor has the same client and user key`,
  "identity/conflicting-keys": `${BY_MLS}a guest's user ID is the hash of its key`,
  "identity/duplicate-client": `${BY_MLS}a client stands in one leaf`,
};
