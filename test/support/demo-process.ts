/** What `npm start` runs, as a process of its own that a test can stop and start again. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The addresses that it prints. */
export interface Addresses {
  readonly site: string;
  readonly room: string;
  readonly organiser: string;
  readonly provider: string;
}

export interface DemoProcess {
  /** Starts it; resolves with what it prints. The addresses are the same every time. */
  start(): Promise<Addresses>;
  /** Interrupts it as Ctrl-C does; resolves with its exit code. */
  interrupt(): Promise<number | null>;
  /** Ends it if it runs, and deletes its data. */
  dispose(): Promise<void>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A demo with a data directory and ports of its own; not started yet. */
export async function newDemoProcess(): Promise<DemoProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), "mimi-demo-"));
  const port = await freePorts();
  let child: ChildProcess | undefined;

  const interrupt = async (): Promise<number | null> => {
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => child?.once("exit", resolve));
    child.kill("SIGINT");
    return gone;
  };

  return {
    start() {
      child = spawn(process.execPath, ["--import", "tsx", "scripts/start-demo.ts"], {
        cwd: root,
        stdio: ["ignore", "pipe", "inherit"],
        env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: "error" },
      });
      return addressesOf(child);
    },
    interrupt,
    async dispose() {
      await interrupt();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Reads the addresses from what the process prints. Rejects when it ends instead. */
function addressesOf(child: ChildProcess): Promise<Addresses> {
  return new Promise((resolve, reject) => {
    let printed = "";
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${printed}`)));
    child.stdout?.on("data", (chunk) => {
      printed += chunk;
      const address = (label: string): string | undefined => new RegExp(`${label}\\s+(http\\S+)`).exec(printed)?.[1];
      const [site, room] = [address("site with a room"), address("own page")];
      const [organiser, provider] = [address("organiser"), address("another room")];
      if (site && room && organiser && provider) resolve({ site, room, organiser, provider });
    });
  });
}

/** A free port whose successor is free, too: the demo's site takes the one after the provider's. */
async function freePorts(): Promise<number> {
  for (;;) {
    const first = createServer();
    const port = await listen(first, 0);
    const second = createServer();
    const next = await listen(second, port + 1).catch(() => undefined);
    await Promise.all([first, second].map((server) => new Promise((resolve) => server.close(resolve))));
    if (next !== undefined) return port;
  }
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
