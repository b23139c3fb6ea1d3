import { toBase64Url, utf8 } from "./bytes.js";
import { CodecError } from "./codec-error.js";
import { parseMimiUri, seedMimiUri } from "./mimi-uri.js";

/**
 * The room ID of the fixed-membership room of these users (framework draft, 6.1): "Take the user IDs of the participants as MIMI
 * URIs, sort in lexical order, concatenate and separate with the horizontal tab character, hash with SHA-256, base64url encode
 * with no padding", after one `#`; the other belongs to the URI of a room. System users are left out by the caller.
 *
 * What is hashed is the seed's spelling (resolutions), which stands as it is given: the draft's example hashes domains in
 * the case in which it writes them. Throws CodecError for what is no user's URI.
 */
export async function fixedRoomId(users: readonly string[]): Promise<string> {
  const spelt = new Set(users.map(seedSpelling));
  const hash = await crypto.subtle.digest("SHA-256", utf8([...spelt].sort().join("\t")));
  return `#${toBase64Url(new Uint8Array(hash))}`;
}

function seedSpelling(user: string): string {
  const uri = parseMimiUri(user);
  if (uri.kind !== "user") throw new CodecError("", "MIMI URI: not a user's URI");
  return user.startsWith("im:") ? user : seedMimiUri(uri);
}
