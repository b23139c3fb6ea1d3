import { equalBytes, utf8 } from "../../../src/codec/bytes.js";
import { encode } from "../../../src/codec/tls.js";
import { createCrypto } from "../../../src/mls/crypto.js";
import { readPublicMessage } from "../../../src/mls/framing.js";
import { readGroupInfo } from "../../../src/mls/group-info.js";
import { sealPrivateMessage } from "../../../src/mls/private-framing.js";
import { randomBytes } from "../../../src/mls/random.js";
import { DEFAULT_EXTENSION, extensionData } from "../../../src/mls/wire/extension.js";
import { mlsMessage } from "../../../src/mls/wire/message.js";
import { type GapLayer, type GapMember, PSK, SUPPORTED, UNSUPPORTED } from "./layer.js";
import { isRight } from "./our-layer.js";

/** One thing that ts-mls 1.6.4 lacks. */
export interface Gap {
  readonly title: string;
  /** Whether a layer does what the title says. */
  holds(layer: GapLayer): Promise<boolean>;
  /** What comes of it with ts-mls, where that is not `false`: an error, or `true` for a gap of another version or of careless use. */
  readonly plainly?: RegExp | true;
}

/** One after the other as a reader of ts-mls meets them; docs/adr/0008-parts-of-ts-mls.md has more. */
export const gaps: readonly Gap[] = [
  {
    title: "encodes external_pub as an HPKEPublicKey, with its length",
    async holds(layer) {
      const [alice] = await membersOf(layer, 2);
      const { extensions } = readGroupInfo((await alice.info()).groupInfo);
      const data = extensionData(extensions, DEFAULT_EXTENSION.externalPub);
      return data?.length === 33 && data[0] === 32;
    },
  },
  {
    title: "joins from outside with a pre-shared key",
    async holds(layer) {
      const [alice] = await membersOf(layer, 2);
      const { commit, member } = await layer.join(await alice.info(), { psk: PSK });
      const followed = await alice.follow(commit);
      return commitIn(commit).proposals.includes("psk") && followed.authenticator === member.authenticator;
    },
  },
  {
    title: "makes a path for a commit of GroupContextExtensions only",
    async holds(layer) {
      const [alice, bob] = await membersOf(layer, 2);
      const { commit, next } = await alice.commit({ extension: SUPPORTED });
      return commitIn(commit).path && (await bob.follow(commit)).authenticator === next.authenticator;
    },
  },
  {
    title: "changes the context and removes somebody in one commit",
    async holds(layer) {
      const [alice, bob] = await membersOf(layer, 3);
      const { commit, next } = await alice.commit({ extension: SUPPORTED, removes: [2] });
      return (await bob.follow(commit)).authenticator === next.authenticator;
    },
    plainly: /OpenError/u,
  },
  {
    title: "puts nothing before the octets of a proposal that RFC 9420 does not know",
    holds: async (layer) => layer.selfRemove().length === 2,
  },
  {
    title: "keeps no commit that an application rejects after a while",
    async holds(layer) {
      const [alice, bob] = await membersOf(layer, 2);
      const { commit } = await alice.commit({});
      return (await bob.follow(commit, async () => false)).epoch === bob.epoch;
    },
  },
  {
    title:
      "shows who joins from outside, its leaf, the authenticated data and the resulting tree before anything is kept",
    async holds(layer) {
      const [alice] = await membersOf(layer, 2);
      const authenticatedData = utf8("knock, knock");
      const { commit, member } = await layer.join(await alice.info(), { authenticatedData });
      let shown = false;
      await alice.follow(commit, async (seen) => {
        shown =
          seen.committer === member.leafIndex &&
          seen.leaf &&
          seen.members === 3 &&
          equalBytes(seen.authenticatedData ?? new Uint8Array(0), authenticatedData);
        return true;
      });
      return shown;
    },
  },
  {
    title: "lets the state go on that a dropped commit was processed in, with all forgotten that may be",
    async holds(layer) {
      const [alice, bob] = await membersOf(layer, 2);
      const [dropped, kept] = [await alice.commit({}), await alice.commit({})];
      await bob.followAndDrop(dropped.commit);
      return (await bob.follow(kept.commit)).authenticator === kept.next.authenticator;
    },
    plainly: /Could not verify confirmation tag/u,
  },
  {
    title: "says who sent an application message",
    async holds(layer) {
      const [alice, bob] = await membersOf(layer, 2);
      return (await bob.hear((await alice.say("who?")).message)).sender === alice.leafIndex;
    },
  },
  {
    title: "derives no key for a message whose sender's leaf is blank",
    async holds(layer) {
      const [alice, bob] = await membersOf(layer, 4);
      const { commit, next } = await alice.commit({ removes: [2] });
      const member = await bob.follow(commit);
      const forged = await forge(next, { leafIndex: 2, generation: 100 });
      const { derivations } = layer.work;
      const heard = await isRight(member.hear(forged));
      // two are for the sender data itself
      return !heard && layer.work.derivations - derivations <= 2;
    },
  },
  {
    // in 2.x a search for the leaf never ends
    title: "refuses a message of a leaf far outside of the tree",
    async holds(layer) {
      const [alice, bob] = await membersOf(layer, 2);
      return !(await isRight(bob.hear(await forge(alice, { leafIndex: 0xfffffffe, generation: 0 }))));
    },
    plainly: true,
  },
  {
    // ours is asked by whoever adds, before it commits: a bystander looks at no clock (RFC 9420, 7.3)
    title: "refuses a KeyPackage that is good for ten years before anybody adds it",
    holds: async (layer) => (await layer.mayAdd(30)) && !(await layer.mayAdd(3650)),
  },
  {
    title: "follows nobody into a context that a member does not support",
    async holds(layer) {
      const [alice, bob] = await membersOf(layer, 2);
      const made = await alice.commit({ extension: UNSUPPORTED }).catch(() => undefined);
      return made === undefined || !(await isRight(bob.follow(made.commit)));
    },
  },
  {
    title: "lets nobody take another's leaf by claiming its identity",
    async holds(layer) {
      const [alice] = await membersOf(layer, 3);
      const joined = await layer.join(await alice.info(), { over: 1 });
      return !(await isRight(alice.follow(joined.commit)));
    },
  },
  {
    title: "tells an own commit that comes back from one that is wrong",
    async holds(layer) {
      const [alice] = await membersOf(layer, 2);
      const { commit } = await alice.commit({});
      const why = await alice.follow(commit).then(
        () => undefined,
        (error: unknown) => error,
      );
      return typeof why === "object" && why !== null && Reflect.get(why, "code") === "ownMessage";
    },
  },
  {
    title: "speaks on while a proposal is pending",
    async holds(layer) {
      const [alice, bob, carol] = await membersOf(layer, 3);
      const member = await bob.note(await carol.propose(0));
      return (await alice.hear((await member.say("go on")).message)).text === "go on";
    },
    plainly: /with unapplied proposals/u,
  },
  {
    title: "commits none of the pending proposals that it was not told to",
    async holds(layer) {
      const [, bob, carol] = await membersOf(layer, 3);
      const member = await bob.note(await carol.propose(0));
      const { commit } = await member.commit({});
      return commitIn(commit).proposals.length === 0;
    },
  },
  {
    title: "hashes the nodes that a commit changes, not the tree",
    async holds(layer) {
      const hashes = await workOfCommit(layer, "hashes");
      // of 64 leaves and 63 parents: twice, before and after the path, a path of 6 parents with what hangs on it
      return hashes < 2 * 127;
    },
  },
  {
    title: "derives no ratchets for members who have not spoken",
    async holds(layer) {
      return (await workOfCommit(layer, "derivations")) < 64;
    },
  },
  {
    title: "keeps no former trees with the state",
    async holds(layer) {
      let [alice] = await membersOf(layer, 64);
      for (let epoch = 0; epoch < 4; epoch++) alice = (await alice.commit({})).next;
      const { ratchetTree } = await alice.info();
      return alice.stored().length < 2 * ratchetTree.length;
    },
  },
  {
    // with the tree inside, of which every newcomer's ciphertext is made: O(N²) octets to hash
    title: "leaves the tree out of a Welcome",
    async holds(layer) {
      const lengths = [4, 64].map(async (size) => (await (await membersOf(layer, size))[0].welcome()).length);
      const [small = 0, large = 0] = await Promise.all(lengths);
      return large - small < 100;
    },
    plainly: true,
  },
];

/** A group in which the first few have spoken and committed: as many members as asked for, at most three of them live. */
async function membersOf(layer: GapLayer, size: number): Promise<readonly [GapMember, GapMember, GapMember]> {
  const [alice, bob, carol] = await layer.group(size, Math.min(size, 3));
  if (!alice || !bob) throw new Error("a group of fewer than two");
  return [alice, bob, carol ?? bob];
}

/** How much bob does to follow a commit in a group of 64, having followed one before. */
async function workOfCommit(layer: GapLayer, kind: "hashes" | "derivations"): Promise<number> {
  const [alice, bob] = await membersOf(layer, 64);
  const first = await alice.commit({});
  const [next, member] = [first.next, await bob.follow(first.commit)];
  const { commit } = await next.commit({});
  const before = layer.work[kind];
  await member.follow(commit);
  return layer.work[kind] - before;
}

/** What a commit holds, read by its wire format alone. */
function commitIn(message: Uint8Array): { readonly path: boolean; readonly proposals: readonly string[] } {
  const { content } = readPublicMessage(message).content;
  if (content.kind !== "commit") throw new Error(`a ${content.kind} where a commit is expected`);
  const { path, proposals } = content.commit;
  return {
    path: path !== undefined,
    proposals: proposals.map((item) => (item.kind === "proposal" ? item.proposal.kind : "reference")),
  };
}

/** A message of that epoch which says of itself to be of that sender: any member can make one. */
async function forge({ header }: GapMember, sender: { leafIndex: number; generation: number }): Promise<Uint8Array> {
  const { senderDataSecret, groupId, epoch } = header;
  const head = { groupId, epoch, contentType: "application", authenticatedData: new Uint8Array(0) } as const;
  const content = { applicationData: utf8("boo"), signature: randomBytes(64) };
  const key = { key: randomBytes(16), nonce: randomBytes(12) };
  const privateMessage = await sealPrivateMessage(createCrypto(), head, content, sender, key, senderDataSecret);
  return encode(mlsMessage, { kind: "privateMessage", privateMessage });
}
