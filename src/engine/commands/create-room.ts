import { toBase64Url } from "../../codec/bytes.js";
import { newGroupId } from "../../codec/group-id.js";
import { roomUri } from "../../codec/mimi-uri.js";
import { roomPolicy } from "../../codec/room-policy.js";
import { encode } from "../../codec/tls.js";
import { createGroup, viewGroup } from "../../mls/group.js";
import { makeGroupInfo } from "../../mls/group-info.js";
import { authorize } from "../../policy/authorize.js";
import { presets } from "../../policy/presets.js";
import { roomStateOf } from "../../policy/room-state.js";
import type { PendingRecord } from "../../storage/records.js";
import { createProviderClient, createRoomBody } from "../../transport/provider-client.js";
import { isUndecided } from "../../transport/provider-refusal.js";
import type { NewRoom } from "../../worker/engine-api.js";
import type { EngineContext } from "../context.js";
import { deliverPending, dropPending } from "../deliver-pending.js";
import { demand } from "../engine-problem.js";
import { leafIdentityOf, makeIdentity } from "../identity.js";
import { pendingGroup } from "../pending-record.js";
import type { EnginePorts } from "../ports.js";
import { readNickname } from "../read-nickname.js";
import { readRoomName } from "../read-room-name.js";
import { settlePending } from "../settle-pending.js";

/** A URI for a new room of a provider: 15 random octets, so that it is free and nobody guesses it. */
export async function newRoomUri(
  ports: Pick<EnginePorts, "fetch" | "clock" | "random">,
  provider: string,
): Promise<string> {
  const { domain } = await createProviderClient({ provider, fetch: ports.fetch, clock: ports.clock }).directory();
  return roomUri(domain, toBase64Url(ports.random(15)));
}

/** Makes the room that this engine is for, with its first group and its owner's seat. Throws EngineProblem. */
export async function createRoom(context: EngineContext, room: NewRoom): Promise<void> {
  const name = readRoomName(room.name);
  const nickname = readNickname(room.nickname);
  context.setSituation({ phase: "joining", problem: undefined });
  const { random } = context.ports;
  const identity = { ...(await makeIdentity({ room: context.room, random, recoverable: true })), nickname };
  await context.step(async () => ({ change: { identity, suggestedNickname: nickname }, result: undefined }));

  let pending: PendingRecord | undefined;
  try {
    pending = await stageRoom(context, { ...room, name });
    const delivered = await deliverPending(context, pending);
    if (delivered) await settlePending(context, pending, delivered);
  } catch (error) {
    // What is undecided may have been accepted: trying again sends the same.
    if (pending && !isUndecided(error)) await dropPending(context, pending);
    throw context.fail("failed", error);
  }
}

async function stageRoom(context: EngineContext, room: NewRoom): Promise<PendingRecord> {
  const { crypto, hub, provider, identity } = context;
  const { hubSender } = await provider.directory();
  const policy = presets[room.preset]({ name: room.name, owner: identity.userUri, hub });
  const group = await createGroup(crypto, {
    groupId: newGroupId(context.room, context.ports.random(16)),
    identity: await leafIdentityOf(identity, crypto, context.memory.acceptance),
    roomPolicy: encode(roomPolicy, policy),
    externalSenders: [hubSender],
  });
  const view = viewGroup(group);
  const action = { kind: "createRoom", user: identity.userUri, policy } as const;
  demand(authorize(roomStateOf(view, context.room, hub), action));

  const body = createRoomBody({ ...(await makeGroupInfo(crypto, group)), origins: room.origins });
  const pending = await pendingGroup("createRoom", body, group);
  return context.step(async () => ({ change: { pending }, result: pending }));
}
