const SCHEMES = ["https:", "http:", "mailto:"];

/** The address when a message may link to it, `undefined` for every scheme but web and mail. */
export function safeLink(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  return SCHEMES.includes(url.protocol) ? url.href : undefined;
}
