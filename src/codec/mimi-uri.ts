import { toBase64Url, utf8 } from "./bytes.js";
import { CodecError } from "./codec-error.js";

/**
 * What a MIMI URI names. Identifiers are decoded text; `domain` is a host in lower case, with a port where it has one.
 * A group or workgroup of the framework draft has the form of a room.
 */
export type MimiUri =
  | { readonly kind: "provider"; readonly domain: string }
  | { readonly kind: "user"; readonly domain: string; readonly user: string }
  | { readonly kind: "client"; readonly domain: string; readonly user: string; readonly client: string }
  | { readonly kind: "room"; readonly domain: string; readonly room: string };

/**
 * Reads a MIMI URI in either form: `mimi://domain/r/room`, `/u/user`, `/d/user/client`, or the seed drafts'
 * `im:mimi=#room@domain`, `im:mimi=%40user@domain`, `im:mimi=%40user/#client@domain`, `im:mimi=domain`.
 * Throws CodecError for anything else.
 */
export function parseMimiUri(uri: string): MimiUri {
  const [, mimi, seed] = /^(?:mimi:\/\/(.*)|im:mimi=(.*))$/isu.exec(uri) ?? [];
  if (mimi !== undefined) return parsePath(mimi);
  if (seed !== undefined) return parseSeed(seed);
  throw malformed("neither mimi:// nor im:mimi=");
}

/** The canonical spelling, which comparisons use: `mimi://`, lower-case domain, percent-encoding only where needed. */
export function formatMimiUri(uri: MimiUri): string {
  const base = `mimi://${checkDomain(uri.domain)}`;
  switch (uri.kind) {
    case "provider":
      return base;
    case "user":
      return `${base}/u/${encodeSegment(uri.user)}`;
    case "client":
      return `${base}/d/${encodeSegment(uri.user)}/${encodeSegment(uri.client)}`;
    case "room":
      return `${base}/r/${encodeSegment(uri.room)}`;
  }
}

/** The seed drafts' spelling: `im:mimi=%40user@domain` and so on, with the `#` of a room as they write it. */
export function seedMimiUri(uri: MimiUri): string {
  const domain = checkDomain(uri.domain);
  switch (uri.kind) {
    case "provider":
      return `im:mimi=${domain}`;
    case "user":
      return `im:mimi=%40${encodeSegment(uri.user)}@${domain}`;
    case "client":
      return `im:mimi=%40${encodeSegment(uri.user)}/#${encodeSegment(uri.client)}@${domain}`;
    case "room":
      return `im:mimi=#${encodeSegment(uri.room).replaceAll("%23", "#")}@${domain}`;
  }
}

/** The canonical spelling of a URI in any spelling. Throws CodecError when it is no MIMI URI. */
export function canonicalMimiUri(uri: string): string {
  return formatMimiUri(parseMimiUri(uri));
}

export function providerUri(domain: string): string {
  return formatMimiUri({ kind: "provider", domain });
}

export function userUri(domain: string, user: string): string {
  return formatMimiUri({ kind: "user", domain, user });
}

export function clientUri(domain: string, user: string, client: string): string {
  return formatMimiUri({ kind: "client", domain, user, client });
}

export function roomUri(domain: string, room: string): string {
  return formatMimiUri({ kind: "room", domain, room });
}

/** The canonical URI of the user whose client this is. Throws CodecError when it is no client's URI. */
export function userOfClient(uri: string): string {
  const parsed = parseMimiUri(uri);
  if (parsed.kind !== "client") throw malformed("not a client's URI");
  return userUri(parsed.domain, parsed.user);
}

/** The domain of any MIMI URI. */
export function domainOf(uri: string): string {
  return parseMimiUri(uri).domain;
}

/** The room ID in a room's URI, decoded. Throws CodecError when it is no room's URI. */
export function roomIdOf(uri: string): string {
  const parsed = parseMimiUri(uri);
  if (parsed.kind !== "room") throw malformed("not a room's URI");
  return parsed.room;
}

/** The user ID of a guest: `g-` and the SHA-256 of the user's public key, so that only the key's holder can be it. */
export async function guestUserId(userKey: Uint8Array): Promise<string> {
  return `g-${toBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(userKey))))}`;
}

function parsePath(rest: string): MimiUri {
  const [authority = "", kind, ...segments] = rest.split("/");
  const domain = checkDomain(authority);
  const [first, second] = segments.map(decodeSegment);
  if (kind === undefined) return { kind: "provider", domain };
  if (kind === "u" && segments.length === 1 && first) return { kind: "user", domain, user: first };
  if (kind === "r" && segments.length === 1 && first) return { kind: "room", domain, room: first };
  if (kind === "d" && segments.length === 2 && first && second) {
    return { kind: "client", domain, user: first, client: second };
  }
  throw malformed("neither a provider, a user, a client nor a room");
}

function parseSeed(rest: string): MimiUri {
  const at = rest.lastIndexOf("@");
  const domain = checkDomain(rest.slice(at + 1));
  if (at < 0) return { kind: "provider", domain };
  const name = rest.slice(0, at);
  if (name.startsWith("#")) return { kind: "room", domain, room: decodeSegment(name.slice(1)) };
  const [, user, client] = /^(?:%40|@)([^/]+)(?:\/#([^/]+))?$/u.exec(name) ?? [];
  if (user === undefined) throw malformed("neither a provider, a user, a client nor a room");
  return client === undefined
    ? { kind: "user", domain, user: decodeSegment(user) }
    : { kind: "client", domain, user: decodeSegment(user), client: decodeSegment(client) };
}

const hostname = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/u;
const ipv6 = /^\[[0-9a-f:.]{2,45}\]$/u;

function checkDomain(authority: string): string {
  // before case is folded: a Kelvin sign would become a k
  if (!/^[\u0021-\u007e]*$/u.test(authority)) throw malformed("not a domain");
  const whole = authority.toLowerCase();
  const port = /:([0-9]{1,5})$/u.exec(whole)?.[1];
  const host = port === undefined ? whole : whole.slice(0, -1 - port.length);
  if (host.length > 253 || !(hostname.test(host) || ipv6.test(host))) throw malformed("not a domain");
  if (port !== undefined && (Number(port) > 65535 || String(Number(port)) !== port)) throw malformed("not a port");
  return port === undefined ? host : `${host}:${port}`;
}

// A control character has no place in a name; "." and ".." vanish from a path in URL parsers.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unfit = /^(?:|\.|\.\.|.*[\u0000-\u001f\u007f].*)$/su;

function decodeSegment(segment: string): string {
  // what a URL parser would cut off, or could not carry, is not part of a name unless it is percent-encoded
  if (/[?\s]/u.test(segment)) throw malformed("an unencoded character");
  try {
    return checkName(decodeURIComponent(segment));
  } catch (error) {
    throw error instanceof CodecError ? error : malformed("broken percent-encoding");
  }
}

function encodeSegment(name: string): string {
  utf8(checkName(name));
  return encodeURIComponent(name).replace(/[!'()*]/gu, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function checkName(name: string): string {
  if (unfit.test(name)) throw malformed("an empty or unfit name");
  return name;
}

function malformed(reason: string): CodecError {
  return new CodecError("", `MIMI URI: ${reason}`);
}
