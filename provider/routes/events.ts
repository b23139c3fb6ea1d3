import type { Hono } from "hono";
import { eventPage } from "../../src/codec/hub-messages.js";
import { encode } from "../../src/codec/tls.js";
import { roomEventOf } from "../hub/fan-out.js";
import { checkPlace, placeAt } from "../hub/place.js";
import { Refusal } from "../refusal.js";
import { eventsFor } from "../store/events.js";
import { standingOf } from "../store/seats.js";
import { binary, clientOf, type Environment, type RouteTools, roomOf } from "./environment.js";

const DEFAULT_LIMIT = 100;

/** `GET /v1/rooms/{room}/events`: the log, for those who hold or held a seat. */
export function eventRoutes(app: Hono<Environment>, tools: RouteTools): void {
  const { hub } = tools;
  const { limits } = hub.config;

  app.get("/v1/rooms/:room/events", async (context) => {
    const { clientUri } = await clientOf(tools, context);
    const { id, uri } = await roomOf(tools, context);
    const place = placeAt(whole(context.req.query("after") ?? "0", "after"), context.req.query("hash"));
    const limit = Math.min(whole(context.req.query("limit") ?? String(DEFAULT_LIMIT), "limit"), limits.pageEvents);
    if (limit < 1) throw new Refusal("malformed", "limit: less than 1");
    // at once: a log that is taken back in between would make a page of two logs
    const { events, more } = await hub.store.transaction().execute(async (tx) => {
      if ((await standingOf(tx, id, clientUri)) === "none") throw new Refusal("notSeated", "no seat in this room");
      await checkPlace(tx, id, clientUri, place);
      return await eventsFor(tx, { roomId: id, clientUri }, place.after, { limit, bytes: limits.pageBytes });
    });
    return binary(encode(eventPage, { events: events.map((event) => roomEventOf(uri, event)), more }));
  });
}

function whole(text: string, name: string): number {
  if (!/^[0-9]{1,15}$/u.test(text)) throw new Refusal("malformed", `${name}: not a whole number`);
  return Number(text);
}
