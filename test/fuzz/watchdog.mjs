import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

/** So long no case may take, in milliseconds: then it never ends. A busy machine is no reason. */
const LONGEST = 60_000;

const { progress, names, seed } = /** @type {{ progress: Int32Array, names: string[], seed: number }} */ (workerData);
let last = "";
let since = Date.now();

const timer = setInterval(() => {
  const now = `${Atomics.load(progress, 0)} ${Atomics.load(progress, 1)} ${Atomics.load(progress, 2)}`;
  if (now !== last) {
    last = now;
    since = Date.now();
  } else if (Date.now() - since > LONGEST) {
    const name = names[Atomics.load(progress, 0)];
    const at = Atomics.load(progress, 1);
    // a thread's own streams go through the thread that is stuck
    writeSync(2, `${name} (seed ${seed}, case ${at}): does not end\n`);
    writeSync(2, `  npm run fuzz -- --only ${name} --seed ${seed} --at ${at}\n`);
    process.kill(process.pid, "SIGKILL");
  }
}, 1000);

parentPort?.once("message", () => clearInterval(timer));
