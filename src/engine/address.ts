import { canonicalMimiUri, roomIdOf } from "../codec/mimi-uri.js";
import { problem } from "./engine-problem.js";

/** The one spelling of a room's address: two spellings must not be two seats. Throws EngineProblem `invalidAddress`. */
export function readAddress(address: { readonly provider: string; readonly room: string }): {
  readonly provider: string;
  readonly room: string;
} {
  try {
    roomIdOf(address.room);
    return { provider: readProvider(address.provider), room: canonicalMimiUri(address.room) };
  } catch (error) {
    throw problem("invalidAddress", String(error));
  }
}

/** A provider's base URL without trailing slash. Throws TypeError when it is none. */
export function readProvider(provider: string): string {
  const { protocol, origin, pathname } = new URL(provider);
  if (protocol !== "https:" && protocol !== "http:") throw new TypeError(`${provider} is not an https URL.`);
  return origin + pathname.replace(/\/+$/u, "");
}

/** The name of the seat's database, lock and channel; the number tells versions of this code apart. */
export function seatName(address: { readonly provider: string; readonly room: string }, suffix = ""): string {
  return `mimi-room/1/${address.provider}/${address.room}${suffix}`;
}
