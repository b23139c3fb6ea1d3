import type { Person, TimelineEntry } from "../../src/client/contract.js";
import type { Strings } from "../strings.js";
import { policyChangeText } from "./policy-change-text.js";

type Content = TimelineEntry["content"];
export type NoticeContent = Exclude<Content, { kind: "text" | "unsupported" }>;

type Sender = TimelineEntry["sender"];

/** How people are named, and who reads it. */
export interface Naming {
  readonly names: ReadonlyMap<string, string>;
  /** The own user's URI. */
  readonly self: string | undefined;
  readonly strings: Strings;
}

/** What an entry says that is no message, in a sentence; those told in one line are all of a kind. */
export function noticeText(content: NoticeContent, people: readonly Sender[], naming: Naming): string {
  const { strings } = naming;
  const subject = nameOf(people[0], naming, strings.you);
  const object = nameOf(people[0], naming, strings.youToo);
  const others = new Set(people.map(({ userUri }) => userUri)).size - 1;
  switch (content.kind) {
    // Whoever's event it stands at, it is the host that did it.
    case "restored":
    case "diverged":
      return strings[content.kind];
    case "joined":
    case "left":
      return strings[content.kind](subject, others);
    case "removed":
      if (content.by === undefined) return strings.removed(subject, others, content.banned ?? false);
      return strings.removedBy(object, others, nameOf(content.by, naming, strings.you), content.banned ?? false);
    case "renamed":
      return strings.renamed(subject, content.name || strings.untitled);
    case "roleChanged":
      return strings.roleChanged(object, content.from, content.to, nameOf(content.by, naming, strings.you));
    case "policyChanged":
      return policyChangeText(content.effects, subject, strings);
    case "refused":
      return strings.refused(
        subject,
        content.what,
        strings.rulesForOthers[content.rule] ?? strings.rules[content.rule] ?? "",
      );
  }
}

/** What a provider sends is signed with its own URI, which has nothing after the domain. */
function hostOf(uri: string): string | undefined {
  return /^mimi:\/\/([^/]+)$/u.exec(uri)?.[1];
}

function nameOf(person: Person | Sender | undefined, { names, self }: Naming, you: string): string {
  if (person === undefined) return "";
  const own = person.userUri === self || ("own" in person && person.own);
  return own ? you : (hostOf(person.userUri) ?? names.get(person.userUri) ?? person.nickname);
}
