import { utf8 } from "../../src/codec/bytes.js";
import type {
  CommitView,
  ExtensionView,
  GroupView,
  Member,
  ProposalView,
  SenderView,
} from "../../src/codec/group-view.js";
import { EXTENSION, type UserClaims } from "../../src/codec/leaf-extensions.js";
import { clientUri, domainOf, userOfClient } from "../../src/codec/mimi-uri.js";
import { type Role, type RoomPolicy, roomPolicy } from "../../src/codec/room-policy.js";
import { encode, opaque, struct, uint16, vector } from "../../src/codec/tls.js";
import { SELF_REMOVE } from "../../src/mls/wire/self-remove.js";
import { presets } from "../../src/policy/presets.js";
import { type RoomState, roomStateOf } from "../../src/policy/room-state.js";

export const hub = "mimi://example.com";
export const room = "mimi://example.com/r/keynote";

/** One client each, but Bob's two; Eve's provider is another. */
export const alice = client("example.com", "alice", "1");
export const adam = client("example.com", "adam", "1");
export const bob = client("example.com", "bob", "1");
export const bobPhone = client("example.com", "bob", "phone");
export const cathy = client("example.com", "cathy", "1");
export const eve = client("other.example", "eve", "1");

/** A client that is in no tree yet: {@link groupOf} gives it its leaf. */
export function client(domain: string, user: string, id: string, key = user): Member {
  const uri = clientUri(domain, user, id);
  return {
    leafIndex: 0,
    clientUri: uri,
    userUri: userOfClient(uri),
    nickname: user,
    signatureKey: utf8(uri),
    userKey: utf8(`key of ${key}`),
  };
}

/** `member` with claims by its provider, whose key is the one that {@link extensionsOf} names; or by another key. */
export function claiming(
  member: Member,
  said: Partial<Pick<UserClaims, "groups" | "workgroups">> = {},
  signer = `mimi://${domainOf(member.userUri)}`,
): Member {
  const claims = { providerKey: utf8(`key of ${signer}`), groups: [], workgroups: [], ...said, signature: utf8("its") };
  return { ...member, claims };
}

/** An open room where Alice is owner and Adam admin; `changes` make other rooms of it. */
export function policyOf(
  changes: Partial<RoomPolicy> = {},
  roles: Partial<Record<Role, readonly string[]>> = {},
): RoomPolicy {
  const base = presets.event({ name: "Keynote", owner: alice.userUri, hub });
  const lists = { system: [hub], owner: [alice.userUri], admin: [adam.userUri], ...roles };
  const roleNames = Object.keys(lists) as Role[];
  return {
    ...base,
    preAuthList: roleNames.map((targetRole) => ({
      targetRole,
      preauthDomain: [],
      preauthWorkgroup: [],
      preauthGroup: [],
      preauthUser: lists[targetRole] ?? [],
    })),
    ...changes,
  };
}

const capabilities = struct({ extensions: vector(uint16), proposals: vector(uint16), credentials: vector(uint16) });
const senders = vector(struct({ signatureKey: opaque, credentialType: uint16, identity: opaque }));

/** What a room's GroupContext holds: the policy, what clients must support, and who may propose from outside. */
export function extensionsOf(policy: RoomPolicy, externalSenders: readonly string[] = [hub]): readonly ExtensionView[] {
  return [
    { type: EXTENSION.roomPolicy, data: encode(roomPolicy, policy) },
    {
      type: 0x0003,
      data: encode(capabilities, {
        extensions: [EXTENSION.roomPolicy, EXTENSION.clientBinding, EXTENSION.nickname],
        proposals: [SELF_REMOVE],
        credentials: [0x0001],
      }),
    },
    {
      type: 0x0005,
      data: encode(
        senders,
        externalSenders.map((uri) => ({
          signatureKey: utf8(`key of ${uri}`),
          credentialType: 0x0001,
          identity: utf8(uri),
        })),
      ),
    },
  ];
}

/** A group with these clients, in this order of leaves. */
export function groupOf(policy: RoomPolicy, clients: readonly Member[], extensions = extensionsOf(policy)): GroupView {
  return {
    groupId: utf8(room),
    epoch: 1n,
    roomPolicy: encode(roomPolicy, policy),
    members: clients.map((member, leafIndex) => ({ ...member, leafIndex })),
    extensions,
  };
}

/** A room with these clients. */
export function roomOf(
  policy: RoomPolicy,
  clients: readonly Member[],
  externalSenders: readonly string[] = [hub],
): RoomState {
  return roomStateOf(groupOf(policy, clients, extensionsOf(policy, externalSenders)), room, hub);
}

/** `member` as it stands in the room's tree. */
export function seatOf({ members }: RoomState, { clientUri }: Member): Member {
  const seat = members.find((member) => member.clientUri === clientUri);
  if (seat === undefined) throw new Error(`${clientUri} is not in the room`);
  return seat;
}

/** The sender that `member` of the room is. */
export function by(state: RoomState, member: Member): Extract<SenderView, { kind: "member" }> {
  return { kind: "member", member: seatOf(state, member) };
}

/** The sender that a stranger is who joins by External Commit. */
export function joining(member: Member): SenderView {
  return { kind: "newMemberCommit", member };
}

/** What a commit leaves out of a {@link CommitDraft} is as it follows from the proposals. */
interface CommitDraft {
  readonly proposals: readonly ProposalView[];
  readonly committer?: Member;
  /** The clients after the commit. */
  readonly members?: readonly Member[];
}

/** A staged commit in `state`: what MLS would make of these proposals. */
export function commitOf(state: RoomState, sender: SenderView, draft: CommitDraft): CommitView {
  const gone = new Set<number>();
  const added: Member[] = sender.kind === "newMemberCommit" ? [sender.member] : [];
  let { extensions } = state;
  for (const proposal of draft.proposals) {
    if (proposal.kind === "remove" || proposal.kind === "selfRemove") gone.add(proposal.removed.leafIndex);
    if (proposal.kind === "add") added.push(proposal.added);
    if (proposal.kind === "groupContextExtensions") extensions = proposal.extensions;
  }
  const rest = state.members.filter(({ leafIndex }) => !gone.has(leafIndex));
  const view = (members: readonly Member[], list: readonly ExtensionView[], epoch: bigint): GroupView => ({
    groupId: utf8(room),
    epoch,
    roomPolicy: list.find(({ type }) => type === EXTENSION.roomPolicy)?.data ?? new Uint8Array(),
    members,
    extensions: list,
  });
  return {
    sender,
    proposals: draft.proposals,
    committer: draft.committer ?? ("member" in sender ? sender.member : undefined),
    before: view(state.members, state.extensions, 1n),
    after: view(draft.members ?? [...rest, ...added], extensions, 2n),
  };
}
