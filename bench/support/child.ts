/** Processes of their own for what is measured, and how they are spoken to: one question, one answer, over IPC. */
import { type ChildProcess, fork } from "node:child_process";

/** The processor time and memory that a process has used. */
export interface Usage {
  /** Seconds, user and system. */
  readonly cpu: number;
  /** MiB resident. */
  readonly memory: number;
}

export interface Child {
  ask<Answer>(question: object): Promise<Answer>;
  /** Asks it to end. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

/** Starts a module as a process. */
export function startChild(module: URL): Child {
  const child: ChildProcess = fork(module, { execArgv: ["--import", "tsx"] });
  const waiting = new Map<number, { resolve(answer: never): void; reject(fault: Error): void }>();
  let last = 0;
  child.on("message", ({ id, answer, fault }: { id: number; answer?: never; fault?: string }) => {
    const question = waiting.get(id);
    waiting.delete(id);
    if (fault === undefined) question?.resolve(answer as never);
    else question?.reject(new Error(`${module.pathname}: ${fault}`));
  });
  child.on("exit", (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${module.pathname} ended with ${code}`));
  });
  const end = (signal: "SIGTERM" | "SIGKILL"): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once("exit", () => resolve());
      child.kill(signal);
    });
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        child.send({ id: last, question });
      }),
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** Answers the questions of the parent process, in a child. */
export function answerParent<Question>(answer: (question: Question) => unknown): void {
  process.on("message", async ({ id, question }: { id: number; question: Question }) => {
    try {
      process.send?.({ id, answer: await answer(question) });
    } catch (fault) {
      process.send?.({ id, fault: String(fault) });
    }
  });
  process.on("disconnect", () => process.exit(0));
}

/** What this process has used so far. */
export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, memory: process.memoryUsage.rss() / 2 ** 20 };
}

/** Milliseconds on a clock that all processes of this machine share. */
export const now = (): number => performance.timeOrigin + performance.now();
