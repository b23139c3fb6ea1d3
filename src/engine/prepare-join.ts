import { equalBytes } from "../codec/bytes.js";
import { NO_REFERENCE } from "../codec/event-reference.js";
import { newGroupId, roomOfGroupId } from "../codec/group-id.js";
import type { GroupView } from "../codec/group-view.js";
import type { GroupInfoResponse } from "../codec/hub-messages.js";
import { type RoomPolicy, roomPolicy } from "../codec/room-policy.js";
import { decode } from "../codec/tls.js";
import { inspectGroupInfo, stageExternalCommit } from "../mls/external-commit.js";
import { createGroup, viewGroup } from "../mls/group.js";
import { makeGroupInfo } from "../mls/group-info.js";
import { authorize } from "../policy/authorize.js";
import { roomStateOf, roomWithoutGroup } from "../policy/room-state.js";
import type { IdentityRecord, PendingRecord } from "../storage/records.js";
import { startGroupBody } from "../transport/provider-client.js";
import { ProviderRefusal } from "../transport/provider-refusal.js";
import { acceptedBy } from "./accepted.js";
import type { EngineContext } from "./context.js";
import { demandStaged } from "./demand-staged.js";
import { demand, problem } from "./engine-problem.js";
import { leafIdentityOf } from "./identity.js";
import { pendingCommit, pendingGroup } from "./pending-record.js";
import { readsTheSame } from "./room-state.js";

/**
 * Stages what takes a seat, and stores it. Nothing has been sent when it resolves. `tried`: whether it was tried before;
 * `check`: looks at the group that is joined or started, and throws to refuse it. Throws EngineProblem among others.
 */
export async function prepareJoin(
  context: EngineContext,
  tried: boolean,
  check: (next: GroupView) => void = () => {},
): Promise<PendingRecord> {
  const { clientUri } = context.identity;
  // What the preview said spares the first to come a refusal; whoever lost a race asks.
  const empty = !tried && context.situation.preview?.hasGroup === false;
  const info = empty ? undefined : await fetchGroupInfo(context);
  const prepared = info ? await joinGroup(context, info, check) : await startGroup(context, check);
  return context.step(async (memory) => {
    // Another key was restored meanwhile, or the seat was left: this one is nobody's.
    if (memory.identity?.clientUri !== clientUri) throw problem("internal", "The seat is another one by now.");
    return { change: { pending: prepared }, result: prepared };
  });
}

/** What was shown before the tap is what is joined, and is accepted: a hub must not show one policy and lead into another. */
function demandShown({ memory, situation: { preview } }: EngineContext, policy: RoomPolicy): void {
  demand(acceptedBy(memory, policy));
  if (memory.seat || !preview || readsTheSame(decode(roomPolicy, preview.policy), policy)) return;
  throw problem("policyChanged", "The room's policy is not the one that was shown.");
}

/** Undefined when the room has no group. */
async function fetchGroupInfo({ access, provider, room }: EngineContext): Promise<GroupInfoResponse | undefined> {
  try {
    return await access.with((token) => provider.groupInfo(token, room));
  } catch (error) {
    if (error instanceof ProviderRefusal && error.code === "noGroup") return undefined;
    throw error;
  }
}

async function joinGroup(
  context: EngineContext,
  info: GroupInfoResponse,
  check: (next: GroupView) => void,
): Promise<PendingRecord> {
  const { crypto, room, hub, identity } = context;
  const { groupInfo, ratchetTree } = info;
  const view = await inspectGroupInfo(crypto, { groupInfo, ratchetTree });
  // The group ID binds the room: a hub cannot show the group of another.
  if (roomOfGroupId(view.groupId) !== room) throw problem("providerFault", "The group is not this room's.");
  const before = roomStateOf(view, room, hub);
  demandShown(context, before.policy);
  check(view);
  demand(authorize(before, { kind: "fetchGroupInfo", user: identity.userUri }));

  const staged = await stageExternalCommit(crypto, {
    groupInfo,
    ratchetTree,
    pendingProposals: info.pendingProposals.map(({ message }) => message),
    identity: await leafIdentityOf(identity, crypto, context.memory.acceptance),
    removeOwn: formerLeaves(view, identity, before.policy.multiDevice),
    authenticatedData: NO_REFERENCE,
  });
  demandStaged(before, staged);

  return pendingCommit("join", staged);
}

/** The leaf of this client from before; of the user's one client, where a user may have but one. RFC 9420 allows one. */
function formerLeaves(view: GroupView, identity: IdentityRecord, multiDevice: boolean): number[] {
  return view.members
    .filter((member) => member.userUri === identity.userUri && equalBytes(member.userKey, identity.userKey))
    .filter((member) => !multiDevice || member.clientUri === identity.clientUri)
    .map((member) => member.leafIndex)
    .slice(0, 1);
}

/** The first group of a persistent room, under the policy that the hub retained, octet for octet. */
async function startGroup(context: EngineContext, check: (next: GroupView) => void): Promise<PendingRecord> {
  const { crypto, provider, room, hub, identity } = context;
  const [{ hubSender }, { policy }] = await Promise.all([provider.directory(), provider.room(room)]);
  const retained = decode(roomPolicy, policy);
  demandShown(context, retained);
  const group = await createGroup(crypto, {
    groupId: newGroupId(room, context.ports.random(16)),
    identity: await leafIdentityOf(identity, crypto, context.memory.acceptance),
    roomPolicy: policy,
    externalSenders: [hubSender],
  });
  const view = viewGroup(group);
  check(view);
  demand(
    authorize(roomWithoutGroup(retained, room, hub), {
      kind: "startGroup",
      user: identity.userUri,
      group: view,
      retained: policy,
    }),
  );
  const body = startGroupBody(await makeGroupInfo(crypto, group));
  return pendingGroup("startGroup", body, group);
}
