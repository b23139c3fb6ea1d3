import { registerGuest } from "../../demo/guest.js";
import { fromHex, toHex } from "../../src/codec/bytes.js";
import { generateUserKey } from "../../src/mls/signing.js";
import { ApiMember } from "../support/api-member.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { textOf } from "./decoder.js";
import { Finding } from "./judge.js";

/** More than a run sends. */
const NO_LIMIT = { points: 1_000_000_000, seconds: 1 };
/** No answer to a request of a few kilobytes is longer, in octets. */
const LONGEST_ANSWER = 2 ** 20;

/** A provider with a room of two, and what its members know. */
export interface AttackedProvider {
  readonly app: TestApp;
  readonly alice: ApiMember;
  readonly bob: ApiMember;
}

/** A request as a case: a body is octets in hexadecimal behind `hex:`, or text. */
export interface RequestCase {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A refusal that a provider answered with: an error that is declared. */
export class Answered extends Error {
  override readonly name = "Answered";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export async function openAttackedProvider(): Promise<AttackedProvider> {
  const rates = {
    requestsPerIp: NO_LIMIT,
    registrationsPerIp: NO_LIMIT,
    roomsPerIp: NO_LIMIT,
    messagesPerClient: NO_LIMIT,
    updatesPerClient: NO_LIMIT,
  };
  const app = await openTestApp({ rates });
  const [alice, bob] = [await member(app, "Alice"), await member(app, "Bob")];
  await alice.createRoom("keynote");
  await bob.join(alice.room);
  await alice.catchUp();
  await bob.catchUp();
  return { app, alice, bob };
}

/** A new client of its own user. */
export async function member(app: TestApp, nickname: string): Promise<ApiMember> {
  return new ApiMember(await registerGuest(app.url, await generateUserKey(false), nickname, app.fetch));
}

/** Sends a request and checks that what comes back is an answer of docs/provider-api.md. Throws Answered for a refusal. */
export async function ask(app: TestApp, input: RequestCase): Promise<number> {
  const request = requestOf(app, input);
  if (request === undefined) throw new Answered("notARequest", "what no HTTP client can send");
  const response = await app.fetch(request, { ip: "192.0.2.1", local: true });
  const text = await response.text();
  if (request.method === "HEAD") return response.status;
  if (text.length > LONGEST_ANSWER) throw new Finding("answers without measure", `${text.length} characters`);
  if (response.status < 400) return response.status;
  const { code, message } = refusalIn(text);
  if (code === "internal") throw new Finding("an internal error", lastError(app));
  throw new Answered(code, message);
}

/** The code of an answered refusal. */
export function answeredCode(error: unknown): string | undefined {
  return error instanceof Answered ? error.code : undefined;
}

/** The case in a text; anything that is not one asks for nothing. */
export function requestCaseOf(input: Uint8Array | string): RequestCase {
  try {
    const { method, path, headers, body } = JSON.parse(textOf(input)) as Record<string, unknown>;
    const pairs = Object.entries(typeof headers === "object" && headers !== null ? headers : {});
    return {
      method: String(method),
      path: String(path),
      headers: Object.fromEntries(pairs.map(([name, value]) => [name, asHeader(value)])),
      ...(typeof body === "string" ? { body } : {}),
    };
  } catch {
    return { method: "GET", path: textOf(input), headers: {} };
  }
}

/** What HTTP can carry in a header. */
function asHeader(value: unknown): string {
  return String(value)
    .replaceAll(/[^\x20-\xff]/gu, "?")
    .trim();
}

export function bodyOctets(body: string): Uint8Array<ArrayBuffer> {
  if (!/^hex:(?:[0-9a-f]{2})*$/u.test(body)) return new Uint8Array(Buffer.from(body, "utf8"));
  return fromHex(body.slice("hex:".length));
}

export function bodyText(body: Uint8Array | object): string {
  return body instanceof Uint8Array ? `hex:${toHex(body)}` : JSON.stringify(body);
}

function requestOf(app: TestApp, { method, path, headers, body }: RequestCase): Request | undefined {
  try {
    const url = new URL(app.url + path);
    const octets = body === undefined || /^(?:get|head)$/iu.test(method) ? undefined : bodyOctets(body);
    return new Request(url, { method, headers, ...(octets === undefined ? {} : { body: octets }) });
  } catch {
    return undefined;
  }
}

function refusalIn(text: string): { code: string; message: string } {
  try {
    const { code, message } = JSON.parse(text) as Record<string, unknown>;
    if (typeof code === "string" && typeof message === "string" && message !== "") return { code, message };
  } catch {
    // falls through to the finding
  }
  throw new Finding("a refusal that is not JSON with code and message", text.slice(0, 100));
}

function lastError({ lines }: TestApp): string {
  return JSON.stringify(lines.findLast((line) => "err" in line) ?? {}).slice(0, 600);
}
