/**
 * What a site owner pastes.
 *
 * @param integrity - Hash of the script (Subresource Integrity), from the provider's `/sri.json`.
 */
export function embedSnippet(provider: string, room: string, integrity: string | undefined): string {
  const checked = integrity === undefined ? "" : ` integrity="${integrity}"`;
  return [
    `<script type="module" src="${provider}/mimi-room.js"${checked} crossorigin></script>`,
    `<mimi-room provider="${provider}" room="${room}"></mimi-room>`,
  ].join("\n");
}

/** The hash of the script that a provider serves; `undefined` where it tells none. */
export async function scriptIntegrity(provider: string): Promise<string | undefined> {
  const answer = await fetch(`${provider}/sri.json`);
  if (!answer.ok) return undefined;
  const hashes: unknown = await answer.json();
  if (typeof hashes !== "object" || hashes === null || !("mimi-room.js" in hashes)) return undefined;
  return typeof hashes["mimi-room.js"] === "string" ? hashes["mimi-room.js"] : undefined;
}
