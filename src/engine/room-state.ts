import { unlessMalformed } from "../codec/codec-error.js";
import { domainOf } from "../codec/mimi-uri.js";
import { type RoomPolicy, roomName, roomPolicy } from "../codec/room-policy.js";
import { decode, encode } from "../codec/tls.js";
import { fingerprintOf, markOf } from "../mls/fingerprint.js";
import { epochAuthenticator } from "../mls/group.js";
import { authorize } from "../policy/authorize.js";
import { describePolicy } from "../policy/describe-policy.js";
import { isModerator } from "../policy/roles.js";
import { type RoomState as PolicyRoom, roleOf } from "../policy/room-state.js";
import type { RoomSummary } from "../transport/provider-client.js";
import type { Fingerprint, Me, Occupant, RoomPreview, RoomState } from "../worker/engine-api.js";
import { mayRename } from "./commands/rename.js";
import type { Situation } from "./context.js";
import type { Memory, SeatedGroup } from "./memory.js";

/** Makes the states that a page is told; one that would say nothing new is the same object as the one before. */
export class StateMaker {
  readonly #address: { readonly provider: string; readonly room: string };
  readonly #occupants = latestOf(occupantsOf);
  readonly #me = latestOf(meOf);
  readonly #preview: (summary: RoomSummary) => RoomPreview;
  readonly #insidePreview = latestOf(insidePreview);
  readonly #fingerprint = latestOf(fingerprintAt);
  readonly #policyMark = latestOf(policyMark);
  #latest: RoomState | undefined;

  constructor(address: { readonly provider: string; readonly room: string }) {
    this.#address = address;
    this.#preview = latestOf((summary) => previewOf(summary, address.room));
  }

  get latest(): RoomState | undefined {
    return this.#latest;
  }

  stateOf(memory: Memory, { phase, connection, preview, problem }: Situation): RoomState {
    const room = memory.seat?.room;
    const summary = room ? this.#insidePreview(room) : preview && this.#preview(preview);
    const me = this.#me(memory.identity, room);
    const group = memory.seat?.group;
    const fields: RoomState = {
      phase: memory.seat ? "joined" : phase,
      connection,
      room: this.#address.room,
      provider: this.#address.provider,
      ...(summary ? { preview: summary } : {}),
      ...(me ? { me } : {}),
      ...(memory.suggestedNickname === undefined ? {} : { suggestedNickname: memory.suggestedNickname }),
      ...(memory.acceptance ? { acceptance: memory.acceptance } : {}),
      occupants: this.#occupants(room, memory.identity?.userUri),
      ...(group ? { fingerprint: this.#fingerprint(group.epoch, epochAuthenticator(group)) } : {}),
      ...(room ? { policyMark: this.#policyMark(room.policy) } : {}),
      ...(problem ? { problem } : {}),
    };
    this.#latest = this.#latest && isSame(this.#latest, fields) ? this.#latest : fields;
    return this.#latest;
  }
}

/** `make`, remembering its latest result: the same arguments give the same object. */
function latestOf<A extends readonly unknown[], R>(make: (...args: A) => R): (...args: A) => R {
  let latest: { readonly args: A; readonly result: R } | undefined;
  return (...args) => {
    if (!latest || args.some((arg, index) => arg !== latest?.args[index])) latest = { args, result: make(...args) };
    return latest.result;
  };
}

function isSame(a: RoomState, b: RoomState): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof RoomState>;
  return [...names].every((name) => a[name] === b[name]);
}

function occupantsOf(room: PolicyRoom | undefined, own: string | undefined): readonly Occupant[] {
  const users = new Map<string, Occupant>();
  for (const { userUri, nickname } of room?.members ?? []) {
    const known = users.get(userUri);
    if (known) users.set(userUri, { ...known, clients: known.clients + 1 });
    else if (room) {
      const role = roleOf(room, userUri);
      users.set(userUri, { userUri, nickname, role, own: userUri === own, clients: 1 });
    }
  }
  return [...users.values()];
}

function meOf(identity: Memory["identity"], room: PolicyRoom | undefined): Me | undefined {
  if (!identity?.nickname || !room) return undefined;
  const role = roleOf(room, identity.userUri);
  return {
    userUri: identity.userUri,
    nickname: identity.nickname,
    role,
    maySend: authorize(room, { kind: "sendMessage", user: identity.userUri }),
    mayRename: mayRename(room, identity.userUri),
    mayModerate: isModerator(role),
    recoverable: identity.recoverable,
  };
}

function policyMark(policy: RoomPolicy): string {
  return markOf(encode(roomPolicy, policy));
}

function fingerprintAt(epoch: bigint, authenticator: Uint8Array): Fingerprint {
  return { epoch: Number(epoch), digits: fingerprintOf(authenticator) };
}

/** Name and facts are the policy's and the host is the address's, as they will be inside: the hub is not believed. */
function previewOf(summary: RoomSummary, room: string): RoomPreview {
  const policy = unlessMalformed(() => decode(roomPolicy, summary.policy));
  return {
    // A provider that shows an unreadable policy shows nothing; the problem beside it says so.
    name: policy ? roomName(policy) : "",
    host: domainOf(room),
    occupantCount: summary.occupantCount,
    facts: policy ? describePolicy(policy) : [],
  };
}

/** Whether two policies tell a person the same about the room. */
export function readsTheSame(one: RoomPolicy, other: RoomPolicy): boolean {
  const words = (policy: RoomPolicy) => JSON.stringify([roomName(policy), describePolicy(policy)]);
  return words(one) === words(other);
}

/** What is known of the room by who goes out: policy as it was in force, so that the way back in does not ask about an older one. */
export function summaryOf({ room, view }: SeatedGroup): RoomSummary {
  const { occupantCount } = insidePreview(room);
  return { room: room.room, occupantCount: occupantCount - 1, policy: view.roomPolicy, hasGroup: true };
}

/** What the preview would say, from inside: the group itself is asked, not the provider. */
function insidePreview(room: PolicyRoom): RoomPreview {
  return {
    name: roomName(room.policy),
    host: domainOf(room.room),
    occupantCount: new Set(room.members.map((member) => member.userUri)).size,
    facts: describePolicy(room.policy),
  };
}
