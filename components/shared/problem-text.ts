import type { Problem } from "../../src/client/contract.js";
import type { ProblemText } from "../english-problems.js";
import type { Strings } from "../strings.js";

/** What a problem is called here: its own sentence, with the rule's where a rule said no. `names`: how people are shown. */
export function problemText(problem: Problem, strings: Strings, names?: ReadonlyMap<string, string>): ProblemText {
  const text = strings.problems[problem.code] ?? strings.problems.internal;
  const rule = problem.rule === undefined ? undefined : strings.rules[problem.rule];
  const { by, code } = problem;
  const body = rule ?? text.body;
  if (by === undefined) return { title: text.title, body };
  const name = names?.get(by.userUri) ?? by.nickname;
  return { title: strings.removedBy(strings.youToo, 0, name, code === "banned"), body };
}

/** A problem as one sentence. */
export function problemSentence(problem: Problem, strings: Strings): string {
  const { title, body } = problemText(problem, strings);
  return `${title}. ${body}`;
}

/** Whether nothing can be kept here: looking for a network does not help, and what is written now is not sent later. */
export function keepsNothing(problem: Problem | undefined): boolean {
  return problem?.code === "storageFull" || problem?.code === "storageUnavailable";
}
