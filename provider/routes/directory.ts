import type { Hono } from "hono";
import { toBase64Url } from "../../src/codec/bytes.js";
import { type Environment, json, type RouteTools } from "./environment.js";

/** `GET /.well-known/mimi-protocol-directory`: where everything is, who the hub's system user is, what bounds there are. */
export function directoryRoutes(app: Hono<Environment>, tools: RouteTools): void {
  const { config, identity } = tools.hub;
  const { limits, publicUrl } = config;

  app.get("/.well-known/mimi-protocol-directory", () =>
    json({
      domain: identity.domain,
      endpoints: {
        challenges: `${publicUrl}/v1/challenges`,
        clients: `${publicUrl}/v1/clients`,
        keyPackages: `${publicUrl}/v1/keyPackages`,
        rooms: `${publicUrl}/v1/rooms`,
        room: `${publicUrl}/v1/rooms/{room}`,
        origins: `${publicUrl}/v1/rooms/{room}/origins`,
        groupInfo: `${publicUrl}/v1/rooms/{room}/groupInfo`,
        group: `${publicUrl}/v1/rooms/{room}/group`,
        update: `${publicUrl}/v1/rooms/{room}/update`,
        submitMessage: `${publicUrl}/v1/rooms/{room}/submitMessage`,
        events: `${publicUrl}/v1/rooms/{room}/events`,
        eventStream: `${publicUrl.replace(/^http/u, "ws")}/v1/events`,
      },
      hubSender: { uri: identity.uri, signatureKey: toBase64Url(identity.signatureKey) },
      limits: {
        messageBytes: limits.messageBytes,
        updateBytes: limits.updateBytes,
        membersPerRoom: limits.membersPerRoom,
        originsPerRoom: limits.originsPerRoom,
        pageEvents: limits.pageEvents,
        roomsPerStream: limits.roomsPerStream,
      },
    }),
  );
}
