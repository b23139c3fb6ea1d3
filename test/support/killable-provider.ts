/** A provider in a process of its own, as a test in a browser has it: over the test runner, which holds the process. */
export interface KillableProvider {
  /** Where it is reached; the same after every start. */
  readonly url: string;
  /** Ends it as `kill -9` does. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it on what the last one left. Resolves when it answers. */
  start(): Promise<void>;
  /** Writes a backup, while it runs. One at a time: the next takes its place. */
  backUp(): Promise<void>;
  /** Puts the backup in the place of its database. It must not run. */
  restore(): Promise<void>;
  /** What stands in the log of all rooms: room, cursor and SHA-256 of the message (base64url) of each event. */
  log(): Promise<readonly LogLine[]>;
  /** Starts another that has all that this one has and takes itself for it: whoever is led there notices no change of address. */
  fork(): Promise<KillableProvider>;
  /** Ends it and deletes its data. */
  dispose(): Promise<void>;
}

export interface LogLine {
  readonly room: string;
  readonly cursor: number;
  readonly hash: string;
}

/** Starts one; it answers when this resolves. A `lenient` one lets everything pass that a room's policy forbids. */
export async function startKillableProvider(kind?: "lenient"): Promise<KillableProvider> {
  return providerAt(kind === undefined ? "new" : `new/${kind}`);
}

async function providerAt(path: string): Promise<KillableProvider> {
  const { port, url } = (await ask(path)) as { port: number; url: string };
  const verb = (name: string) => async (): Promise<void> => void (await ask(`${port}/${name}`));
  return {
    url,
    kill: verb("kill"),
    start: verb("start"),
    backUp: verb("backUp"),
    restore: verb("restore"),
    log: async () => ((await ask(`${port}/log`)) as { lines: LogLine[] }).lines,
    fork: () => providerAt(`${port}/fork`),
    dispose: verb("dispose"),
  };
}

async function ask(path: string): Promise<unknown> {
  const response = await fetch(`/__provider-child/${path}`, { method: "POST" });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}
