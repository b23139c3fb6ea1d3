import { fromUtf8, toHex, utf8 } from "../../../src/codec/bytes.js";
import { encode } from "../../../src/codec/tls.js";
import { type Crypto, createCrypto } from "../../../src/mls/crypto.js";
import { makeExternalCommit } from "../../../src/mls/external-commit.js";
import { forgetGroup } from "../../../src/mls/forget-group.js";
import { epochAuthenticator, foundGroup, type Group } from "../../../src/mls/group.js";
import { makeGroupInfo } from "../../../src/mls/group-info.js";
import {
  makeKeyPackage,
  type OwnKeyPackage,
  parseKeyPackage,
  readKeyPackage,
  signKeyPackage,
} from "../../../src/mls/key-package.js";
import { makeCommit } from "../../../src/mls/make-commit.js";
import { processMessage } from "../../../src/mls/process-message.js";
import { propose } from "../../../src/mls/propose.js";
import { protectMessage } from "../../../src/mls/protect.js";
import { externalPskId } from "../../../src/mls/psk.js";
import { encodeGroup } from "../../../src/mls/stored-group.js";
import type { LeafContent } from "../../../src/mls/tree/leaf.js";
import { leafAt, leaves } from "../../../src/mls/tree/nodes.js";
import { joinByWelcome } from "../../../src/mls/welcome.js";
import { proposal } from "../../../src/mls/wire/proposal.js";
import { SELF_REMOVE } from "../../../src/mls/wire/self-remove.js";
import { makeClient } from "../mls-builders.js";
import { plainAuthentication } from "../plain-authentication.js";
import { type GapLayer, type GapMember, PSK, PSK_ID, SUPPORTED } from "./layer.js";

const DAY = 24 * 3_600_000;
const NOTHING = new Uint8Array(0);
const psks = [{ id: externalPskId(PSK_ID), secret: PSK }];

/** src/mls, for groups of any application. */
export function ourLayer(): GapLayer {
  const work = { hashes: 0, derivations: 0 };
  const crypto = counting(
    createCrypto({
      ...plainAuthentication,
      mayReplace: (leaf, joiner) => toHex(leaf.signatureKey) === toHex(joiner.signatureKey),
    }),
    work,
  );

  const leafOf = async (name: string): Promise<LeafContent> => ({
    signatureKey: (await crypto.signature.keygen()).publicKey,
    credential: { identity: utf8(name) },
    capabilities: {
      versions: [1],
      cipherSuites: [1],
      extensions: [SUPPORTED],
      proposals: [SELF_REMOVE],
      credentials: [1],
    },
    extensions: [],
  });

  const packageOf = async (name: string): Promise<OwnKeyPackage> => {
    const lifetime = { notBefore: Date.now() - DAY, notAfter: Date.now() + DAY };
    return signKeyPackage(crypto, { leaf: await leafOf(name), lifetime, lastResort: false });
  };

  function member(group: Group, pending: readonly Uint8Array[] = []): GapMember {
    const process = async (message: Uint8Array) => processMessage(crypto, group, message, { pending, psks });
    return {
      leafIndex: group.ownLeafIndex,
      epoch: group.epoch,
      authenticator: toHex(epochAuthenticator(group)),
      header: { groupId: group.groupId, epoch: group.epoch, senderDataSecret: group.keys.senderDataSecret },
      info: () => makeGroupInfo(crypto, group),
      async commit({ removes = [], extension, authenticatedData = NOTHING }) {
        const extensions = [{ extensionType: extension ?? 0, extensionData: NOTHING }];
        const proposals = [
          ...removes.map((removed) => ({ kind: "remove", removed }) as const),
          ...(extension === undefined ? [] : [{ kind: "groupContextExtensions", extensions } as const]),
        ];
        const made = await makeCommit(crypto, group, { references: [], proposals, authenticatedData });
        return { commit: made.commit, next: member(made.next) };
      },
      async follow(commit, decide = async () => true) {
        const staged = await process(commit);
        if (staged.kind !== "commit" || !staged.next) throw new Error("no commit to follow");
        const { committer, authenticatedData, after } = staged.checked;
        const leaf = committer !== undefined && leafAt(after.nodes, committer) !== undefined;
        const kept = await decide({ committer, authenticatedData, leaf, members: leaves(after.nodes).length });
        return kept ? member(staged.next) : this;
      },
      async followAndDrop(commit) {
        const staged = await process(commit);
        if (staged.kind === "commit" && staged.next) forgetGroup(staged.next, group);
      },
      propose: (removed) => propose(crypto, group, { kind: "remove", removed }),
      async note(message) {
        const staged = await process(message);
        if (staged.kind !== "proposal") throw new Error(`a ${staged.kind} where a proposal is expected`);
        return member(group, [...pending, message]);
      },
      async say(text) {
        const { message, next } = await protectMessage(crypto, group, utf8(text));
        return { message, next: member(next, pending) };
      },
      async hear(message) {
        const heard = await process(message);
        if (heard.kind !== "application") throw new Error(`a ${heard.kind} where a message is expected`);
        return { text: fromUtf8(heard.content), sender: heard.leafIndex };
      },
      async welcome() {
        const made = await makeCommit(crypto, group, {
          references: [],
          proposals: [addOf(await packageOf("newcomer"))],
        });
        return made.welcome ?? NOTHING;
      },
      stored: () => encodeGroup(group),
    };
  }

  return {
    name: "src/mls",
    work,
    async group(size, live = size) {
      const founder = await foundGroup(crypto, { groupId: utf8("gaps"), leaf: await leafOf("0"), extensions: [] });
      const packages = await Promise.all(Array.from({ length: size - 1 }, (_, n) => packageOf(`${n + 1}`)));
      const proposals = packages.map(addOf);
      const { welcome, next } = await makeCommit(crypto, founder, { references: [], proposals, treeInWelcome: true });
      if (!welcome) throw new Error("nobody was added");
      const joined = await Promise.all(
        packages.slice(0, live - 1).map((keyPackage) => joinByWelcome(crypto, { welcome, keyPackage })),
      );
      return [next, ...joined].map((group) => member(group));
    },
    async join(info, { psk, over, authenticatedData }) {
      const made = await makeExternalCommit(crypto, {
        ...info,
        leaf: await leafOf(`${over ?? "joiner"}`),
        removes: over === undefined ? [] : [over],
        pendingProposals: [],
        ...(psk ? { psks: [{ id: externalPskId(PSK_ID), secret: psk }] } : {}),
        ...(authenticatedData ? { authenticatedData } : {}),
      });
      return { commit: made.commit, member: member(made.next) };
    },
    async mayAdd(days) {
      const { crypto: rooms, identity } = await makeClient("newcomer");
      const lifetime = { notBefore: Date.now(), notAfter: Date.now() + days * DAY };
      const { message } = await makeKeyPackage(rooms, { identity, lifetime, lastResort: false });
      return isRight(readKeyPackage(rooms, message, Date.now()));
    },
    selfRemove: () => encode(proposal, { kind: "selfRemove" }),
  };
}

function addOf({ message }: OwnKeyPackage) {
  return { kind: "add", keyPackage: parseKeyPackage(message) } as const;
}

/** Whether it comes to pass without an error. */
export function isRight(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

/** The same primitives, which count what they do. */
export function counting<C extends Pick<Crypto, "hash" | "kdf">>(
  crypto: C,
  work: { hashes: number; derivations: number },
): C {
  const { hash, kdf } = crypto;
  return {
    ...crypto,
    hash: {
      ...hash,
      digest: (data: Uint8Array) => {
        work.hashes++;
        return hash.digest(data);
      },
    },
    kdf: {
      ...kdf,
      expand: (prk: Uint8Array, info: Uint8Array, length: number) => {
        work.derivations++;
        return kdf.expand(prk, info, length);
      },
    },
  };
}
