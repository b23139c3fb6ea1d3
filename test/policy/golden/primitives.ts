import type { Member, ProposalView } from "../../../src/codec/group-view.js";
import type { Role, RoomPolicy } from "../../../src/codec/room-policy.js";
import { authorize } from "../../../src/policy/authorize.js";
import type { Decision } from "../../../src/policy/decision.js";
import type { RoomState } from "../../../src/policy/room-state.js";
import { alice, by, commitOf, extensionsOf, seatOf } from "../../support/policy-room.js";
import {
  type Actor,
  acting,
  entries,
  policyFor,
  type RoomKind,
  roomFor,
  type Standing,
  senderIn,
  target,
  targetPhone,
} from "./cast.js";

/** What `actor` does to a user of another standing; the room has Alice, the actor, and who is named inside. */
export type Deed = (kind: RoomKind, actor: Actor, other: Standing) => Decision;

/** Everything that one user does to another, by the words that the table has for it. */
export const deeds: Readonly<Record<string, Deed>> = {
  "add a client of": (kind, actor, other) => {
    const room = roomFor(kind, inside(actor));
    return act(room, actor, { kind: "add", added: target[other] });
  },
  "add a second client of": (kind, actor, other) => {
    const room = roomFor(kind, inside(actor, target[other]));
    return act(room, actor, { kind: "add", added: targetPhone[other] });
  },
  "remove the only client of": (kind, actor, other) => {
    const room = roomFor(kind, inside(actor, target[other]));
    return act(room, actor, removal(room, target[other]));
  },
  "remove one of two clients of": (kind, actor, other) => {
    const room = roomFor(kind, inside(actor, target[other], targetPhone[other]));
    return act(room, actor, removal(room, targetPhone[other]));
  },
  "remove both clients of": (kind, actor, other) => {
    const room = roomFor(kind, inside(actor, target[other], targetPhone[other]));
    return act(room, actor, removal(room, target[other]), removal(room, targetPhone[other]));
  },
  "propose the removal of": (kind, actor, other) => {
    const room = roomFor(kind, inside(actor, target[other]));
    const sender = senderIn(room, actor);
    return authorize(room, {
      kind: "propose",
      proposal: { kind: "remove", removed: seatOf(room, target[other]), sender },
    });
  },
  "commit the SelfRemove of": (kind, actor, other) => {
    const room = roomFor(kind, inside(actor, target[other]));
    const leaver = by(room, target[other]);
    return commit(room, actor, [{ kind: "selfRemove", removed: leaver.member, sender: leaver }]);
  },
  "propose a SelfRemove of": (kind, actor, other) => {
    const room = roomFor(kind, inside(actor, target[other]));
    const sender = senderIn(room, actor);
    const proposal: ProposalView = { kind: "selfRemove", removed: seatOf(room, target[other]), sender };
    return authorize(room, { kind: "propose", proposal });
  },
  "commit an Update of": (kind, actor, other) => {
    const room = roomFor(kind, inside(actor, target[other]));
    return act(room, actor, { kind: "update", updated: seatOf(room, target[other]) });
  },
  "commit the hub's removal of": (kind, actor, other) => {
    const room = roomFor(kind, inside(actor, target[other]));
    const proposal = { ...removal(room, target[other]), sender: { kind: "external", senderIndex: 0 } } as const;
    return commit(room, actor, [proposal]);
  },
  "ban, with all clients of": (kind, actor, other) => {
    const room = roomFor(kind, inside(actor, target[other]));
    return act(room, actor, listing(kind, other, "banned"), removal(room, target[other]));
  },
  "ban, outside": (kind, actor, other) => list(kind, actor, other, "banned", false),
  "ban and leave inside": (kind, actor, other) => list(kind, actor, other, "banned", true),
  "list as owner": (kind, actor, other) => list(kind, actor, other, "owner", false),
  "list as admin": (kind, actor, other) => list(kind, actor, other, "admin", false),
  "list as regular_user": (kind, actor, other) => list(kind, actor, other, "regular_user", false),
  "list as visitor": (kind, actor, other) => list(kind, actor, other, "visitor", false),
  "list no more": (kind, actor, other) => list(kind, actor, other, undefined, false),
};

/** Alice, the actor where it has a client, and `others`. */
export function inside(actor: Actor, ...others: readonly Member[]): readonly Member[] {
  return [alice, ...(actor === "hub" ? [] : [acting[actor]]), ...others];
}

type Draft = ProposalView extends infer P ? (P extends ProposalView ? Omit<P, "sender"> : never) : never;

/** A commit of the actor's own proposals; what the hub proposes is committed by Alice. */
export function act(room: RoomState, actor: Actor, ...drafts: readonly Draft[]): Decision {
  const sender = senderIn(room, actor);
  return commit(
    room,
    actor,
    drafts.map((draft) => ({ ...draft, sender })),
  );
}

function commit(room: RoomState, actor: Actor, proposals: readonly ProposalView[]): Decision {
  const committer = actor === "hub" ? by(room, alice) : senderIn(room, actor);
  return authorize(room, { kind: "commit", commit: commitOf(room, committer, { proposals }) });
}

function removal(room: RoomState, one: Member): { readonly kind: "remove"; readonly removed: Member } {
  return { kind: "remove", removed: seatOf(room, one) };
}

function list(kind: RoomKind, actor: Actor, other: Standing, to: Role | undefined, stays: boolean): Decision {
  const room = roomFor(kind, stays ? inside(actor, target[other]) : inside(actor));
  return act(room, actor, listing(kind, other, to));
}

function listing(kind: RoomKind, other: Standing, to: Role | undefined): Draft {
  return replacing(policyFor(kind, entries({ user: target[other].userUri, to })));
}

/** The GroupContextExtensions that carry `policy`. */
export function replacing(policy: RoomPolicy): Draft {
  return { kind: "groupContextExtensions", extensions: extensionsOf(policy) };
}
