import { Refusal } from "./refusal.js";

/** Origins as a room keeps them: `https://site.example`, each once. Throws Refusal for anything that is no origin. */
export function checkOrigins(origins: readonly string[], most: number): readonly string[] {
  if (origins.length > most) throw new Refusal("tooLarge", `more than ${most} origins`);
  return [...new Set(origins.map(checkOrigin))];
}

/**
 * Whether a page of `origin` may use a room. Only a browser's word is judged, which pages cannot forge: a request
 * without an Origin does not come from a page of another site, and whoever is no browser may say what he likes.
 */
export function originAllowed(allowed: readonly string[], origin: string | undefined, own: string): boolean {
  return origin === undefined || allowed.length === 0 || origin === own || allowed.includes(origin);
}

function checkOrigin(text: string): string {
  try {
    const url = new URL(text);
    if ((url.protocol === "https:" || url.protocol === "http:") && url.origin === text) return text;
  } catch {
    // falls through to the refusal
  }
  throw new Refusal("malformed", `origins: ${JSON.stringify(text.slice(0, 100))} is no origin`);
}
