/** What bench/mls.bench.ts has Chromium do: clients of both implementations in one group do the same things in turn. */
import { makeExternalCommit } from "../../src/mls/external-commit.js";
import { type GroupInfoBundle, makeGroupInfo } from "../../src/mls/group-info.js";
import { makeCommit } from "../../src/mls/make-commit.js";
import { processMessage } from "../../src/mls/process-message.js";
import { verify } from "../../src/mls/signing.js";
import { encodeGroup, publicLength } from "../../src/mls/stored-group.js";
import { leaves } from "../../src/mls/tree/nodes.js";
import { OpenMlsPeer } from "../../test/interop/open-mls-peer.js";
import { keyPackageIn, OurPeer } from "../../test/interop/our-peer.js";
import type { Peer } from "../../test/interop/peer.js";
import { foundWith, makeNewcomers, warm } from "./crowd.js";
import { grownOctets, storedOctets } from "./stored-octets.js";
import { type Traced, traceWebCrypto } from "./trace-web-crypto.js";

/** What was measured once, or the median of what was measured often. */
export interface Measured {
  readonly implementation: Peer["implementation"];
  readonly what: string;
  readonly unit: "ms" | "octets";
  readonly value: number;
}

declare global {
  interface Window {
    mlsBench: typeof bench;
  }
}

/** So many signature keys are kept imported by src/mls; a newcomer has none. */
const MOST_KEYS = 4096;
const TEXT = "a".repeat(200);
const JOINS = 3;
const ROUNDS = 9;
const TOGETHER = 10;
/** Octets of version and wire format before the KeyPackage in an MLSMessage. */
const MESSAGE_HEADER = 4;

interface World {
  readonly our: readonly [OurPeer, OurPeer];
  readonly open: readonly [OpenMlsPeer, OpenMlsPeer];
  /** The latest commit of the first of ours, for the second; GroupInfo of then. */
  commit: Uint8Array;
  bundle: GroupInfoBundle;
}

/** What is looked at part by part. */
export type Profiled = "process a commit" | "external join";

let world: World | undefined;
let prepared: (() => Promise<unknown>) | undefined;

const bench = {
  /** Measures all in a group of `size`, whose tree has no blank parent. */
  async measure(size: number): Promise<Measured[]> {
    const samples = new Samples();
    await measureCreation(samples, size);
    world = await makeWorld(size);
    await measureCommits(samples, world, size > 100 ? 5 : 10);
    await measureWords(samples, world);
    await measureJoins(samples, world);
    await measureState(samples, world, size);
    return samples.medians();
  },

  /** Makes ready what {@link bench.run} does. */
  async prepare(what: Profiled): Promise<void> {
    if (world === undefined) throw new Error("nothing was measured yet");
    const { our, commit, bundle } = world;
    const { crypto, leaf } = await OurPeer.make();
    await forgetKeys();
    prepared =
      what === "external join"
        ? () => makeExternalCommit(crypto, { ...bundle, leaf, removes: [], pendingProposals: [] })
        : () => processMessage(our[1].crypto, our[1].group, commit, { pending: [] });
  },

  /** Does what was prepared, and tells what WebCrypto was asked for. */
  async run(times: number): Promise<Traced> {
    const work = prepared;
    if (work === undefined) throw new Error("nothing was prepared");
    return traceWebCrypto(async () => {
      for (let count = 0; count < times; count += 1) await work();
    });
  },
};
window.mlsBench = bench;

class Samples {
  readonly #taken = new Map<string, { readonly first: Omit<Measured, "value">; readonly values: number[] }>();

  add(implementation: Peer["implementation"], what: string, unit: Measured["unit"], value: number): void {
    const name = `${implementation} ${what}`;
    const known = this.#taken.get(name) ?? { first: { implementation, what, unit }, values: [] };
    known.values.push(value);
    this.#taken.set(name, known);
  }

  /** Milliseconds until `work` is done; `times`: how often it does the thing. */
  async time<Result>(
    by: Peer["implementation"],
    what: string,
    work: () => Promise<Result>,
    times = 1,
  ): Promise<Result> {
    const start = performance.now();
    const result = await work();
    this.add(by, what, "ms", (performance.now() - start) / times);
    return result;
  }

  medians(): Measured[] {
    return [...this.#taken.values()].map(({ first, values }) => {
      const sorted = values.toSorted((one, other) => one - other);
      return { ...first, value: sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN };
    });
  }
}

async function measureCreation(samples: Samples, size: number): Promise<void> {
  const newcomers = await makeNewcomers(size);
  const made = await samples.time("src/mls", "create, adding all", () => foundWith(newcomers));
  samples.add("src/mls", "commit that adds all", "octets", made.commit.length);
  samples.add("src/mls", "Welcome for all", "octets", made.welcome?.length ?? 0);
  const founder = await OpenMlsPeer.make();
  const add = newcomers.keyPackages.map(({ message }) => message.subarray(MESSAGE_HEADER));
  const sent = await samples.time("OpenMLS", "create, adding all", async () => {
    await founder.found(crypto.getRandomValues(new Uint8Array(16)));
    return founder.commit({ add });
  });
  samples.add("OpenMLS", "commit that adds all", "octets", sent.commit.length);
  samples.add("OpenMLS", "Welcome for all", "octets", sent.welcome?.length ?? 0);
}

/** A crowd and two of each implementation, each of whom has committed. */
async function makeWorld(size: number): Promise<World> {
  const newcomers = await makeNewcomers(size - 4);
  const { next } = await foundWith(newcomers);
  const crowd = await warm({ crypto: newcomers.crypto, group: next });
  const our = [await OurPeer.make(), await OurPeer.make()] as const;
  const open = [await OpenMlsPeer.make(), await OpenMlsPeer.make()] as const;
  const peers: readonly Peer[] = [our[0], open[0], our[1], open[1]];
  const proposals = [];
  for (const peer of peers) proposals.push({ kind: "add", keyPackage: keyPackageIn(await peer.offer()) } as const);
  const made = await makeCommit(crowd.crypto, crowd.group, { references: [], proposals, treeInWelcome: true });
  for (const peer of peers) await peer.join(made.welcome ?? new Uint8Array(0));
  for (const peer of peers) {
    const { commit } = await peer.commit();
    for (const other of peers) if (other !== peer) await other.process(commit);
  }
  if (leaves(our[0].group.nodes).length !== size) throw new Error(`${leaves(our[0].group.nodes).length} members`);
  return { our, open, commit: new Uint8Array(0), bundle: await makeGroupInfo(our[0].crypto, our[0].group) };
}

async function measureCommits(samples: Samples, { our, open }: World, rounds: number): Promise<void> {
  const [committer, other] = our;
  for (let round = 0; round < rounds; round += 1) {
    const made = await samples.time("src/mls", "create a commit", () =>
      makeCommit(committer.crypto, committer.group, { references: [], proposals: [] }),
    );
    committer.keep(made.next);
    samples.add("src/mls", "commit", "octets", made.commit.length);
    await samples.time("src/mls", "process a commit", () => other.process(made.commit));
    await samples.time("OpenMLS", "process a commit", () => open[1].process(made.commit));
    await open[0].process(made.commit);
    const sent = await samples.time("OpenMLS", "create a commit", () => open[0].commit());
    samples.add("OpenMLS", "commit", "octets", sent.commit.length);
    await samples.time("OpenMLS", "process a commit", () => open[1].process(sent.commit));
    await samples.time("src/mls", "process a commit", () => other.process(sent.commit));
    await committer.process(sent.commit);
  }
}

/** The page's clock goes in steps of a tenth of a millisecond: several messages are timed together. */
async function measureWords(samples: Samples, { our, open }: World): Promise<void> {
  for (const [from, to] of [our, open] as const) {
    const by = from.implementation;
    for (let round = 0; round < ROUNDS; round += 1) {
      const said: Uint8Array[] = [];
      const say = async () => {
        for (let index = 0; index < TOGETHER; index += 1) said.push(await from.say(TEXT));
      };
      const hear = async () => {
        for (const message of said) await to.hear(message);
      };
      await samples.time(by, "encrypt 200 octets", say, TOGETHER);
      await samples.time(by, "decrypt 200 octets", hear, TOGETHER);
      for (const message of said) samples.add(by, "message of 200 octets", "octets", message.length);
    }
  }
}

async function measureJoins(samples: Samples, at: World): Promise<void> {
  const [member] = at.our;
  at.bundle = await makeGroupInfo(member.crypto, member.group);
  const ask = { references: [], proposals: [] };
  const withTree = await member.groupInfo();
  samples.add("src/mls", "GroupInfo without the tree", "octets", at.bundle.groupInfo.length);
  samples.add("src/mls", "tree", "octets", at.bundle.ratchetTree.length);
  for (let index = 0; index < JOINS; index += 1) {
    const [ours, theirs] = [await OurPeer.make(), await OpenMlsPeer.make()];
    for (const newcomer of [ours, theirs]) {
      const proposals = [{ kind: "add", keyPackage: keyPackageIn(await newcomer.offer()) }] as const;
      const made = await makeCommit(member.crypto, member.group, { references: [], proposals, treeInWelcome: true });
      await forgetKeys();
      await samples.time(newcomer.implementation, "join by Welcome", () => newcomer.join(made.welcome ?? withTree));
    }
    const [joiner, open] = [await OurPeer.make(), await OpenMlsPeer.make()];
    await forgetKeys();
    const made = await samples.time("src/mls", "external join", () =>
      makeExternalCommit(joiner.crypto, { ...at.bundle, leaf: joiner.leaf, removes: [], pendingProposals: [] }),
    );
    samples.add("src/mls", "external commit", "octets", made.commit.length);
    const sent = await samples.time("OpenMLS", "external join", () => open.joinExternally(withTree));
    samples.add("OpenMLS", "external commit", "octets", sent.commit.length);
  }
  at.commit = (await makeCommit(member.crypto, member.group, ask)).commit;
}

async function measureState(samples: Samples, { our }: World, size: number): Promise<void> {
  const [member] = our;
  samples.add("src/mls", "state", "octets", encodeGroup(member.group).length);
  samples.add(
    "src/mls",
    "of it what a message changes",
    "octets",
    encodeGroup(member.group).length - publicLength(member.group),
  );
  const name = `mls-bench-${size}-${crypto.randomUUID()}`;
  const stored = await OpenMlsPeer.make(name);
  const before = await storedOctets(name);
  const proposals = [{ kind: "add", keyPackage: keyPackageIn(await stored.offer()) }] as const;
  const made = await makeCommit(member.crypto, member.group, { references: [], proposals, treeInWelcome: true });
  await stored.join(made.welcome ?? new Uint8Array(0));
  const grown = await grownOctets(name, before);
  // a small group has its place in blocks that were there before
  if (grown > 0) samples.add("OpenMLS", "state", "octets", grown);
}

/** Lets src/mls forget whose signature keys it has imported. */
async function forgetKeys(): Promise<void> {
  for (let index = 0; index < MOST_KEYS; index += 64) {
    const keys = Array.from({ length: 64 }, () => crypto.getRandomValues(new Uint8Array(32)));
    await Promise.all(
      keys.map((key) => verify(key.with(31, 1), new Uint8Array(0), new Uint8Array(64).fill(2).with(63, 0))),
    );
  }
}
