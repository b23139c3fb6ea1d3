import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestRunnerPlugin } from "@web/test-runner";

const PREFIX = "/__provider-child/";

/** Loaded when a test asks for a provider: what it needs is only there after the installation. */
async function support() {
  const [{ ProviderChild }, { readLog }, { backUp, restore }] = await Promise.all([
    import("../../test/support/provider-child.js"),
    import("../../test/support/read-log.js"),
    import("../../provider/node/backup.js"),
  ]);
  return { ProviderChild, readLog, backUp, restore };
}

type Support = Awaited<ReturnType<typeof support>>;
type Child = Awaited<ReturnType<Support["ProviderChild"]["start"]>>;

/** What a test can have done to its provider. */
const VERBS: Readonly<Record<string, (child: Child, support: Support) => Promise<unknown>>> = {
  start: (child) => child.start(),
  kill: (child) => child.end("SIGKILL"),
  async backUp(child, { backUp }) {
    await rm(backupOf(child), { force: true });
    await backUp(child.dataDir, backupOf(child));
  },
  restore: (child, { restore }) => restore(child.dataDir, backupOf(child), new Date()),
  log: async (child, { readLog }) => ({ lines: await readLog(child.dataDir) }),
  dispose: (child) => child.dispose(),
};

function backupOf(child: Child): string {
  return join(child.dataDir, "backup.db");
}

/**
 * Providers in processes of their own: `POST /__provider-child/new` is `{ "port", "url" }` of one that answers;
 * `POST /__provider-child/{port}/kill` and the other verbs are answered when it is done. One from `new/lenient` is dishonest;
 * `{port}/fork` is another that has all that the first one has, and takes itself for it.
 */
export function providerChildPlugin(): TestRunnerPlugin {
  const children = new Map<string, Child>();
  return {
    name: "mimi-provider-child",
    async serve(context) {
      if (!context.path.startsWith(PREFIX)) return undefined;
      const [port = "", verb = ""] = context.path.slice(PREFIX.length).split("/");
      const loaded = await support();
      if (port === "new") {
        const child = await loaded.ProviderChild.create({ lenient: verb === "lenient" });
        children.set(String(child.port), child);
        await child.start();
        return { body: JSON.stringify({ port: child.port, url: child.url }), type: "json" };
      }
      const child = children.get(port);
      if (child !== undefined && verb === "fork") {
        const twin = await loaded.ProviderChild.create({ environment: { PUBLIC_URL: child.url } });
        await loaded.backUp(child.dataDir, join(twin.dataDir, "provider.db"));
        children.set(String(twin.port), twin);
        await twin.start();
        return { body: JSON.stringify({ port: twin.port, url: twin.url }), type: "json" };
      }
      const work = VERBS[verb];
      if (child === undefined || work === undefined) return undefined;
      return { body: JSON.stringify((await work(child, loaded)) ?? {}), type: "json" };
    },
    async serverStop() {
      await Promise.all([...children.values()].map((child) => child.dispose()));
    },
  };
}
