import { utf8 } from "../../src/codec/bytes.js";
import { encode } from "../../src/codec/tls.js";
import { createCrypto } from "../../src/mls/crypto.js";
import { foundGroup, type Group } from "../../src/mls/group.js";
import { generateKeyPair } from "../../src/mls/hpke.js";
import { lifetimeAt, type OwnKeyPackage, parseKeyPackage, signKeyPackage } from "../../src/mls/key-package.js";
import { makeCommit, type OwnCommit } from "../../src/mls/make-commit.js";
import { generateSignatureKey } from "../../src/mls/signing.js";
import type { LeafContent } from "../../src/mls/tree/leaf.js";
import { leaves } from "../../src/mls/tree/nodes.js";
import { DEFAULT_EXTENSION, requiredCapabilities } from "../../src/mls/wire/extension.js";
import { interopAuthentication } from "../../test/interop/interop-authentication.js";

/** What core-crypto's leaves name and its groups require: credentials basic and x509. */
const CREDENTIALS = [1, 2];
const EXTENSIONS = [
  {
    extensionType: DEFAULT_EXTENSION.requiredCapabilities,
    extensionData: encode(requiredCapabilities, {
      extensionTypes: [],
      proposalTypes: [],
      credentialTypes: CREDENTIALS,
    }),
  },
];

/** Many members of one group, played by one: it signs for all, and keeps one state. */
export interface Crowd {
  readonly crypto: ReturnType<typeof createCrypto>;
  readonly group: Group;
}

/** The keys of as many newcomers. */
export interface Newcomers {
  readonly crypto: ReturnType<typeof createCrypto>;
  readonly founder: LeafContent;
  readonly keyPackages: readonly OwnKeyPackage[];
}

export async function makeNewcomers(count: number): Promise<Newcomers> {
  const own = createCrypto(interopAuthentication);
  const founder = await leafOf(own);
  const keyPackages: OwnKeyPackage[] = [];
  for (let index = 1; index < count; index += 1) {
    const leaf = await leafOf(own);
    keyPackages.push(await signKeyPackage(own, { leaf, lifetime: lifetimeAt(Date.now()), lastResort: false }));
  }
  return { crypto: own, founder, keyPackages };
}

/** A group that the first founds and adds all others to in one commit. */
export async function foundWith({ crypto, founder, keyPackages }: Newcomers): Promise<OwnCommit> {
  const groupId = utf8(`group ${globalThis.crypto.randomUUID()}`);
  const alone = await foundGroup(crypto, { groupId, leaf: founder, extensions: EXTENSIONS });
  const proposals = keyPackages.map(({ message }) => ({ kind: "add", keyPackage: parseKeyPackage(message) }) as const);
  return makeCommit(crypto, alone, { references: [], proposals });
}

/** A crowd each of whose members has committed, or its neighbour: as in a room that people joined one by one. */
export async function warm(crowd: Crowd): Promise<Crowd> {
  let { group } = crowd;
  const width = 2 ** Math.ceil(Math.log2(leaves(group.nodes).length));
  // halves, then quarters, and so on: each commit finds little that is not covered
  for (const leafIndex of spread(width)) {
    if (leafIndex % 2 === 1 || !leaves(group.nodes).some((leaf) => leaf.leafIndex === leafIndex)) continue;
    const { next } = await makeCommit(crowd.crypto, await as(group, leafIndex), { references: [], proposals: [] });
    group = next;
  }
  return { ...crowd, group };
}

/** The group as another of its members sees it who has nothing but its leaf. */
export async function as(group: Group, leafIndex: number): Promise<Group> {
  return {
    ...group,
    ownLeafIndex: leafIndex,
    privateKeys: new Map([[2 * leafIndex, (await generateKeyPair()).privateKey]]),
  };
}

async function leafOf(own: ReturnType<typeof createCrypto>): Promise<LeafContent> {
  return {
    signatureKey: await own.addSignatureKey(await generateSignatureKey()),
    credential: { identity: utf8(`${globalThis.crypto.randomUUID()}:1@example.com`) },
    capabilities: { versions: [1], cipherSuites: [1], extensions: [], proposals: [], credentials: CREDENTIALS },
    extensions: [],
  };
}

/** 0, then the middle, then the middles of both halves, and so on. */
function* spread(width: number): Iterable<number> {
  yield 0;
  for (let step = width / 2; step >= 1; step /= 2) {
    for (let index = step; index < width; index += 2 * step) yield index;
  }
}
