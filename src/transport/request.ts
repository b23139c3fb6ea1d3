import type { Clock, Fetch } from "./ports.js";
import { ProviderRefusal, Unreachable } from "./provider-refusal.js";
import { type JsonFields, readJson } from "./read-json.js";

/** A request that has no answer by then has none, in milliseconds. */
const PATIENCE = 20_000;

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
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (!response.ok) throw refusal(response, bytes);
    return { bytes, json: () => readJson(parse(bytes)) };
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

function refusal(response: Response, bytes: Uint8Array): ProviderRefusal {
  const json = readJson(parse(bytes));
  const epoch = json.optional("currentEpoch", (fields, name) => fields.number(name));
  const seconds = Number(response.headers.get("Retry-After"));
  return new ProviderRefusal({
    status: response.status,
    code: json.text("code"),
    message: json.text("message"),
    rule: json.optional("rule", (fields, name) => fields.text(name)),
    currentEpoch: epoch === undefined ? undefined : BigInt(epoch),
    retryAfter: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined,
  });
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Unreachable("The answer is not a provider's JSON.");
  }
}
