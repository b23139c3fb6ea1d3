import type { Context } from "hono";
import { canonicalMimiUri, roomUri } from "../../src/codec/mimi-uri.js";
import type { BodyShare } from "../body-budget.js";
import type { Challenges } from "../challenges.js";
import type { Hub } from "../hub/hub.js";
import type { LiveRoom } from "../hub/live-room.js";
import { originAllowed } from "../origins.js";
import type { RateLimits } from "../rate-limits.js";
import { Refusal } from "../refusal.js";
import type { Client } from "../store/clients.js";
import { authenticate } from "../tokens.js";

/** Who is at the other end of a request. */
export interface Peer {
  /** The address that the network, or the trusted proxy, gives. */
  readonly ip: string;
  /** Whether the request came from this very machine, without a proxy's word for it. */
  readonly local: boolean;
}

/** What hono hands to every route. */
export interface Environment {
  Bindings: Peer;
  Variables: { body: BodyShare };
}

export type RouteContext = Context<Environment>;

/** What every route works with. */
export interface RouteTools {
  readonly hub: Hub;
  readonly challenges: Challenges;
  readonly rates: RateLimits;
}

/** The client whose token the request carries. Throws Refusal. */
export async function clientOf({ hub }: RouteTools, context: RouteContext): Promise<Client> {
  return await authenticate(hub.store, context.req.raw, hub.clock.now());
}

/** The canonical URI of the room in the path. Throws Refusal for a segment that can name none. */
export function roomUriOf({ hub }: RouteTools, context: RouteContext): string {
  try {
    return canonicalMimiUri(roomUri(hub.identity.domain, context.req.param("room") ?? ""));
  } catch {
    throw new Refusal("noSuchRoom", "no such room here");
  }
}

/** The room in the path, if it is there and may be used on the page that asks. Throws Refusal. */
export async function roomOf(tools: RouteTools, context: RouteContext): Promise<LiveRoom> {
  const room = await tools.hub.rooms.get(roomUriOf(tools, context));
  if (!originAllowed(room.origins, context.req.header("origin"), tools.hub.config.publicUrl)) {
    throw new Refusal("originNotAllowed", "the room may not be used on this site");
  }
  return room;
}

/** An answer in TLS presentation language. */
export function binary(bytes: Uint8Array): Response {
  return new Response(new Uint8Array(bytes), {
    headers: { "content-type": "application/octet-stream", "cache-control": "no-store" },
  });
}

/** An answer in JSON, not to be kept by anybody. */
export function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { "cache-control": "no-store" } });
}
