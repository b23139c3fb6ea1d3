import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ProviderOptions, type RunningProvider, startProvider as start } from "../../provider/node.js";

/** As {@link ProviderOptions}; what is left out is what suits a test. */
export interface TestProviderOptions extends Partial<ProviderOptions> {
  /** Whether the built files are served; they are unless it is false. */
  readonly assets?: boolean;
}

/**
 * A real provider in this process: a free loopback port, a fresh database unless `dataDir` is given, rates that no test
 * reaches. Needs a loader for TypeScript (`node --import tsx`). To find its rooms again after a stop, start it with the
 * same `dataDir`, `port` and `publicUrl`: they are in the URL that the first start gave.
 */
export async function startTestProvider(options: TestProviderOptions = {}): Promise<RunningProvider> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "mimi-provider-")));
  const provider = await start({
    port: 0,
    ...(options.assets === false ? {} : { distDir: fileURLToPath(new URL("../../dist", import.meta.url)) }),
    logLevel: "silent",
    ...options,
    dataDir,
    rates: { ...unlimited, ...options.rates },
  });
  return {
    ...provider,
    async stop() {
      await provider.stop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export { startTestProvider as startProvider };

const plenty = { points: 1_000_000, seconds: 1 };
const unlimited = {
  requestsPerIp: plenty,
  registrationsPerIp: plenty,
  roomsPerIp: plenty,
  messagesPerClient: plenty,
  updatesPerClient: plenty,
};
