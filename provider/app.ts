import { Hono } from "hono";
import { toHex, utf8 } from "../src/codec/bytes.js";
import type { Crypto } from "../src/mls/crypto.js";
import { BodyBudget } from "./body-budget.js";
import { Challenges } from "./challenges.js";
import type { Clock } from "./clock.js";
import { domainOfUrl, type ProviderConfig } from "./config.js";
import { sha256 } from "./digest.js";
import { Asking } from "./hub/asking.js";
import type { EventSocket, EventStreamInput } from "./hub/event-socket.js";
import { EventStream } from "./hub/event-stream.js";
import { FanOut } from "./hub/fan-out.js";
import type { Hub } from "./hub/hub.js";
import { LiveRooms } from "./hub/live-rooms.js";
import { Refusals } from "./hub/refusals.js";
import type { Logger } from "./log.js";
import { createMetrics } from "./metrics.js";
import { RateLimits } from "./rate-limits.js";
import { Refusal } from "./refusal.js";
import { refusalOf } from "./refusal-of.js";
import { type Assets, assetRoutes } from "./routes/assets.js";
import { clientRoutes } from "./routes/clients.js";
import { directoryRoutes } from "./routes/directory.js";
import type { Environment, Peer } from "./routes/environment.js";
import { eventRoutes } from "./routes/events.js";
import { groupRoutes } from "./routes/groups.js";
import { healthRoutes } from "./routes/health.js";
import { keyPackageRoutes } from "./routes/key-packages.js";
import { roomRoutes } from "./routes/rooms.js";
import { loadHubIdentity } from "./store/hub-identity.js";
import type { Store } from "./store/schema.js";
import { sweep } from "./store/sweep.js";
import { StoreHealth } from "./store-health.js";
import { StreamCount } from "./stream-count.js";

/** What the provider is made of. */
export interface AppParts {
  readonly store: Store;
  readonly crypto: Crypto;
  readonly config: ProviderConfig;
  readonly clock: Clock;
  readonly log: Logger;
  /** The built files; absent: only the API. */
  readonly assets?: Assets;
}

/** The provider without a socket. */
export interface App {
  /** Answers a request; a refusal is an answer too, so it never rejects. */
  fetch(request: Request, peer?: Peer): Promise<Response>;
  /**
   * Takes an event stream on a connection that was just opened; undefined when there are too many.
   *
   * @param origin The Origin header of the request that opened it.
   */
  openEventStream(socket: EventSocket, origin: string | undefined, peer?: Peer): EventStreamInput | undefined;
  /** Ends what goes on by itself. Requests are not waited for. */
  close(): void;
}

const NOBODY: Peer = { ip: "", local: false };

/** Puts the provider together. Throws when the store belongs to another domain. */
export async function createApp(parts: AppParts): Promise<App> {
  const { store, crypto, config, clock, log } = parts;
  const identity = await loadHubIdentity(store, domainOfUrl(config.publicUrl));
  const metrics = createMetrics();
  const rooms = new LiveRooms(store, identity.uri, config.limits.liveRooms);
  const health = new StoreHealth(store, clock, log);
  const fanOut = new FanOut(metrics);
  const asking = new Asking(fanOut, clock, config.limits);
  const refusals = new Refusals(clock, config.limits);
  const hub: Hub = { store, crypto, config, clock, log, metrics, health, identity, rooms, fanOut, asking, refusals };
  const rates = new RateLimits(config.rates, clock);
  const tools = { hub, rates, challenges: new Challenges(clock, config.limits) };

  const app = new Hono<Environment>();
  app.use("*", async (context, next) => {
    const start = performance.now();
    if (context.req.method === "OPTIONS") {
      context.res = preflight();
    } else {
      await next();
    }
    secure(context.res.headers);
    const route = context.req.routePath;
    metrics.requestSeconds.observe({ route, status: String(context.res.status) }, (performance.now() - start) / 1000);
  });
  const bodies = new BodyBudget(config.limits.bodyBytes, config.limits.bodyBytesPerIp);
  app.use("/v1/*", async (context, next) => {
    await rates.take("requestsPerIp", context.env.ip);
    const body = bodies.share(context.env.ip);
    context.set("body", body);
    try {
      await next();
    } finally {
      body.release();
    }
  });
  for (const routes of [
    directoryRoutes,
    clientRoutes,
    keyPackageRoutes,
    roomRoutes,
    groupRoutes,
    eventRoutes,
    healthRoutes,
  ]) {
    routes(app, tools);
  }
  if (parts.assets !== undefined) assetRoutes(app, parts.assets, config.publicUrl);
  app.notFound(() => {
    throw new Refusal("noSuchRoute", "no such route");
  });
  const salt = globalThis.crypto.randomUUID();
  app.onError(async (error, context) => {
    const refusal = refusalOf(error);
    metrics.refusals.inc({ code: refusal.code });
    if (health.note(error)) return refusal.toResponse();
    const line = {
      code: refusal.code,
      rule: refusal.details.rule,
      method: context.req.method,
      route: context.req.routePath,
      // who it was can be told from other lines of this run, and from nothing else
      peer: toHex(await sha256(utf8(salt + context.env.ip))).slice(0, 12),
    };
    if (refusal.code === "internal") log.error({ ...line, err: error }, "failed");
    else log.warn({ ...line, reason: refusal.message }, "refused");
    return refusal.toResponse();
  });

  const streams = new StreamCount(config.limits);
  const endSweeping = sweepNowAndThen(hub);
  return {
    fetch: async (request, peer = NOBODY) => await app.fetch(request, peer),
    openEventStream(socket, origin, { ip } = NOBODY) {
      if (!streams.enter(ip)) return undefined;
      const stream = new EventStream(hub, socket, origin);
      return {
        received: (text) => stream.received(text),
        alive: () => stream.alive(),
        closed() {
          streams.leave(ip);
          stream.closed();
        },
      };
    },
    close() {
      endSweeping();
      asking.close();
      refusals.close();
      health.close();
    },
  };
}

/** Sweeps the store every now and then, until the returned function is called. */
function sweepNowAndThen({ store, clock, config, health, log }: Hub): () => void {
  let cancel = () => {};
  const later = () => {
    cancel = clock.later(config.limits.sweepMs, () => {
      sweep(store, clock.now(), config.limits).catch((error: unknown) => {
        if (!health.note(error)) log.error({ err: error }, "sweeping failed");
      });
      later();
    });
  };
  later();
  return () => cancel();
}

/** No cookies are ever used, so any page may ask; which page may use a room is the room's own list. */
function preflight(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": "GET, POST, PUT, DELETE",
      "access-control-allow-headers": "Authorization, Content-Type",
      "access-control-max-age": "86400",
    },
  });
}

function secure(headers: Headers): void {
  headers.set("access-control-allow-origin", "*");
  headers.set("access-control-expose-headers", "Retry-After");
  headers.set("cross-origin-resource-policy", "cross-origin");
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "no-referrer");
}
