/** The provider as a process of its own, as `npm start` runs it, with rates that no bench reaches. */
import type { RunningProvider } from "../../provider/node.js";
import { startTestProvider } from "../../test/support/provider-process.js";
import { answerParent, now, usage } from "./child.js";

export type ProviderQuestion =
  | {
      readonly kind: "start";
      /** Where it keeps its data, for one that is to be found there again. */
      readonly at?: { readonly dataDir: string; readonly port: number; readonly publicUrl?: string };
    }
  | { readonly kind: "usage" };

const limits = { streams: 2000 };
let provider: RunningProvider | undefined;

answerParent<ProviderQuestion>(async (question) => {
  if (question.kind === "usage") return usage();
  provider = await startTestProvider({ limits, ...question.at });
  return { url: provider.url, listens: now() };
});

process.once("SIGTERM", async () => {
  await provider?.stop();
  process.exit(0);
});
