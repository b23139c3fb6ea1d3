import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { run } from "../../scripts/run.mjs";

const node = (program: string): string[] => [process.execPath, "--input-type=module", "--eval", program];

describe("run", () => {
  it("gives the exit code and, when asked, what was printed", async () => {
    const { code, output } = await run(node("console.log('said'); process.exit(3);"), { seconds: 30, capture: true });
    assert.deepEqual([code, output], [3, "said\n"]);
  });

  it("passes the environment on", async () => {
    const command = node("process.exit(Number(process.env.MIMI_PLANTED));");
    assert.equal((await run(command, { seconds: 30, env: { MIMI_PLANTED: "5" }, capture: true })).code, 5);
  });

  it("ends a program whose time is up, and what it started", async () => {
    // The grandchild holds the same output open: run() could not come to an end while it lives.
    const program = `
      import { spawn } from "node:child_process";
      process.on("SIGTERM", () => {});
      spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
      setInterval(() => {}, 1000);`;
    const { code } = await run(node(program), { seconds: 1, grace: 0.5, capture: true });
    assert.equal(code, 124);
  });

  it("fails a program that is not there", async () => {
    assert.equal((await run(["mimi-no-such-program"], { seconds: 30, capture: true })).code, 127);
  });
});
