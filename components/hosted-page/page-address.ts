/** What the address of the provider's page asks for. */
export interface PageAddress {
  /** URI of the room that it opens; `undefined` where rooms are made. */
  readonly room: string | undefined;
  /** An organiser's user key. */
  readonly userKey: string | undefined;
}

/**
 * Reads the address bar. An organiser's key is taken out of it at once: an address bar is photographed, shared and kept
 * in the history.
 */
export function takePageAddress(
  location: Pick<Location, "host" | "pathname" | "search" | "hash">,
  history: Pick<History, "state" | "replaceState">,
): PageAddress {
  const id = /^\/r\/([^/]+)\/?$/.exec(location.pathname)?.[1];
  const userKey = /^#owner=([\w-]+)$/.exec(location.hash)?.[1];
  if (userKey !== undefined) history.replaceState(history.state, "", location.pathname + location.search);
  return { room: id === undefined ? undefined : `mimi://${location.host}/r/${id}`, userKey };
}
