import type { Hono } from "hono";
import { eventRefusal } from "../../src/codec/event-refusal.js";
import {
  groupInfoRequest,
  groupInfoResponse,
  startGroupRequest,
  submitMessageRequest,
  updateRequest,
} from "../../src/codec/hub-messages.js";
import { decode, encode } from "../../src/codec/tls.js";
import { authorize } from "../../src/policy/authorize.js";
import { sha256 } from "../digest.js";
import { checkBar } from "../hub/check-bar.js";
import { closeGroup } from "../hub/close-group.js";
import { demand } from "../hub/mls-refusal.js";
import { refuseEvent } from "../hub/refuse-event.js";
import { startGroup } from "../hub/start-group.js";
import { submitMessage } from "../hub/submit-message.js";
import { update } from "../hub/update.js";
import { Refusal } from "../refusal.js";
import { readBinary, readBody } from "../request-body.js";
import { binary, clientOf, type Environment, json, type RouteTools, roomOf } from "./environment.js";

/** What stands around a PrivateMessage in SubmitMessageRequest: the protocol, two lengths and a URI. */
const MESSAGE_FRAMING = 2048;

/** `…/groupInfo`, `…/group`, `…/update`, `…/refuseEvent`, `…/submitMessage`: what moves a room's group. */
export function groupRoutes(app: Hono<Environment>, tools: RouteTools): void {
  const { hub, rates } = tools;
  const { limits } = hub.config;

  app.post("/v1/rooms/:room/groupInfo", async (context) => {
    const client = await clientOf(tools, context);
    const room = await roomOf(tools, context);
    const { state, group, lastCursor } = room;
    await readBinary(context, groupInfoRequest, limits.jsonBytes);
    demand(authorize(state, { kind: "fetchGroupInfo", user: client.userUri }));
    checkBar(hub, room, client.userUri);
    if (group === undefined) throw new Refusal("noGroup", "the room has no group");
    return binary(
      encode(groupInfoResponse, {
        groupInfo: group.groupInfo,
        ratchetTree: group.ratchetTree,
        pendingProposals: group.pending.map(({ message, acceptedAt }) => ({
          message,
          hubAcceptedTime: BigInt(acceptedAt),
        })),
        cursor: BigInt(lastCursor),
      }),
    );
  });

  app.post("/v1/rooms/:room/group", async (context) => {
    const client = await clientOf(tools, context);
    await rates.take("updatesPerClient", client.clientUri);
    const { uri } = await roomOf(tools, context);
    const body = await readBody(context, limits.updateBytes);
    const { cursor, epoch } = await startGroup(hub, client, uri, decode(startGroupRequest, body), await sha256(body));
    return json({ cursor, epoch }, 201);
  });

  app.delete("/v1/rooms/:room/group", async (context) => {
    const client = await clientOf(tools, context);
    const { uri } = await roomOf(tools, context);
    await closeGroup(hub, client, uri);
    return new Response(null, { status: 204 });
  });

  app.post("/v1/rooms/:room/update", async (context) => {
    const client = await clientOf(tools, context);
    await rates.take("updatesPerClient", client.clientUri);
    const { uri } = await roomOf(tools, context);
    const request = await readBinary(context, updateRequest, limits.updateBytes);
    return json(await update(hub, client, uri, request));
  });

  app.post("/v1/rooms/:room/refuseEvent", async (context) => {
    const client = await clientOf(tools, context);
    await rates.take("updatesPerClient", client.clientUri);
    const { uri } = await roomOf(tools, context);
    const refusal = await readBinary(context, eventRefusal, limits.jsonBytes);
    return json({ outcome: await refuseEvent(hub, client, uri, refusal) });
  });

  app.post("/v1/rooms/:room/submitMessage", async (context) => {
    const client = await clientOf(tools, context);
    await rates.take("messagesPerClient", client.clientUri);
    const { uri } = await roomOf(tools, context);
    const request = await readBinary(context, submitMessageRequest, limits.messageBytes + MESSAGE_FRAMING);
    const { acceptedTimestamp, cursor } = await submitMessage(hub, client, uri, request);
    return json({ acceptedTimestamp, cursor });
  });
}
