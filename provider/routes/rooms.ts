import type { Hono } from "hono";
import { toBase64Url } from "../../src/codec/bytes.js";
import { createRoomRequest } from "../../src/codec/hub-messages.js";
import { roomName } from "../../src/codec/room-policy.js";
import { decode } from "../../src/codec/tls.js";
import { roleOf } from "../../src/policy/room-state.js";
import { sha256 } from "../digest.js";
import { createRoom } from "../hub/create-room.js";
import type { LiveRoom } from "../hub/live-room.js";
import { checkOrigins } from "../origins.js";
import { Refusal } from "../refusal.js";
import { listField, readBody, readJson } from "../request-body.js";
import { setOrigins } from "../store/rooms.js";
import { clientOf, type Environment, json, type RouteTools, roomOf } from "./environment.js";

/** `POST /v1/rooms`, `GET /v1/rooms/{room}`, `PUT /v1/rooms/{room}/origins`. */
export function roomRoutes(app: Hono<Environment>, tools: RouteTools): void {
  const { hub, rates } = tools;
  const { limits } = hub.config;

  app.post("/v1/rooms", async (context) => {
    const client = await clientOf(tools, context);
    await rates.take("roomsPerIp", context.env.ip);
    const body = await readBody(context, limits.updateBytes);
    return json(await createRoom(hub, client, decode(createRoomRequest, body), await sha256(body)), 201);
  });

  app.get("/v1/rooms/:room", async (context) => {
    const room = await roomOf(tools, context);
    return json({
      room: room.uri,
      name: roomName(room.state.policy),
      host: hub.identity.domain,
      occupantCount: occupants(room),
      policy: toBase64Url(room.policyBytes),
      hasGroup: room.group !== undefined,
    });
  });

  app.put("/v1/rooms/:room/origins", async (context) => {
    const client = await clientOf(tools, context);
    const { uri } = await roomOf(tools, context);
    const listed = listField(await readJson(context, limits.jsonBytes), "origins");
    const origins = checkOrigins(listed.map(text), limits.originsPerRoom);
    await hub.rooms.changeExisting(uri, async (room) => {
      if (roleOf(room.state, client.userUri) !== "owner") {
        throw new Refusal("notAllowed", "only an owner changes the origins", { rule: "hub/origins-by-owner" });
      }
      await setOrigins(hub.store, room.id, origins);
      hub.rooms.keep({ ...room, origins });
    });
    return new Response(null, { status: 204 });
  });
}

/** How many users are inside; those who have said that they leave are not. */
function occupants({ group }: LiveRoom): number {
  if (group === undefined) return 0;
  const leaving = new Set(group.pending.map(({ leafIndex }) => leafIndex));
  return new Set(group.view.members.filter(({ leafIndex }) => !leaving.has(leafIndex)).map(({ userUri }) => userUri))
    .size;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new Refusal("malformed", "origins: not a list of strings");
  return value;
}
