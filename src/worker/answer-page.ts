import { problemOf } from "../engine/engine-problem.js";
import type { PageApi, PageCall, PageCallName, PageCallResult, WorkerMessage } from "./page-call.js";

/**
 * Carries out a call of the page and answers it. What goes wrong is an outcome, not an exception; so is an answer that
 * cannot be sent.
 */
export async function answerPage(
  seat: PageApi,
  { id, name, parameters }: PageCall,
  post: (message: WorkerMessage) => void,
): Promise<void> {
  try {
    const value: PageCallResult<PageCallName> = await Reflect.apply(seat[name], seat, parameters);
    post({ kind: "answer", id, outcome: { ok: true, value } });
  } catch (error) {
    post({ kind: "answer", id, outcome: { ok: false, problem: problemOf(error) } });
  }
}
