import { registerGuest } from "../../../demo/guest.js";
import { groupInfoResponse } from "../../../src/codec/hub-messages.js";
import type { Acceptance } from "../../../src/codec/leaf-extensions.js";
import { providerUri } from "../../../src/codec/mimi-uri.js";
import type { Role, RoomPolicy } from "../../../src/codec/room-policy.js";
import { encode } from "../../../src/codec/tls.js";
import { viewGroup } from "../../../src/mls/group.js";
import { generateUserKey } from "../../../src/mls/signing.js";
import { stage } from "../../../src/mls/stage.js";
import { encodeGroup } from "../../../src/mls/stored-group.js";
import { authorize } from "../../../src/policy/authorize.js";
import { roomStateOf } from "../../../src/policy/room-state.js";
import { ApiMember } from "../api-member.js";
import type { TestApp } from "../provider-app.js";

export type Name = "olga" | "adam" | "mallory";
/** A URI of each: of the user, or of its client. */
export type Uris = Readonly<Record<Name, string>>;

/** What a room is like in which something is tried. */
export interface Setting {
  readonly name: string;
  /** The room's policy, made of an open room's whose owner is the first inside. */
  policy(policy: RoomPolicy, users: Uris, clients: Uris): RoomPolicy;
  /** Who is inside; the first made the room. Somebody who stands twice has two clients. */
  readonly inside: readonly Name[];
  /** Who is choosy, and says in its leaf what it accepts of rooms. */
  readonly accepts?: Readonly<Partial<Record<Name, Acceptance>>>;
  /** What is done by right before. */
  prepare?(room: DishonestRoom): Promise<void>;
}

let rooms = 0;

/** A room at an honest hub, whose members speak the provider's API themselves: Olga and Adam are honest, Mallory is not. */
export class DishonestRoom {
  readonly olga: ApiMember;
  readonly adam: ApiMember;
  readonly mallory: ApiMember;
  /** Honest members that are inside. */
  readonly honest: readonly ApiMember[];
  readonly #another: (name: Name) => Promise<ApiMember>;

  private constructor(
    people: Readonly<Record<Name, ApiMember>>,
    inside: readonly Name[],
    another: (name: Name) => Promise<ApiMember>,
  ) {
    this.olga = people.olga;
    this.adam = people.adam;
    this.mallory = people.mallory;
    this.honest = (["olga", "adam"] as const).filter((name) => inside.includes(name)).map((name) => people[name]);
    this.#another = another;
  }

  static async open(app: TestApp, { policy, inside, accepts = {}, prepare }: Setting): Promise<DishonestRoom> {
    const keys = {
      olga: await generateUserKey(false),
      adam: await generateUserKey(false),
      mallory: await generateUserKey(false),
    };
    const another = async (name: Name): Promise<ApiMember> => {
      const guest = await registerGuest(app.url, keys[name], name, app.fetch);
      const acceptance = accepts[name];
      return new ApiMember({ ...guest, identity: { ...guest.identity, ...(acceptance && { acceptance }) } });
    };
    const people = { olga: await another("olga"), adam: await another("adam"), mallory: await another("mallory") };
    const room = new DishonestRoom(people, inside, another);
    const [maker, ...others] = inside.map((name) => people[name]);
    if (maker === undefined) throw new Error("nobody is inside");
    const clients = { olga: clientOf(people.olga), adam: clientOf(people.adam), mallory: clientOf(people.mallory) };
    await maker.createRoom(`dishonest-${++rooms}`, (open) => policy(open, room.users, clients));
    const members = [maker];
    for (const person of others) {
      const again = members.includes(person);
      const joiner = again ? await another(nameOf(people, person)) : person;
      await joiner.join(maker.room);
      members.push(joiner);
      for (const member of members) await member.catchUp();
    }
    for (const person of Object.values(people)) person.room = maker.room;
    await prepare?.(room);
    for (const member of members) await member.catchUp();
    return room;
  }

  get users(): Uris {
    const { olga, adam, mallory } = this;
    return { olga: olga.guest.userUri, adam: adam.guest.userUri, mallory: mallory.guest.userUri };
  }

  /** A second client of Mallory's, outside. */
  async malloryAgain(): Promise<ApiMember> {
    const again = await this.#another("mallory");
    again.room = this.mallory.room;
    return again;
  }

  /** All that the hub has of the room: epoch, tree, pending proposals and where its log ends. */
  async atTheHub(witness: ApiMember): Promise<string> {
    return String(encode(groupInfoResponse, await witness.groupInfo(witness.room)));
  }
}

function nameOf(people: Readonly<Record<Name, ApiMember>>, person: ApiMember): Name {
  return (["olga", "adam", "mallory"] as const).find((name) => people[name] === person) ?? "mallory";
}

function clientOf({ guest }: ApiMember): string {
  return guest.identity.clientUri;
}

/** How an honest member answers: the rule that forbids it. Its group is the same afterwards, to the octet. */
export async function judged(
  member: ApiMember,
  message: Uint8Array,
  pending: readonly Uint8Array[] = [],
): Promise<string> {
  const group = member.joined();
  const before = String(encodeGroup(group));
  const room = roomStateOf(viewGroup(group), member.room, providerUri(member.guest.directory.domain));
  const staged = await stage(member.guest.crypto, group, message, pending);
  if (String(encodeGroup(group)) !== before) throw new Error("looking at it has changed the group");
  const decision =
    staged.kind === "commit"
      ? authorize(room, { kind: "commit", commit: staged.view })
      : staged.kind === "proposal"
        ? authorize(room, { kind: "propose", proposal: staged.proposal })
        : authorize(room, { kind: "sendMessage", user: staged.sender.userUri });
  return decision.allowed ? "allowed" : decision.rule;
}

/** `policy` with these users listed under a role. */
export function listing(policy: RoomPolicy, role: Role, ...users: readonly string[]): RoomPolicy {
  const listed = policy.preAuthList.some(({ targetRole }) => targetRole === role);
  const nobody = { preauthDomain: [], preauthWorkgroup: [], preauthGroup: [], preauthUser: [] };
  const lists = listed ? policy.preAuthList : [...policy.preAuthList, { targetRole: role, ...nobody }];
  return {
    ...policy,
    preAuthList: lists.map((list) =>
      list.targetRole === role ? { ...list, preauthUser: [...list.preauthUser, ...users] } : list,
    ),
  };
}

/** `policy` with these users listed under no role. */
export function unlisting(policy: RoomPolicy, ...users: readonly string[]): RoomPolicy {
  const preAuthList = policy.preAuthList.map((list) => ({
    ...list,
    preauthUser: list.preauthUser.filter((user) => !users.includes(user)),
  }));
  return { ...policy, preAuthList };
}
