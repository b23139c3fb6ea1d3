/** The provider as a process of its own, as `npm start` runs it, with rates that the bench does not reach. */
import { startTestProvider } from "../../test/support/provider-process.js";
import { answerParent, usage } from "./child.js";

export type ProviderQuestion = { readonly kind: "start" } | { readonly kind: "usage" };

const limits = { streams: 2000 };
const provider = startTestProvider({ limits });

answerParent<ProviderQuestion>(async (question) => {
  const { url } = await provider;
  return question.kind === "start" ? { url } : usage();
});

process.once("SIGTERM", async () => {
  await (await provider).stop();
  process.exit(0);
});
