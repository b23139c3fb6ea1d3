import type { EngineContext } from "../context.js";
import { problem } from "../engine-problem.js";
import { sealKit } from "../kit.js";

/** The user key of this seat under a passphrase, as a JSON document. Throws EngineProblem when there is none to give. */
export async function recoveryKit(
  { memory, providerUrl, room, ports }: EngineContext,
  passphrase: string,
): Promise<string> {
  const { identity } = memory;
  if (!identity?.recoverable) {
    throw problem("invalidKit", "The key of this seat cannot be exported.");
  }
  const key = new Uint8Array(await crypto.subtle.exportKey("pkcs8", identity.userKeyPair.privateKey));
  return sealKit({ provider: providerUrl, room, userUri: identity.userUri, key }, passphrase, ports.random);
}
