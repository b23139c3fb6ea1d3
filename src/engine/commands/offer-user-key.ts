import { fromBase64Url } from "../../codec/bytes.js";
import type { EngineContext } from "../context.js";
import { problem } from "../engine-problem.js";
import { makeIdentity } from "../identity.js";
import { importUserKey } from "../user-key.js";

/**
 * The user key of an organiser's address (PKCS #8, base64url): this seat is that user's. It is kept at once, for the address
 * bar forgets it. Nothing when the seat has a user already. Throws EngineProblem `invalidAddress`.
 */
export async function offerUserKey(context: EngineContext, userKey: string): Promise<void> {
  const userKeyPair = await readKey(userKey);
  const { room, ports } = context;
  const identity = await makeIdentity({ room, random: ports.random, userKeyPair, recoverable: true });
  await context.step(async (memory) =>
    memory.identity ? { result: undefined } : { change: { identity }, result: undefined },
  );
}

async function readKey(userKey: string): Promise<CryptoKeyPair> {
  try {
    return await importUserKey(fromBase64Url(userKey));
  } catch (error) {
    throw problem("invalidAddress", `The address's key: ${String(error)}`);
  }
}
