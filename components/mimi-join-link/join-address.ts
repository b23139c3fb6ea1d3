/**
 * The address that opens a room on its provider's own page: `{provider}/r/{room}`.
 *
 * @param provider - The provider's base URL.
 * @param room - The room's URI, `mimi://provider.example/r/room` or the seed form `im:mimi=#room@provider.example`.
 * @returns `undefined` when either cannot be understood.
 */
export function joinAddress(provider: string, room: string): string | undefined {
  const id = /^mimi:\/\/[^/]+\/r\/([^/?#]+)$/i.exec(room)?.[1] ?? /^im:mimi=#([^@]+)@[^@]+$/i.exec(room)?.[1];
  if (id === undefined || !URL.canParse(provider)) return undefined;
  return `${provider.replace(/\/+$/, "")}/r/${id}`;
}
