import { type Guest, ok, registerGuest, type Send } from "../../demo/guest.js";
import { utf8 } from "../../src/codec/bytes.js";
import { newGroupId } from "../../src/codec/group-id.js";
import {
  createRoomRequest,
  eventPage,
  type GroupInfoResponse,
  groupInfoRequest,
  groupInfoResponse,
  type RoomEvent,
  startGroupRequest,
  submitMessageRequest,
  updateRequest,
} from "../../src/codec/hub-messages.js";
import { roomIdOf, roomUri } from "../../src/codec/mimi-uri.js";
import { type RoomPolicy, roomPolicy } from "../../src/codec/room-policy.js";
import { decode, encode } from "../../src/codec/tls.js";
import { stageCommit } from "../../src/mls/commit.js";
import { stageExternalCommit } from "../../src/mls/external-commit.js";
import { createGroup, type Group } from "../../src/mls/group.js";
import { makeGroupInfo } from "../../src/mls/group-info.js";
import { proposeSelfRemove } from "../../src/mls/propose.js";
import { protectMessage } from "../../src/mls/protect.js";
import { generateUserKey } from "../../src/mls/signing.js";
import { stage } from "../../src/mls/stage.js";
import type { Proposal } from "../../src/mls/wire/proposal.js";
import { presets } from "../../src/policy/presets.js";

/** An own commit that the hub has not seen yet. */
export type OwnCommit = Awaited<ReturnType<typeof stageCommit>>;

/** What a member read in an event. */
export type Heard =
  | { readonly kind: "application"; readonly text: string; readonly sender: string }
  | { readonly kind: "commit" | "proposal" | "own" };

/**
 * A member that speaks the provider's API itself: no engine, no storage, one room. It follows the log by asking for
 * pages, and keeps its MLS state in memory.
 */
export class ApiMember {
  readonly guest: Guest;
  room = "";
  group: Group | undefined;
  cursor = 0;
  #pending: Uint8Array[] = [];
  #own: OwnCommit | undefined;
  #sent = new Set<string>();

  constructor(guest: Guest) {
    this.guest = guest;
  }

  static async register(provider: string, nickname: string, send?: Send): Promise<ApiMember> {
    return new ApiMember(await registerGuest(provider, await generateUserKey(false), nickname, send));
  }

  get path(): string {
    return `/v1/rooms/${encodeURIComponent(roomIdOf(this.room))}`;
  }

  /** The body that makes a room; the group is this member's from here on. */
  async roomRequest(
    roomId: string,
    change: (policy: RoomPolicy) => RoomPolicy = (policy) => policy,
    origins: string[] = [],
  ): Promise<Uint8Array> {
    const { directory, userUri } = this.guest;
    this.room = roomUri(directory.domain, roomId);
    const policy = change(presets.event({ name: "Test", owner: userUri, hub: directory.hubSender.uri }));
    return encode(createRoomRequest, { ...(await this.newGroup(encode(roomPolicy, policy))), origins });
  }

  async createRoom(roomId: string, change?: (policy: RoomPolicy) => RoomPolicy, origins?: string[]): Promise<Response> {
    return ok(await this.guest.request("POST", "/v1/rooms", await this.roomRequest(roomId, change, origins)));
  }

  /** A new group of this member alone: GroupInfo and tree. */
  async newGroup(policy: Uint8Array, hubSender = this.guest.directory.hubSender) {
    const { crypto, identity } = this.guest;
    const groupId = newGroupId(this.room, globalThis.crypto.getRandomValues(new Uint8Array(16)));
    this.group = await createGroup(crypto, { groupId, identity, roomPolicy: policy, externalSenders: [hubSender] });
    return await makeGroupInfo(crypto, this.group);
  }

  async startGroup(policy: Uint8Array): Promise<Response> {
    const response = await this.guest.request(
      "POST",
      `${this.path}/group`,
      encode(startGroupRequest, await this.newGroup(policy)),
    );
    if (response.ok) this.cursor = ((await response.clone().json()) as { cursor: number }).cursor;
    return response;
  }

  async groupInfo(room = this.room): Promise<GroupInfoResponse> {
    const response = ok(await this.askForGroupInfo(room));
    return decode(groupInfoResponse, new Uint8Array(await response.arrayBuffer()));
  }

  async askForGroupInfo(room = this.room): Promise<Response> {
    this.room = room;
    const body = encode(groupInfoRequest, { protocol: "mls10", joiningCode: new Uint8Array() });
    return await this.guest.request("POST", `${this.path}/groupInfo`, body);
  }

  /** A join, staged and not sent. */
  async stageJoin(room: string): Promise<{ readonly own: OwnCommit; readonly after: number }> {
    const { groupInfo, ratchetTree, pendingProposals, cursor } = await this.groupInfo(room);
    const { crypto, identity } = this.guest;
    const messages = pendingProposals.map(({ message }) => message);
    const own = await stageExternalCommit(crypto, { groupInfo, ratchetTree, pendingProposals: messages, identity });
    return { own, after: Number(cursor) };
  }

  async join(room: string): Promise<void> {
    const { own, after } = await this.stageJoin(room);
    ok(await this.guest.request("POST", `${this.path}/update`, bodyOf(own)));
    this.accepted(own);
    this.cursor = after;
  }

  /** Keeps an own commit until it comes back in the log. */
  accepted(own: OwnCommit): void {
    this.#own = own;
  }

  /** A commit of what is pending and of these proposals, or of nothing: staged and not sent. */
  async stageUpdate(proposals: readonly Proposal[] = []): Promise<OwnCommit> {
    return await stageCommit(this.guest.crypto, this.joined(), { proposals, references: this.#pending });
  }

  /** Offers a commit as it is. */
  async offer(commit: Parameters<typeof bodyOf>[0]): Promise<Response> {
    return await this.guest.request("POST", `${this.path}/update`, bodyOf(commit));
  }

  async commit(proposals: readonly Proposal[] = []): Promise<Response> {
    const own = await this.stageUpdate(proposals);
    const response = await this.offer(own);
    if (response.ok) this.accepted(own);
    return response;
  }

  async selfRemove(): Promise<Response> {
    return await this.propose(await proposeSelfRemove(this.guest.crypto, this.joined()));
  }

  /** Offers a proposal as it is. */
  async propose(proposalOrCommit: Uint8Array): Promise<Response> {
    const body = encode(updateRequest, { proposalOrCommit, bundle: undefined });
    return await this.guest.request("POST", `${this.path}/update`, body);
  }

  /** The body that says `text`, which no engine understands; the ratchet has moved on. */
  messageBody(text: string): Promise<Uint8Array> {
    return this.contentBody(utf8(text));
  }

  /** The same with any content. */
  async contentBody(content: Uint8Array): Promise<Uint8Array> {
    const { message, next } = await protectMessage(this.guest.crypto, this.joined(), content);
    this.group = next;
    this.#sent.add(String(message));
    return encode(submitMessageRequest, { protocol: "mls10", appMessage: message, sendingUri: this.guest.userUri });
  }

  async say(text: string): Promise<Response> {
    return await this.submit(await this.messageBody(text));
  }

  async submit(body: Uint8Array): Promise<Response> {
    return await this.guest.request("POST", `${this.path}/submitMessage`, body);
  }

  async close(): Promise<Response> {
    return await this.guest.request("DELETE", `${this.path}/group`);
  }

  /** The next page of the log, unread. */
  async page(after = this.cursor, limit = 200) {
    const response = ok(await this.guest.request("GET", `${this.path}/events?after=${after}&limit=${limit}`));
    return decode(eventPage, new Uint8Array(await response.arrayBuffer()));
  }

  /** Reads the log to its end. */
  async catchUp(): Promise<Heard[]> {
    const heard: Heard[] = [];
    for (let more = true; more; ) {
      const page = await this.page();
      for (const event of page.events) heard.push(await this.hear(event));
      more = page.more;
    }
    return heard;
  }

  /** Applies one event. */
  async hear(event: RoomEvent): Promise<Heard> {
    const { message } = event;
    this.cursor = Number(event.cursor);
    if (this.#sent.delete(String(message))) return { kind: "own" };
    if (this.#own !== undefined && String(this.#own.commit) === String(message)) {
      this.group = this.#own.next;
      this.#own = undefined;
      this.#pending = [];
      return { kind: "own" };
    }
    const staged = await stage(this.guest.crypto, this.joined(), message, this.#pending);
    if (staged.kind === "proposal") {
      this.#pending.push(message);
      return { kind: "proposal" };
    }
    this.group = staged.next;
    if (staged.kind === "commit") {
      this.#pending = [];
      return { kind: "commit" };
    }
    return { kind: "application", text: new TextDecoder().decode(staged.content), sender: staged.sender.nickname };
  }

  joined(): Group {
    if (this.group === undefined) throw new Error("not in a group");
    return this.group;
  }
}

/** The body that offers a commit. */
export function bodyOf({
  commit,
  groupInfo,
  ratchetTree,
}: Pick<OwnCommit, "commit" | "groupInfo" | "ratchetTree">): Uint8Array {
  return encode(updateRequest, { proposalOrCommit: commit, bundle: { welcome: undefined, groupInfo, ratchetTree } });
}
