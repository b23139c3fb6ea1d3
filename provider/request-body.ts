import { type Codec, decode } from "../src/codec/tls.js";
import { Refusal } from "./refusal.js";
import type { RouteContext } from "./routes/environment.js";

/**
 * Reads a request's body, but never more than `limit` octets of it: a longer one is refused as soon as it is known to be
 * longer, whatever its Content-Length says.
 */
export async function readBody(context: RouteContext, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const request = context.req.raw;
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge(limit);
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (let part = await partOf(reader); !part.done; part = await partOf(reader)) {
      length += part.value.length;
      if (length > limit) throw tooLarge(limit);
      context.var.body.take(part.value.length);
      chunks.push(part.value);
    }
  } catch (reason) {
    // the rest is of no interest; whether the peer minds being cut off is not our concern
    reader.cancel().catch(() => undefined);
    throw reason;
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

/** A body in TLS presentation language. */
export async function readBinary<T>(context: RouteContext, codec: Codec<T>, limit: number): Promise<T> {
  return decode(codec, await readBody(context, limit));
}

/** A JSON object. Its fields are whatever was sent: read them with {@link textField} and the like. */
export async function readJson(context: RouteContext, limit: number): Promise<Readonly<Record<string, unknown>>> {
  return parseObject(new TextDecoder().decode(await readBody(context, limit)));
}

/** The JSON object that `text` is. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal("malformed", "not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Refusal("malformed", "not an object");
  return { ...value };
}

export function textField(object: Readonly<Record<string, unknown>>, name: string): string {
  const value = object[name];
  if (typeof value !== "string") throw new Refusal("malformed", `${name}: not a string`);
  return value;
}

/** A cursor: a whole number from 0. */
export function cursorField(object: Readonly<Record<string, unknown>>, name: string): number {
  const value = object[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new Refusal("malformed", `${name}: not a cursor`);
  }
  return value;
}

export function listField(object: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const value = object[name];
  if (!Array.isArray(value)) throw new Refusal("malformed", `${name}: not a list`);
  return value;
}

/** The peer may go away in the middle of a body: that is nothing that went wrong here. */
async function partOf(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch {
    throw new Refusal("malformed", "the body ended early");
  }
}

function tooLarge(limit: number): Refusal {
  return new Refusal("tooLarge", `more than ${limit} octets`);
}
