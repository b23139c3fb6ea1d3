import { fromBase64Url } from "../../codec/bytes.js";
import type { EngineContext } from "../context.js";
import { problem } from "../engine-problem.js";
import { makeIdentity } from "../identity.js";
import { importUserKey } from "../user-key.js";

/**
 * The user key of an organiser's address (PKCS #8, base64url): this seat is that user's. It is kept at once, for the address
 * bar forgets it. A guest's key that has no seat gives way to it; nothing happens when there is a seat, or an organiser's
 * key already. Resolves with whether it was taken. Throws EngineProblem `invalidAddress`.
 */
export async function offerUserKey(context: EngineContext, userKey: string): Promise<boolean> {
  const userKeyPair = await readKey(userKey);
  const { room, ports } = context;
  const identity = await makeIdentity({ room, random: ports.random, userKeyPair, recoverable: true });
  return context.step(async ({ identity: present, seat, pending }) =>
    seat || pending || present?.recoverable ? { result: false } : { change: { identity }, result: true },
  );
}

async function readKey(userKey: string): Promise<CryptoKeyPair> {
  try {
    return await importUserKey(fromBase64Url(userKey));
  } catch (error) {
    throw problem("invalidAddress", `The address's key: ${String(error)}`);
  }
}
