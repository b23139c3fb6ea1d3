import { utf8 } from "../../src/codec/bytes.js";
import { EXTENSION } from "../../src/codec/leaf-extensions.js";
import { stageCommit } from "../../src/mls/commit.js";
import { type Crypto, createCrypto } from "../../src/mls/crypto.js";
import type { Group } from "../../src/mls/group.js";
import { type GroupInfoBundle, makeGroupInfo } from "../../src/mls/group-info.js";
import { lifetimeAt, makeKeyPackage } from "../../src/mls/key-package.js";
import { proposeSelfRemove } from "../../src/mls/propose.js";
import { protectMessage } from "../../src/mls/protect.js";
import { deliver, join, makeClient, type Seat, seatAt, startGroup, type TestClient } from "../support/mls-builders.js";
import { withSeededCrypto } from "./seeded-crypto.js";

const SEED = 9420;
/** When all of this happens, in milliseconds since 1970. */
export const NOW = 1_700_000_000_000;

/** A group that is attacked, and the messages of its epoch that attacks are made of. */
export interface AttackedRoom {
  /** Who is attacked: a member that has sent nothing. */
  readonly victim: Seat;
  /** Signs for every client here, members and the one who is about to join: nobody can know more. */
  readonly attacker: Crypto;
  /** A member's state of the same epoch. */
  readonly insider: Group;
  /** A SelfRemove that is pending. */
  readonly pending: readonly Uint8Array[];
  /** Messages that the victim accepts, by what they are. */
  readonly messages: Readonly<
    Record<"application" | "selfRemove" | "keyUpdate" | "removal" | "policy" | "reference" | "join", Uint8Array>
  >;
  /** KeyPackages of clients that are in no group yet, one of them the last resort. */
  readonly keyPackages: readonly Uint8Array[];
  /** GroupInfo and tree of the present epoch. */
  readonly bundle: GroupInfoBundle;
  /** Commits of this epoch with the GroupInfo and tree of the next. */
  readonly offers: readonly (GroupInfoBundle & { readonly commit: Uint8Array })[];
}

/** The room that all attacks are on. It never changes: whoever is attacked only stages. */
let made: Promise<AttackedRoom> | undefined;

export function attackedRoom(): Promise<AttackedRoom> {
  made ??= withSeededCrypto(SEED, makeAttackedRoom);
  return made;
}

/** Six joined, one was removed, keys were renewed: a tree with blanks, parents, and leaves that are not merged yet. */
async function makeAttackedRoom(): Promise<AttackedRoom> {
  const alice = await makeClient("Alice");
  let seats: Seat[] = [{ ...alice, group: await startGroup(alice) }];
  const clients: TestClient[] = [alice];
  for (const name of ["Bob", "Carol", "Dave", "Erin"]) seats = await enter(seats, clients, name);
  seats = await commitBy(seats, [{ kind: "remove", removed: 2 }]);
  seats = await enter(seats, clients, "Frank");
  seats = await commitBy(seats, []);
  seats = await enter(seats, clients, "Grace");

  const first = seatAt(seats, 0);
  const { crypto, group } = first;
  const newcomer = await makeClient("Heidi");
  const pending = [await proposeSelfRemove(seatAt(seats, 3).crypto, seatAt(seats, 3).group)];
  const bundle = await makeGroupInfo(crypto, group);
  const keyUpdate = await stageCommit(crypto, group, { proposals: [], references: [] });
  const removal = await stageCommit(crypto, group, { proposals: [{ kind: "remove", removed: 3 }], references: [] });
  const extensions = group.context.extensions.map((extension) =>
    extension.extensionType === EXTENSION.roomPolicy ? { ...extension, extensionData: utf8("another") } : extension,
  );
  const change = { kind: "groupContextExtensions", extensions } as const;
  const policy = await stageCommit(crypto, group, { proposals: [change], references: [] });
  const reference = await stageCommit(crypto, group, { proposals: [], references: pending });
  const joined = await join(newcomer, bundle, { pendingProposals: pending });
  const lifetime = lifetimeAt(NOW);
  const { identity } = newcomer;
  const keyPackages = [
    (await makeKeyPackage(newcomer.crypto, { identity, lifetime, lastResort: false })).message,
    (await makeKeyPackage(newcomer.crypto, { identity, lifetime, lastResort: true })).message,
  ];
  const attacker = createCrypto();
  for (const { signatureKeyPair } of [...clients, newcomer]) await attacker.addSignatureKey(signatureKeyPair);
  return {
    victim: seatAt(seats, 1),
    attacker,
    insider: group,
    pending,
    messages: {
      application: (await protectMessage(crypto, group, utf8("hello"))).message,
      selfRemove: pending[0] ?? new Uint8Array(),
      keyUpdate: keyUpdate.commit,
      removal: removal.commit,
      policy: policy.commit,
      reference: reference.commit,
      join: joined.commit,
    },
    keyPackages,
    bundle,
    offers: [keyUpdate, removal, policy, reference, joined],
  };
}

async function enter(seats: readonly Seat[], clients: TestClient[], nickname: string): Promise<Seat[]> {
  const client = await makeClient(nickname);
  clients.push(client);
  const { crypto, group } = seatAt(seats, 0);
  const joined = await join(client, await makeGroupInfo(crypto, group));
  return [...(await deliver(seats, joined.commit)), joined.seat];
}

/** A commit of the first member, kept by all. */
async function commitBy(
  seats: readonly Seat[],
  proposals: Parameters<typeof stageCommit>[2]["proposals"],
): Promise<Seat[]> {
  const first = seatAt(seats, 0);
  const { commit, next } = await stageCommit(first.crypto, first.group, { proposals, references: [] });
  return [{ ...first, group: next }, ...(await deliver(seats.slice(1), commit))];
}
