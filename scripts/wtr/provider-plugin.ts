import type { TestRunnerPlugin } from "@web/test-runner";

/** One real provider, on a loopback port and a fresh database, from the first test that asks for it until the end. */
async function start(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { startProvider } = await import("../../test/support/provider-process.js");
  return startProvider();
}

/** Tells tests the address of their provider: `GET /__provider.json` is `{ "url": "http://…" }`. */
export function providerPlugin(): TestRunnerPlugin {
  let provider: ReturnType<typeof start> | undefined;
  return {
    name: "mimi-provider",
    async serve(context) {
      if (context.path !== "/__provider.json") return undefined;
      provider ??= start();
      return { body: JSON.stringify({ url: (await provider).url }), type: "json" };
    },
    async serverStop() {
      await (await provider)?.stop();
    },
  };
}
