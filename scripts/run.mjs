import { spawn } from "node:child_process";

/**
 * @typedef {object} Outcome
 * @property {number} code the exit code; 124 when the time was up, 1 when a signal ended it
 * @property {number} seconds
 * @property {string} output both streams, in order; empty unless captured
 */

/**
 * Runs a program to its end, and ends it and all that it started when its time is up.
 * @param {string[]} command
 * @param {{ seconds: number, grace?: number, env?: Record<string, string | undefined>, capture?: boolean }} options `grace`: how
 * many seconds it has to close its browsers, which are in process groups of their own
 * @returns {Promise<Outcome>}
 */
export function run([program = "", ...args], { seconds, grace = 5, env = {}, capture = false }) {
  const started = performance.now();
  const grouped = process.platform !== "win32";
  const child = spawn(program, args, {
    stdio: capture ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
    detached: grouped,
  });
  let output = "";
  let late = false;
  child.stdout?.on("data", (chunk) => (output += chunk));
  child.stderr?.on("data", (chunk) => (output += chunk));

  /** @param {NodeJS.Signals} signal */
  const end = (signal) => {
    if (child.pid === undefined) return;
    try {
      process.kill(grouped ? -child.pid : child.pid, signal);
    } catch {
      // It and its children are gone already.
    }
  };
  /** @type {NodeJS.Timeout | undefined} */
  let kill;
  const timer = setTimeout(() => {
    late = true;
    end("SIGTERM");
    kill = setTimeout(end, grace * 1000, "SIGKILL");
  }, seconds * 1000);
  /** @param {NodeJS.Signals} signal */
  const stop = (signal) => {
    end(signal);
    process.exit(130);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);

  return new Promise((resolve) => {
    /** @param {number} code */
    const settle = (code) => {
      clearTimeout(timer);
      clearTimeout(kill);
      process.removeListener("SIGINT", stop).removeListener("SIGTERM", stop);
      resolve({ code: late ? 124 : code, seconds: (performance.now() - started) / 1000, output });
    };
    child.on("error", (error) => {
      output += error.message;
      settle(127);
    });
    child.on("close", (code) => {
      // A program that crashed may leave a browser behind.
      end("SIGKILL");
      settle(code ?? 1);
    });
  });
}
