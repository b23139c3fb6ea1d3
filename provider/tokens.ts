import { fromBase64Url, toBase64Url } from "../src/codec/bytes.js";
import { sha256 } from "./digest.js";
import { Refusal } from "./refusal.js";
import { type Client, clientOfToken } from "./store/clients.js";
import type { Store } from "./store/schema.js";

const TOKEN_OCTETS = 32;

/** A new access token, and the hash under which it is kept. */
export async function newToken(): Promise<{ readonly token: string; readonly tokenHash: Uint8Array }> {
  const secret = crypto.getRandomValues(new Uint8Array(TOKEN_OCTETS));
  return { token: toBase64Url(secret), tokenHash: await sha256(secret) };
}

/** The client that `token` was given to, and until when it is good. Throws Refusal for a token that is not good. */
export async function authenticateToken(
  store: Store,
  token: string,
  now: number,
): Promise<Client & { readonly expiresAt: number }> {
  const secret = secretOf(token);
  const client = secret && (await clientOfToken(store, await sha256(secret), now));
  if (client === undefined) throw new Refusal("unauthenticated", "the token is unknown or has expired");
  return client;
}

/** The client whose bearer token a request carries (RFC 6750, 2.1). */
export async function authenticate(store: Store, request: Request, now: number): Promise<Client> {
  const [, token] = /^Bearer ([A-Za-z0-9_-]{1,128})$/u.exec(request.headers.get("authorization") ?? "") ?? [];
  if (token === undefined) throw new Refusal("unauthenticated", "no bearer token");
  return await authenticateToken(store, token, now);
}

function secretOf(token: string): Uint8Array | undefined {
  try {
    const secret = fromBase64Url(token);
    return secret.length === TOKEN_OCTETS ? secret : undefined;
  } catch {
    return undefined;
  }
}
