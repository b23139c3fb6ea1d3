import type { Person, RoomState, TimelineEntry } from "../../src/client/contract.js";
import { displayNames } from "../shared/people-names.js";

/** The name of everybody who is named somewhere in a room, as it is shown: who speaks, who did something, who is inside. */
export function namesIn(
  { occupants, me, problem }: RoomState,
  entries: readonly TimelineEntry[],
): ReadonlyMap<string, string> {
  const doers = entries.flatMap(({ content }) => ("by" in content ? [content.by] : []));
  const people: readonly (Person | undefined)[] = [
    problem?.by,
    ...doers,
    ...entries.map(({ sender }) => sender),
    ...occupants,
    me,
  ];
  return displayNames(people.filter((person) => person !== undefined));
}
