/** The provider as an operator runs it, in a process of its own, which a test can kill and start again. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PLENTY = "1000000";

export interface ProviderChildOptions {
  /** Where the database is kept; a new folder unless given. */
  readonly dataDir?: string;
  /** 512-octet blocks that a file of it may have (`ulimit -f`): its disk is full then. */
  readonly fileBlocks?: number;
  /** Variables of docs/operating.md. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A dishonest hub's program: it lets everything pass that the policy forbids. */
  readonly lenient?: boolean;
}

/** A runner that ends while its providers run takes them along. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** One data directory and port, and the process that serves them, if one does. */
export class ProviderChild {
  readonly dataDir: string;
  readonly port: number;
  readonly url: string;
  /** What its processes have printed. */
  output = "";
  readonly #options: ProviderChildOptions;
  readonly #program: string;
  #child: ChildProcess | undefined;
  #exited: Promise<number | string> = Promise.resolve(0);

  private constructor(program: string, dataDir: string, port: number, options: ProviderChildOptions) {
    this.#program = program;
    this.dataDir = dataDir;
    this.port = port;
    this.url = `http://localhost:${port}`;
    this.#options = options;
  }

  /** One that is not started yet. */
  static async create(options: ProviderChildOptions = {}): Promise<ProviderChild> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "mimi-child-")));
    return new ProviderChild(await plainProgram(options.lenient ?? false), dataDir, await freePort(), options);
  }

  /** One that answers. */
  static async start(options: ProviderChildOptions = {}): Promise<ProviderChild> {
    const provider = await ProviderChild.create(options);
    await provider.start();
    return provider;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts the process; resolves when it answers, rejects with what it has printed when it ends instead. */
  async start(): Promise<void> {
    const { fileBlocks, environment } = this.#options;
    const [command, ...words] =
      fileBlocks === undefined
        ? [process.execPath, this.#program]
        : ["/bin/sh", "-c", `ulimit -S -f ${fileBlocks}; exec "$0" "$@"`, process.execPath, this.#program];
    const child = spawn(command ?? "", words, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...unlimited, DEMO: "0", PORT: String(this.port), DATA_DIR: this.dataDir, ...environment },
    });
    this.#child = child;
    running.add(child);
    child.once("exit", () => running.delete(child));
    this.#exited = once(child, "exit").then(([code, signal]: (number | string | null)[]) => signal ?? code ?? 0);
    const before = this.output.length;
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        this.output += chunk.toString();
        if (this.output.includes("Provider ", before)) resolve();
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("close", () => reject(new Error(this.output.slice(before))));
    });
  }

  /** Sends a signal; resolves with the exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals): Promise<number | string> {
    this.#child?.kill(signal);
    return await this.#exited;
  }

  /** The exit code, or the signal that ended the process that runs now, once it has. */
  get exited(): Promise<number | string> {
    return this.#exited;
  }

  /** The lines of the log so far. */
  get lines(): readonly Readonly<Record<string, unknown>>[] {
    const lines = this.output.split("\n").filter((line) => line.startsWith("{"));
    return lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  }

  /** Kills it if it runs, and deletes its data unless they were given. */
  async dispose(): Promise<void> {
    if (this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) {
      await this.end("SIGKILL");
    }
    if (this.#options.dataDir === undefined) await rm(this.dataDir, { recursive: true, force: true });
  }
}

const unlimited = {
  RATE_REQUESTS_PER_MINUTE: PLENTY,
  RATE_REGISTRATIONS_PER_MINUTE: PLENTY,
  RATE_ROOMS_PER_HOUR: PLENTY,
  RATE_MESSAGES_PER_10_SECONDS: PLENTY,
  RATE_UPDATES_PER_10_SECONDS: PLENTY,
};

const programs = new Map<boolean, Promise<string>>();

/** What `npm start` runs without the demo, as one JavaScript file: it starts three times as fast as from TypeScript. */
function plainProgram(lenient: boolean): Promise<string> {
  const program = programs.get(lenient) ?? buildProgram(lenient);
  programs.set(lenient, program);
  return program;
}

async function buildProgram(lenient: boolean): Promise<string> {
  // below the project, where its packages are found
  const outDir = join(root, ".tsbuild", `provider-${process.pid}${lenient ? "-lenient" : ""}`);
  process.once("exit", () => rmSync(outDir, { recursive: true, force: true }));
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    plugins: lenient ? [allowingAll] : [],
    build: {
      ssr: "scripts/start-demo.ts",
      outDir,
      target: "node20",
      rollupOptions: { output: { entryFileNames: "provider.mjs" } },
    },
  });
  return join(outDir, "provider.mjs");
}

const ALLOW_ALL = "\0allow-all";

/** Puts a policy that allows everything in the place of the one that the hub asks. */
const allowingAll: Plugin = {
  name: "mimi-allow-all",
  enforce: "pre",
  resolveId: (source) => (source.endsWith("/policy/authorize.js") ? ALLOW_ALL : undefined),
  load: (id) => (id === ALLOW_ALL ? "export const authorize = () => ({ allowed: true });" : undefined),
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
