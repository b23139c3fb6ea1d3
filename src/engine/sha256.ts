import { toHex } from "../codec/bytes.js";

/** SHA-256 in hex: how a message is recognised in the event log. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes))));
}
