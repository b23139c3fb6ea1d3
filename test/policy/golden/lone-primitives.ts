import type { Member, SenderView } from "../../../src/codec/group-view.js";
import { type RoomPolicy, roomNameExtension, roomPolicy } from "../../../src/codec/room-policy.js";
import { encode } from "../../../src/codec/tls.js";
import { authorize } from "../../../src/policy/authorize.js";
import type { Decision } from "../../../src/policy/decision.js";
import { roomWithoutGroup } from "../../../src/policy/room-state.js";
import {
  alice,
  commitOf,
  extensionsOf,
  groupOf,
  hub,
  joining,
  roomOf,
  room as roomUri,
  seatOf,
} from "../../support/policy-room.js";
import { type Actor, acting, actingPhone, policyFor, type RoomKind, roomFor, type Standing, senderIn } from "./cast.js";
import { act, inside, replacing } from "./primitives.js";

/** What someone does alone; the room has Alice inside, and the actor where it says so. */
export type LoneDeed = (kind: RoomKind, actor: Standing) => Decision;

/** Everything that a user does to nobody else, by the words that the table has for it. */
export const loneDeeds: Readonly<Record<string, LoneDeed>> = {
  "make the room": (kind, actor) => {
    const policy = policyFor(kind);
    return authorize(roomOf(policy, [acting[actor]]), { kind: "createRoom", user: acting[actor].userUri, policy });
  },
  "start the group again": (kind, actor) => start(kind, actor, {}),
  "start the group again where the room is not persistent": (kind, actor) =>
    start(kind, actor, { persistentRoom: false }),
  "fetch the GroupInfo": (kind, actor) =>
    authorize(roomFor(kind, [alice]), { kind: "fetchGroupInfo", user: acting[actor].userUri }),
  "fetch the GroupInfo where there is a password": (kind, actor) => {
    const room = roomOf(policyFor(kind, undefined, { passwordProtected: true }), [alice]);
    return authorize(room, { kind: "fetchGroupInfo", user: acting[actor].userUri });
  },
  "join by External Commit": (kind, actor) => join(kind, actor, acting[actor], [alice]),
  "join with a second client": (kind, actor) => join(kind, actor, actingPhone[actor], [alice, acting[actor]]),
  "join again in the place of one's old leaf": (kind, actor) =>
    join(kind, actor, acting[actor], [alice, acting[actor]]),
  "propose an External Add of oneself": (kind, actor) => {
    const sender: SenderView = { kind: "newMemberProposal", member: acting[actor] };
    const proposal = { kind: "add", added: acting[actor], sender } as const;
    return authorize(roomFor(kind, [alice]), { kind: "propose", proposal });
  },
  "add a second client of one's own": (kind, actor) =>
    act(roomFor(kind, inside(actor)), actor, { kind: "add", added: actingPhone[actor] }),
  "commit nothing but a path": (kind, actor) => act(roomFor(kind, inside(actor)), actor),
  "propose a PSK": (kind, actor) => {
    const room = roomFor(kind, inside(actor));
    return authorize(room, { kind: "propose", proposal: { kind: "psk", sender: senderIn(room, actor) } });
  },
  "reinitialise the group": (kind, actor) => act(roomFor(kind, inside(actor)), actor, { kind: "reInit" }),
  "leave, others staying": (kind, actor) => leave(kind, actor, inside(actor)),
  "leave, an unlisted user staying": (kind, actor) => leave(kind, actor, [acting[actor], actingPhone.unlisted]),
  "leave as the last client": (kind, actor) => leave(kind, actor, [acting[actor]]),
  "delete the group as its last client": (kind, actor) =>
    authorize(roomFor(kind, [acting[actor]]), { kind: "closeGroup", client: acting[actor].clientUri }),
  "delete the group with others inside": (kind, actor) =>
    authorize(roomFor(kind, inside(actor)), { kind: "closeGroup", client: acting[actor].clientUri }),
  "send a message": (kind, actor) =>
    authorize(roomFor(kind, inside(actor)), { kind: "sendMessage", user: acting[actor].userUri }),
  "send a message from outside": (kind, actor) =>
    authorize(roomFor(kind, [alice]), { kind: "sendMessage", user: acting[actor].userUri }),
  "name the room": (kind, actor) => change(kind, actor, { policyExtensions: [roomNameExtension("Another")] }),
  "moderate the room, or no more": (kind, actor) => change(kind, actor, { moderated: !kind.moderated }),
  "make the room single-device, or multi-device": (kind, actor) =>
    change(kind, actor, { multiDevice: !kind.multiDevice }),
  "make the room open": (kind, actor) => change(kind, actor, { membershipStyle: "open", parentRoomUri: "" }),
  "make the room members-only": (kind, actor) =>
    change(kind, actor, { membershipStyle: "members_only", parentRoomUri: "" }),
  "make the room fixed-membership": (kind, actor) =>
    change(kind, actor, { membershipStyle: "fixed_membership", parentRoomUri: "" }),
  "make the room parent-dependent": (kind, actor) =>
    change(kind, actor, { membershipStyle: "parent_dependent", parentRoomUri: "mimi://example.com/r/parent" }),
  "set the public join link": (kind, actor) =>
    change(kind, actor, { linkPolicy: { ...policyFor(kind).linkPolicy, joinLink: "https://example.com/j" } }),
  "add an external sender": (kind, actor) => {
    const extensions = extensionsOf(policyFor(kind), [hub, "mimi://other.example"]);
    return act(roomFor(kind, inside(actor)), actor, { kind: "groupContextExtensions", extensions });
  },
};

function start(kind: RoomKind, actor: Actor & Standing, changes: Partial<RoomPolicy>): Decision {
  const policy = policyFor(kind, undefined, changes);
  const retained = encode(roomPolicy, policy);
  const user = acting[actor].userUri;
  const group = groupOf(policy, [acting[actor]]);
  return authorize(roomWithoutGroup(policy, roomUri, hub), { kind: "startGroup", user, group, retained });
}

function join(kind: RoomKind, actor: Standing, joiner: Member, members: readonly Member[]): Decision {
  const room = roomFor(kind, members);
  const sender = joining(joiner);
  const old = room.members.some(({ clientUri }) => clientUri === joiner.clientUri);
  const removes = old ? ([{ kind: "remove", removed: seatOf(room, acting[actor]), sender }] as const) : [];
  const commit = commitOf(room, sender, { proposals: [...removes, { kind: "externalInit", sender }] });
  return authorize(room, { kind: "commit", commit });
}

function leave(kind: RoomKind, actor: Standing, members: readonly Member[]): Decision {
  const room = roomFor(kind, members);
  const sender = senderIn(room, actor);
  return authorize(room, {
    kind: "propose",
    proposal: { kind: "selfRemove", removed: seatOf(room, acting[actor]), sender },
  });
}

function change(kind: RoomKind, actor: Standing, changes: Partial<RoomPolicy>): Decision {
  return act(roomFor(kind, inside(actor)), actor, replacing(policyFor(kind, undefined, changes)));
}
