import { equalBytes } from "../../src/codec/bytes.js";
import type { CommitView, ProposalView, SenderView } from "../../src/codec/group-view.js";
import type { UpdateRequest } from "../../src/codec/hub-messages.js";
import { peekMessage } from "../../src/mls/peek.js";
import { encodePublicGroup, type PublicGroup, stagePublic } from "../../src/mls/public-group.js";
import { authorize } from "../../src/policy/authorize.js";
import type { RoomState } from "../../src/policy/room-state.js";
import { sha256 } from "../digest.js";
import { Refusal } from "../refusal.js";
import type { Client } from "../store/clients.js";
import { appendEvent, findByHash } from "../store/events.js";
import { insertProvisional } from "../store/provisional-events.js";
import { advanceGroup, insertProposal } from "../store/rooms.js";
import { seat, unseat } from "../store/seats.js";
import { checkBar } from "./check-bar.js";
import { checkLeaf, checkOffer } from "./group-sizes.js";
import type { Accepted, Hub } from "./hub.js";
import { type LiveGroup, type LiveRoom, liveGroup, withGroup } from "./live-room.js";
import { demand, refusing } from "./mls-refusal.js";
import { checkSettling, provisionalEvent, settle, storeSettling, tellSettling, type Word } from "./provisional.js";
import { acceptedAs } from "./submit-message.js";

/** A room that has a group. */
type RoomWithGroup = LiveRoom & { readonly group: LiveGroup };

/** An update that has passed the cheap checks. */
interface Offer {
  readonly client: Client;
  readonly message: Uint8Array;
  readonly messageHash: Uint8Array;
}

/** Accepts a commit or a SelfRemove proposal for the current epoch, the first that comes, and tells everybody in the room. */
export async function update(hub: Hub, client: Client, uri: string, request: UpdateRequest): Promise<Accepted> {
  const message = request.proposalOrCommit;
  const offer: Offer = { client, message, messageHash: await sha256(message) };
  return await hub.rooms.changeExisting(uri, async (room) => {
    // "a repeated body is answered by its hash before any check"
    const repeated = await findByHash(hub.store, room.id, offer.messageHash);
    if (repeated !== undefined) return acceptedAs(repeated);

    const { group } = room;
    if (group === undefined) throw new Refusal("noGroup", "the room has no group");
    const currentEpoch = group.view.epoch;
    await checkEpoch(message, group);
    checkOffer(hub.config.limits, group.view, request);
    const staged = await refusing("invalidCommit", currentEpoch, () =>
      stagePublic(
        hub.crypto,
        group.publicGroup,
        message,
        group.pending.map((proposal) => proposal.message),
        request.bundle,
      ),
    );
    if (staged.kind === "proposal") return await acceptProposal(hub, { ...room, group }, offer, staged.proposal);
    if (request.bundle === undefined) throw new Refusal("invalidCommit", "a commit comes with GroupInfo and tree");
    return await acceptCommit(hub, { ...room, group }, offer, staged, request.bundle);
  });
}

/** Tells a commit that lost the race so before any signature is looked at. */
async function checkEpoch(message: Uint8Array, group: LiveGroup): Promise<void> {
  const peeked = await refusing("malformed", undefined, () => peekMessage(message));
  if (peeked.wireFormat !== "publicMessage") throw new Refusal("malformed", "proposalOrCommit: not a PublicMessage");
  const currentEpoch = group.view.epoch;
  if (!equalBytes(peeked.groupId, group.view.groupId)) {
    throw new Refusal("wrongEpoch", "the room has another group now", { currentEpoch });
  }
  if (peeked.epoch !== currentEpoch)
    throw new Refusal("wrongEpoch", `the group is at epoch ${currentEpoch}`, { currentEpoch });
}

async function acceptCommit(
  hub: Hub,
  room: RoomWithGroup,
  { client, message, messageHash }: Offer,
  staged: { readonly view: CommitView; readonly next: PublicGroup; readonly externalPub: Uint8Array },
  bundle: { readonly groupInfo: Uint8Array; readonly ratchetTree: Uint8Array },
): Promise<Accepted> {
  const { view, next, externalPub } = staged;
  checkSender(view.sender, client);
  checkBar(hub, room, client.userUri);
  checkLeaf(hub.config.limits, next, view.committer);
  checkPending(room.group, view);
  demand(authorize(room.state, { kind: "commit", commit: view }));
  if (view.proposals.some(({ kind }) => kind === "add")) {
    throw new Refusal("invalidCommit", "an Add needs a Welcome, which this provider does not deliver");
  }
  // who does not know the key could not follow, and the room would stand still
  if (view.proposals.some(({ kind }) => kind === "psk")) {
    throw new Refusal("invalidCommit", "nobody in a room has a pre-shared key");
  }
  if (view.after.members.length > Math.max(hub.config.limits.membersPerRoom, view.before.members.length)) {
    throw new Refusal("notAllowed", "the room is full", { rule: "hub/room-full" });
  }

  const group = liveGroup({ ...bundle, publicGroup: next, view: view.after, pending: [] });
  const removed = [...room.group.seated].filter((member) => !group.seated.has(member));
  const added = [...group.seated].filter((member) => !room.group.seated.has(member));
  const from = view.before.epoch;
  const epoch = view.after.epoch;
  const acceptedAt = hub.clock.now();
  const event = { cursor: room.lastCursor + 1, acceptedAt, epoch: Number(epoch), message, externalPub };
  const stored = { ...bundle, groupId: view.after.groupId, epoch, publicGroup: encodePublicGroup(next) };
  const begun = provisionalEvent(client, { ...event, messageHash }, view.before, view.after);
  const settling = settle(hub, room, { word: wordOf(view, client), begun });
  checkSettling(hub, room.uri, settling);
  await hub.store.transaction().execute(async (tx) => {
    await appendEvent(tx, room.id, { ...event, messageHash });
    if (begun !== undefined) await insertProvisional(tx, room.id, begun, room.group.pending);
    await storeSettling(tx, room.id, settling);
    if (!(await advanceGroup(tx, room.id, from, { group: stored, policy: view.after.roomPolicy }))) {
      throw new Error("the group has been moved on by another process");
    }
    await unseat(tx, room.id, removed, event.cursor);
    await seat(tx, room.id, added, event.cursor);
  });
  const base = { ...room, lastCursor: event.cursor, provisional: settling.left };
  hub.rooms.keep(withGroup(base, view.after.roomPolicy, group, hub.identity.uri));
  hub.fanOut.publish(room.uri, event, removed);
  tellSettling(hub, room.uri, settling);
  hub.refusals.withdraw(room.uri, removed);
  if (begun !== undefined) hub.asking.begin(room.uri, begun);
  hub.metrics.events.inc({ kind: "commit" });
  return acceptedAs(event);
}

async function acceptProposal(
  hub: Hub,
  room: RoomWithGroup,
  { client, message, messageHash }: Offer,
  proposal: ProposalView,
): Promise<Accepted> {
  checkSender(proposal.sender, client);
  checkBar(hub, room, client.userUri);
  const isLeaving = room.group.pending.some(({ leafIndex }) => leafIndex === leaverIn(proposal));
  if (isLeaving) throw new Refusal("invalidProposal", "a SelfRemove of this client is pending");
  demand(authorize(withoutLeavers(room), { kind: "propose", proposal }));
  // Any other proposal would wait for a member to commit it; a member commits it itself at once.
  if (proposal.kind !== "selfRemove") throw new Refusal("invalidProposal", "only a SelfRemove is proposed");
  const { leafIndex } = proposal.removed;

  const acceptedAt = hub.clock.now();
  const { view } = room.group;
  const epoch = Number(view.epoch);
  const event = { cursor: room.lastCursor + 1, acceptedAt, epoch, message, externalPub: new Uint8Array() };
  const pending = { leafIndex, acceptedAt, message };
  const begun = provisionalEvent(client, { ...event, messageHash }, view, undefined);
  const settling = settle(hub, room, { begun });
  checkSettling(hub, room.uri, settling);
  await hub.store.transaction().execute(async (tx) => {
    await appendEvent(tx, room.id, { ...event, messageHash });
    if (begun !== undefined) await insertProvisional(tx, room.id, begun, room.group.pending);
    await storeSettling(tx, room.id, settling);
    await insertProposal(tx, room.id, pending);
  });
  const group = { ...room.group, pending: [...room.group.pending, pending] };
  hub.rooms.keep({ ...room, lastCursor: event.cursor, group, provisional: settling.left });
  hub.fanOut.publish(room.uri, event);
  tellSettling(hub, room.uri, settling);
  if (begun !== undefined) hub.asking.begin(room.uri, begun);
  hub.metrics.events.inc({ kind: "proposal" });
  return acceptedAs(event);
}

/**
 * What a member's commit says: it follows the commit that it builds on, and the proposals that it carries. Who joins from outside has
 * seen the GroupInfo only.
 */
function wordOf({ sender, proposals, before }: CommitView, { clientUri }: Client): Word | undefined {
  if (sender.kind !== "member") return undefined;
  const left = new Set(proposals.flatMap((each) => (each.kind === "selfRemove" ? [each.removed.clientUri] : [])));
  return { speaker: clientUri, follows: ({ epoch, author }) => epoch < before.epoch || left.has(author.clientUri) };
}

function leaverIn(proposal: ProposalView): number | undefined {
  return proposal.kind === "selfRemove" ? proposal.removed.leafIndex : undefined;
}

/**
 * The room as if those were gone whose SelfRemove is pending: else the last two, or the last two moderators, would each be
 * let go for the other's sake, and no commit could carry both.
 */
function withoutLeavers({ state, group }: RoomWithGroup): RoomState {
  const leaving = new Set(group.pending.map(({ leafIndex }) => leafIndex));
  return { ...state, members: state.members.filter(({ leafIndex }) => !leaving.has(leafIndex)) };
}

/** What moves a group comes from the client that made it, in its own name. */
function checkSender(sender: SenderView, client: Client): void {
  if (sender.kind === "external") throw new Refusal("notSeated", "external senders do not come this way");
  if (sender.member.clientUri !== client.clientUri) throw new Refusal("notSeated", "made by another client");
}

/**
 * "SelfRemoves that are pending travel with the GroupInfo and every external joiner includes them" (resolutions): a
 * commit that leaves one out was made before it came, and is told so like any other that came too late. Else a client
 * that has left, and thrown its keys away, would stay in the group for ever.
 */
function checkPending(group: LiveGroup, view: CommitView): void {
  const gone = new Set(view.proposals.flatMap((proposal) => (isRemoval(proposal) ? [proposal.removed.leafIndex] : [])));
  if (group.pending.every(({ leafIndex }) => gone.has(leafIndex))) return;
  throw new Refusal("wrongEpoch", "a pending SelfRemove is left out", {
    rule: "hub/pending-proposals",
    currentEpoch: group.view.epoch,
  });
}

function isRemoval(proposal: ProposalView): proposal is ProposalView & { kind: "remove" | "selfRemove" } {
  return proposal.kind === "remove" || proposal.kind === "selfRemove";
}
