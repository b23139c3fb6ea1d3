import type { Clock, Fetch } from "./ports.js";
import { ProviderRefusal, Unreachable } from "./provider-refusal.js";
import { readBody } from "./read-body.js";
import { type JsonFields, readJson } from "./read-json.js";

/** A request that has no answer by then has none, in milliseconds. */
const PATIENCE = 20_000;
/**
 * No answer has more octets: a GroupInfo with the tree of 2000 clients and all their SelfRemoves, or a page of events, fits
 * (docs/provider-api.md, "Sizes").
 */
const MOST_OCTETS = 16 * 1024 * 1024;
/** No provider silences a client for longer, in milliseconds. */
const LONGEST_RETRY_AFTER = 5 * 60_000;

export interface RequestOptions {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly token?: string | undefined;
  readonly body?: Uint8Array | Record<string, unknown> | undefined;
}

/** An answer with a success status. */
export interface Answer {
  json(): JsonFields;
  readonly bytes: Uint8Array;
  /** Throws Unreachable when there is something: a success without content is all that there is to be said. */
  nothing(): void;
}

/** Sends one request. Throws ProviderRefusal when the provider says no, Unreachable when there is no answer. */
export async function request(
  { provider, fetch, clock }: { readonly provider: string; readonly fetch: Fetch; readonly clock: Clock },
  { method, path, token, body }: RequestOptions,
): Promise<Answer> {
  const patience = new AbortController();
  const cancel = clock.after(PATIENCE, () => patience.abort());
  try {
    const response = await fetch(provider + path, {
      method,
      headers: headersOf(token, body),
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) }),
      credentials: "omit",
      cache: "no-store",
      // A provider does not redirect, and nobody else is to see what it is told.
      redirect: "error",
      signal: patience.signal,
    });
    const bytes = await readBody(response, MOST_OCTETS);
    if (!response.ok) throw refusal(response, bytes);
    return { bytes, json: () => readJson(parse(bytes)), nothing: () => demandNothing(response, bytes) };
  } catch (error) {
    if (error instanceof ProviderRefusal || error instanceof Unreachable) throw error;
    throw new Unreachable(`${method} ${path}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    cancel();
  }
}

/**
 * A request without token names no content type: as plain text it needs no CORS preflight, which would double its time.
 * One with a token has a preflight anyway.
 */
function headersOf(token: string | undefined, body: RequestOptions["body"]): Record<string, string> {
  if (token === undefined) return {};
  const type = body instanceof Uint8Array ? "application/octet-stream" : "application/json";
  return { Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "Content-Type": type }) };
}

function demandNothing({ status }: Response, bytes: Uint8Array): void {
  // The page of a network that wants a login is a success with content.
  if (status !== 204 || bytes.length > 0) throw new Unreachable("Not what a provider answers: 204 expected.");
}

function refusal(response: Response, bytes: Uint8Array): ProviderRefusal {
  const json = readJson(parse(bytes));
  // "Retry-After = HTTP-date / delay-seconds" (RFC 9110, 10.2.3): a provider gives seconds.
  const seconds = Number(response.headers.get("Retry-After"));
  const epoch = json.optional("currentEpoch", (fields, name) => fields.number(name));
  return new ProviderRefusal({
    status: response.status,
    code: json.text("code"),
    message: json.text("message"),
    rule: json.optional("rule", (fields, name) => fields.text(name)),
    currentEpoch: epoch === undefined ? undefined : BigInt(epoch),
    retryAfter: seconds > 0 ? Math.min(LONGEST_RETRY_AFTER, seconds * 1000) : undefined,
  });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Unreachable("The answer is not a provider's JSON.");
  }
}
