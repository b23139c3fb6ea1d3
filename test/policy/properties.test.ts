import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { equalBytes } from "../../src/codec/bytes.js";
import type { MembershipStyle } from "../../src/codec/room-policy.js";
import { roomPolicy } from "../../src/codec/room-policy.js";
import { encode } from "../../src/codec/tls.js";
import { accepts } from "../../src/policy/acceptance.js";
import type { Action, FetchKeyPackages } from "../../src/policy/action.js";
import { authorize } from "../../src/policy/authorize.js";
import { excludedBy } from "../../src/policy/excluded-by.js";
import { explainChange } from "../../src/policy/explain-change.js";
import { isLogger, isModerator, listedUsers } from "../../src/policy/roles.js";
import { listedRole, type RoomState, roleOf } from "../../src/policy/room-state.js";
import { commitOf, groupOf, joining } from "../support/policy-room.js";
import { anyCommit, anyProposal, anySender, changedPolicy, likelyCommit, roomAfter } from "./properties/any-act.js";
import { anyRoom, cast, everyClient, soundRoom, users, withPolicy } from "./properties/any-room.js";
import { holdsForTapes, type Tape } from "./properties/tape.js";

function anyConsent(tape: Tape): Pick<FetchKeyPackages, "consent" | "handedOver" | "providerAllowance"> {
  const consent = tape.pick(["none", "room", "all", "declined"] as const);
  return { consent, handedOver: tape.once(3), providerAllowance: tape.below(3) };
}

/** Any action, in any room. */
function anyAction(tape: Tape, room: RoomState): Action {
  const user = tape.pick(users);
  switch (tape.below(10)) {
    case 0:
      return { kind: "sendMessage", user };
    case 1:
      return { kind: "fetchGroupInfo", user };
    case 2:
      return { kind: "closeGroup", client: tape.pick(everyClient).clientUri };
    case 3:
      return { kind: "createRoom", user, policy: changedPolicy(tape, room.policy) };
    case 4: {
      const retained = encode(roomPolicy, room.policy);
      const group = groupOf(room.policy, tape.once(2) ? room.members : [tape.pick(everyClient)], room.extensions);
      return { kind: "startGroup", user, group, retained: tape.once(3) ? retained.subarray(1) : retained };
    }
    case 5:
      return { kind: "fetchKeyPackages", requester: user, target: tape.pick(users), ...anyConsent(tape) };
    case 6:
      return { kind: "propose", proposal: anyProposal(tape, room, anySender(tape, room)) };
    default:
      return { kind: "commit", commit: anyCommit(tape, room, { systemUsers: true }) };
  }
}

/** How many rooms are taken through what may happen, for each property. */
const WALKS = 5000;

/**
 * Takes rooms through what their members may do: `check` sees every room on the way, and the one that it began with. Fails where
 * little happened: then nothing was shown.
 */
function walks(style: MembershipStyle | undefined, check: (room: RoomState, first: RoomState) => void): void {
  let [steps, changes] = [0, 0];
  holdsForTapes(WALKS, 400, (tape) => {
    const first = soundRoom(tape, style) ?? soundRoom(tape, style);
    let room = first;
    for (let step = 0; room !== undefined && first !== undefined && step < 12 && tape.running; step += 1) {
      const commit = tape.once(2) ? likelyCommit(tape, room) : anyCommit(tape, room, { systemUsers: false });
      if (!authorize(room, { kind: "commit", commit }).allowed) continue;
      room = roomAfter(room, commit);
      steps += 1;
      if (!equalBytes(commit.before.roomPolicy, commit.after.roomPolicy)) changes += 1;
      check(room, first);
    }
  });
  assert.ok(steps >= 2 * WALKS, `${steps} commits in ${WALKS} walks`);
  assert.ok(changes >= WALKS / 4, `${changes} changes of policies in ${WALKS} walks`);
}

describe("whatever the room and whoever acts", () => {
  it("a banned user can do nothing", () => {
    holdsForTapes(20_000, 60, (tape) => {
      const room = anyRoom(tape);
      const [client] = tape.pick(cast);
      const user = client.userUri;
      const seat = room.members.find(({ userUri }) => userUri === user);
      if (listedRole(room, user, seat ? [] : [client]) !== "banned") return;
      const refused = (action: Action): void => assert.equal(authorize(room, action).allowed, false, action.kind);
      refused({ kind: "sendMessage", user });
      refused({ kind: "createRoom", user, policy: room.policy });
      const group = groupOf(room.policy, [client], room.extensions);
      refused({ kind: "startGroup", user, group, retained: group.roomPolicy });
      refused({ kind: "closeGroup", client: client.clientUri });
      // without its leaf nobody knows that its group is banned
      if (listedRole(room, user) === "banned") {
        refused({ kind: "fetchGroupInfo", user });
        refused({ kind: "fetchKeyPackages", requester: user, target: tape.pick(users), ...anyConsent(tape) });
      }
      if (client.claims) refused({ kind: "fetchGroupInfo", user, claims: client.claims });
      const stranger = { kind: "newMemberProposal", member: client } as const;
      refused({ kind: "propose", proposal: anyProposal(tape, room, stranger) });
      refused({ kind: "propose", proposal: anyProposal(tape, room, joining(client)) });
      if (seat === undefined) return;
      const sender = { kind: "member", member: seat } as const;
      refused({ kind: "propose", proposal: anyProposal(tape, room, sender) });
      const proposals = [anyProposal(tape, room, anySender(tape, room))];
      refused({ kind: "commit", commit: commitOf(room, sender, { proposals }) });
      const rest = { ...room, members: [seat] };
      const alone = authorize(rest, { kind: "closeGroup", client: seat.clientUri });
      // it may have been banned by what another client of it claims
      if (listedRole(rest, user) === "banned") assert.equal(alone.allowed, false, "closeGroup");
    });
  });

  it("no commit lets a banned user in, or keeps one whom it bans", () => {
    walks(undefined, (room) => {
      for (const { userUri } of room.members) assert.notEqual(roleOf(room, userUri), "banned", userUri);
    });
  });

  it("no sequence of what members may do leaves a members-only room without an owner or admin inside", () => {
    walks("members_only", (room) => {
      if (room.policy.membershipStyle !== "members_only") return;
      assert.ok(room.members.some(({ userUri }) => isModerator(roleOf(room, userUri))));
    });
  });

  it("no user has a second client in a single-device room", () => {
    walks(undefined, (room) => {
      const inside = room.members.map(({ userUri }) => userUri);
      if (!room.policy.multiDevice) assert.equal(new Set(inside).size, inside.length);
    });
  });

  it("no commit lets a client in that does not accept the room, keeps one, or makes it one", () => {
    walks(undefined, (room) => {
      for (const { acceptance } of room.members) assert.ok(accepts(acceptance, room.policy).allowed);
    });
  });

  it("no outsider comes into a fixed-membership room, and it stays one", () => {
    walks("fixed_membership", (room, first) => {
      assert.equal(room.policy.membershipStyle, "fixed_membership");
      for (const { userUri } of room.members) {
        assert.ok(listedUsers(first.policy).has(userUri) || isLogger(first.policy, userUri), userUri);
      }
    });
  });

  it("no admin gives or takes what only an owner may", () => {
    holdsForTapes(15_000, 90, (tape) => {
      const room = soundRoom(tape);
      const admin = room?.members.find(({ userUri }) => roleOf(room, userUri) === "admin");
      if (room === undefined || admin === undefined) return;
      const after = changedPolicy(tape, changedPolicy(tape, room.policy));
      const sender = { kind: "member", member: admin } as const;
      const extensions = withPolicy(room, after);
      const decision = authorize(room, {
        kind: "propose",
        proposal: { kind: "groupContextExtensions", extensions, sender },
      });
      if (!decision.allowed) return;
      const { preAuthList, linkPolicy, ...rest } = room.policy;
      const { preAuthList: _entries, linkPolicy: _link, ...others } = after;
      assert.deepEqual(others, rest);
      const now = { ...room, policy: after };
      for (const user of users) {
        const [had, has] = [roleOf(room, user), roleOf(now, user)];
        if (had !== has) assert.ok(!["system", "owner", "admin"].includes(had), `${user}: ${had}, now ${has}`);
        if (had !== has) assert.ok(!["system", "owner"].includes(has), `${user}: ${had}, now ${has}`);
      }
    });
  });

  it("a policy change that is allowed as such is allowed with the removal of whom it excludes, or fails for another reason", () => {
    const exclusions =
      /^(?:5\.11\/(?:banned|dropped)-occupant|5\.11\/not-accepted|5\.2\/single-device|5\.7\/all-clients|7\.)/u;
    holdsForTapes(15_000, 90, (tape) => {
      const room = soundRoom(tape);
      const owner = room?.members[0];
      if (room === undefined || owner === undefined) return;
      const policy = changedPolicy(tape, changedPolicy(tape, room.policy));
      const sender = { kind: "member", member: owner } as const;
      const change = { kind: "groupContextExtensions", extensions: withPolicy(room, policy), sender } as const;
      if (!authorize(room, { kind: "propose", proposal: change }).allowed) return;
      const excluded = excludedBy(room, policy, owner);
      // nobody removes itself with its own commit (RFC 9420, 12.2)
      if (excluded.includes(owner)) return;
      const removals = excluded.map((removed) => ({ kind: "remove" as const, removed, sender }));
      const commit = commitOf(room, sender, { proposals: [change, ...removals] });
      const decision = authorize(room, { kind: "commit", commit });
      if (!decision.allowed) assert.doesNotMatch(decision.rule, exclusions);
      const kept = excluded.slice(1).map((removed) => ({ kind: "remove" as const, removed, sender }));
      if (excluded.length === 0) return;
      // no other removal would do
      const less = commitOf(room, sender, { proposals: [change, ...kept] });
      assert.equal(authorize(room, { kind: "commit", commit: less }).allowed, false, "with one removal less");
    });
  });

  it("what a change is said to do to people is what it does", () => {
    holdsForTapes(5000, 90, (tape) => {
      const room = soundRoom(tape);
      const owner = room?.members[0];
      if (room === undefined || owner === undefined) return;
      const policy = changedPolicy(tape, changedPolicy(tape, room.policy));
      const excluded = excludedBy(room, policy, owner);
      const after = { ...room, policy, members: room.members.filter((member) => !excluded.includes(member)) };
      const inside = new Set(room.members.map(({ userUri }) => userUri));
      const speaks = (state: RoomState, user: string): boolean =>
        authorize(state, { kind: "sendMessage", user }).allowed;
      const stays = (user: string): boolean => after.members.some(({ userUri }) => userUri === user);
      const told = new Map(explainChange(room, policy).map((effect) => [effect.kind, effect]));
      const users = (kind: "removed" | "losesDevices" | "losesVoice" | "gainsVoice"): readonly string[] => {
        const effect = told.get(kind);
        return effect?.kind === kind ? effect.users : [];
      };
      for (const user of inside) {
        const had: boolean = speaks(room, user);
        const has: boolean = speaks(after, user);
        assert.equal(users("removed").includes(user), !stays(user), `${user} removed`);
        const loses = stays(user) && excluded.some(({ userUri }) => userUri === user);
        assert.equal(users("losesDevices").includes(user), loses, `${user} loses devices`);
        assert.equal(users("losesVoice").includes(user), stays(user) && had && !has, `${user} loses voice`);
        assert.equal(users("gainsVoice").includes(user), stays(user) && !had && has, `${user} gains voice`);
      }
    });
  });

  it("authorize() decides the same again, changes nothing, and throws nothing", () => {
    holdsForTapes(10_000, 90, (tape) => {
      const room = anyRoom(tape);
      const action = anyAction(tape, room);
      const kept = structuredClone({ room, action });
      const decision = authorize(deepFreeze(room), deepFreeze(action));
      assert.deepEqual(authorize(room, action), decision);
      assert.deepEqual({ room, action }, kept);
    });
  });

  it("two clients that hold the same epoch decide alike, whatever each has seen before", () => {
    holdsForTapes(10_000, 120, (tape) => {
      const room = anyRoom(tape);
      const action = anyAction(tape, room);
      // the other has the same octets in other memory, and has judged other things in other rooms before
      const other = structuredClone({ room, action });
      const former = anyRoom(tape);
      authorize(former, anyAction(tape, former));
      authorize(other.room, anyAction(tape, other.room));
      assert.deepEqual(authorize(other.room, other.action), authorize(room, action));
    });
  });
});

function deepFreeze<T>(value: T): T {
  // memory of octets cannot be frozen; the comparison with a copy sees its changes
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
