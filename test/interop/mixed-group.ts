import { expect } from "@open-wc/testing";
import { utf8 } from "../../src/codec/bytes.js";
import { OpenMlsPeer } from "./open-mls-peer.js";
import { OurPeer } from "./our-peer.js";
import type { Peer, Sent } from "./peer.js";

/** A group of both implementations, and the messages of a delivery service that keeps their order. */
export class MixedGroup {
  #members: Peer[];
  #groupInfo: Uint8Array | undefined;

  private constructor(founder: Peer) {
    this.#members = [founder];
  }

  /** A group that `founder` begins and adds the others to, one commit each. */
  static async of(founder: Peer, others: readonly Peer[], externalSender?: Uint8Array): Promise<MixedGroup> {
    await founder.found(utf8(`group ${crypto.randomUUID()}`), externalSender);
    const group = new MixedGroup(founder);
    for (const other of others) await group.add(founder, other);
    return group;
  }

  get members(): readonly Peer[] {
    return this.#members;
  }

  /** The GroupInfo of the last commit. */
  get groupInfo(): Uint8Array {
    if (this.#groupInfo === undefined) throw new Error("nothing was committed yet");
    return this.#groupInfo;
  }

  async add(committer: Peer, newcomer: Peer): Promise<void> {
    await this.accept(committer, await committer.commit({ add: [await newcomer.offer()] }), [newcomer]);
  }

  async remove(committer: Peer, leaver: Peer): Promise<void> {
    await this.accept(committer, await committer.commit({ remove: [leaver.id] }));
  }

  /** One who is in already comes back over its old leaf. */
  async joinExternally(joiner: Peer): Promise<void> {
    await this.accept(joiner, await joiner.joinExternally(this.groupInfo));
    if (!this.#members.includes(joiner)) this.#members.push(joiner);
    await this.agree();
  }

  /** Hands a proposal to all others. */
  async propose(from: Peer, proposal: Uint8Array): Promise<void> {
    for (const member of this.#members) if (member !== from) await member.process(proposal);
  }

  /** Lets all others process a commit and `newcomers` join by its Welcome; then all must be in one epoch with one roster. */
  async accept(committer: Peer, sent: Sent, newcomers: readonly Peer[] = []): Promise<void> {
    for (const member of this.#members) if (member !== committer) await member.process(sent.commit);
    for (const newcomer of newcomers) {
      if (sent.welcome === undefined) throw new Error("a commit that adds nobody");
      await newcomer.join(sent.welcome);
    }
    this.#members = [...this.#members.filter((member) => member.isIn()), ...newcomers];
    this.#groupInfo = sent.groupInfo;
    await this.agree();
  }

  /** Checks that all members are in one epoch, with the same secrets and the same roster. */
  async agree(): Promise<void> {
    const [first, ...others] = this.#members;
    if (first === undefined) throw new Error("a group without members");
    const [epoch, secret, roster] = [await first.epoch(), await first.exported(), await first.members()];
    for (const other of others) {
      const who = `${other.implementation} against ${first.implementation}`;
      expect(await other.epoch(), `epoch of ${who}`).to.equal(epoch);
      expect(await other.exported(), `exporter secret of ${who}`).to.equal(secret);
      expect(await other.members(), `roster of ${who}`).to.deep.equal(roster);
    }
  }

  /** One member says something that all others hear as its words. */
  async talk(from: Peer, text: string): Promise<void> {
    const message = await from.say(text);
    for (const member of this.#members) {
      if (member === from) continue;
      expect(await member.hear(message), `${member.implementation} hears`).to.deep.equal({ from: from.id, text });
    }
  }
}

/** A client of one and a client of the other, both ways. */
export const BOTH_WAYS: readonly {
  readonly one: Peer["implementation"];
  readonly other: Peer["implementation"];
  make(): Promise<readonly [Peer, Peer]>;
}[] = [
  { one: "src/mls", other: "OpenMLS", make: async () => [await OurPeer.make(), await OpenMlsPeer.make()] },
  { one: "OpenMLS", other: "src/mls", make: async () => [await OpenMlsPeer.make(), await OurPeer.make()] },
];

/** A group of two clients of each, which one of OpenMLS began. */
export async function fourMembers(externalSender?: Uint8Array) {
  const [open, openOther] = [await OpenMlsPeer.make(), await OpenMlsPeer.make()];
  const [our, ourOther] = [await OurPeer.make(), await OurPeer.make()];
  const group = await MixedGroup.of(open, [our, openOther, ourOther], externalSender);
  return { group, our, ourOther, open, openOther };
}

/** That many fresh clients of src/mls. */
export function ours(count: number): Promise<OurPeer[]> {
  return Promise.all(Array.from({ length: count }, () => OurPeer.make()));
}

/** That many fresh clients of OpenMLS. */
export function theirs(count: number): Promise<OpenMlsPeer[]> {
  return Promise.all(Array.from({ length: count }, () => OpenMlsPeer.make()));
}
