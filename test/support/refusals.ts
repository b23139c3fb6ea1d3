import assert from "node:assert/strict";

/** What a refusal says in its body. */
export interface RefusalBody {
  readonly code: string;
  readonly rule?: string;
  readonly message: string;
  readonly currentEpoch?: number;
}

/** Asserts that a response is a refusal with this status and code; resolves with its body. */
export async function assertRefused(response: Response, status: number, code: string): Promise<RefusalBody> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  const body = JSON.parse(text) as RefusalBody;
  assert.equal(body.code, code, text);
  assert.equal(typeof body.message, "string");
  return body;
}

/** Asserts success; resolves with the JSON body. */
export async function assertJson<T>(response: Response, status: number): Promise<T> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  return JSON.parse(text) as T;
}
