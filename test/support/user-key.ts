import { toBase64Url } from "../../src/codec/bytes.js";
import { type Guest, type GuestOptions, startEngine } from "./engine-world.js";

/** A user's private key as an organiser's address brings it: whoever has it is that user, on any device. */
export async function newUserKey(): Promise<string> {
  const { privateKey } = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  return toBase64Url(new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey)));
}

/** A device of the user of that key, that joined. */
export async function joinByKey(
  nickname: string,
  key: string,
  address: { readonly provider: string; readonly room: string },
  options?: GuestOptions,
): Promise<Guest> {
  const device = await startEngine(address, options);
  await device.engine.open(key);
  await device.engine.join(nickname);
  return device;
}
