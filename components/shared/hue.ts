const HUES = 10;

/** The class that colours a user: the same in every browser, chosen by the user's URI, never by the nickname. */
export function hueOf(userUri: string): string {
  let hash = 2166136261;
  for (let at = 0; at < userUri.length; at++) hash = Math.imul(hash ^ userUri.charCodeAt(at), 16777619);
  return `hue-${(hash >>> 0) % HUES}`;
}

/** The letter in a user's picture. */
export function initialOf(nickname: string): string {
  const letter = /[\p{L}\p{N}]/u.exec(nickname)?.[0] ?? [...nickname][0] ?? "?";
  return letter.toUpperCase();
}
