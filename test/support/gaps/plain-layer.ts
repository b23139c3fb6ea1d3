import {
  acceptAll,
  type CiphersuiteImpl,
  type ClientState,
  createApplicationMessage,
  createCommit,
  createGroup,
  createGroupInfoWithExternalPub,
  createProposal,
  decodeMlsMessage,
  defaultKeyPackageEqualityConfig,
  encodeGroupState,
  encodeMlsMessage,
  generateKeyPackage,
  getCiphersuiteFromName,
  joinGroup,
  joinGroupExternal,
  type MlsPrivateMessage,
  type MlsPublicMessage,
  makePskIndex,
  processMessage,
  zeroOutUint8Array,
} from "ts-mls";
import { defaultClientConfig } from "ts-mls/clientConfig.js";
import { makeHpke } from "ts-mls/crypto/implementation/default/makeHpke.js";
import { encodeProposal } from "ts-mls/proposal.js";
import { decodeRatchetTree, encodeRatchetTree } from "ts-mls/ratchetTree.js";
import { bytesToBase64 } from "ts-mls/util/byteArray.js";
import { fromUtf8, toHex, utf8 } from "../../../src/codec/bytes.js";
import { createCrypto } from "../../../src/mls/crypto.js";
import { randomBytes } from "../../../src/mls/random.js";
import { SELF_REMOVE } from "../../../src/mls/wire/self-remove.js";
import { type GapLayer, type GapMember, type GapSeen, PSK, PSK_ID, SUPPORTED } from "./layer.js";
import { counting, isRight } from "./our-layer.js";

const SUITE = "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519";
const DAY = 24n * 3600n;
const psks = makePskIndex(undefined, { [bytesToBase64(PSK_ID)]: PSK });
const capabilities = {
  versions: ["mls10" as const],
  ciphersuites: [SUITE as typeof SUITE],
  extensions: [SUPPORTED],
  proposals: [SELF_REMOVE],
  credentials: ["basic" as const],
};

/** ts-mls 1.6.4 as it comes, used as it says. */
export async function plainLayer(): Promise<GapLayer> {
  const work = { hashes: 0, derivations: 0 };
  const { hash, kdf, signature } = counting(createCrypto(), work);
  const hpke = await makeHpke(getCiphersuiteFromName(SUITE).hpke);
  const suite: CiphersuiteImpl = { hash, kdf, signature, hpke, rng: { randomBytes }, name: SUITE };

  const packageOf = (name: string, days = 1n) => {
    const now = BigInt(Math.floor(Date.now() / 1000));
    const credential = { credentialType: "basic", identity: utf8(name) } as const;
    return generateKeyPackage(
      credential,
      capabilities,
      { notBefore: now - DAY, notAfter: now + days * DAY },
      [],
      suite,
    );
  };

  function member(state: ClientState): GapMember {
    const { groupContext, keySchedule, privatePath } = state;
    const process = (octets: Uint8Array, callback = acceptAll) =>
      processMessage(readEvent(octets), state, psks, callback, suite);
    return {
      leafIndex: privatePath.leafIndex,
      epoch: groupContext.epoch,
      authenticator: toHex(keySchedule.epochAuthenticator),
      header: { ...groupContext, senderDataSecret: keySchedule.senderDataSecret },
      async info() {
        const groupInfo = await createGroupInfoWithExternalPub(state, [], suite);
        return {
          groupInfo: encodeMlsMessage({ version: "mls10", wireformat: "mls_group_info", groupInfo }),
          ratchetTree: encodeRatchetTree(state.ratchetTree),
        };
      },
      async commit({ removes = [], extension, authenticatedData = new Uint8Array(0) }) {
        const extensions = [{ extensionType: extension ?? 0, extensionData: new Uint8Array(0) }];
        const extraProposals = [
          ...removes.map((removed) => ({ proposalType: "remove", remove: { removed } }) as const),
          ...(extension === undefined
            ? []
            : [{ proposalType: "group_context_extensions", groupContextExtensions: { extensions } } as const]),
        ];
        const options = { wireAsPublicMessage: true, extraProposals, authenticatedData };
        const { commit, newState } = await createCommit({ state, cipherSuite: suite }, options);
        return { commit: encodeMlsMessage(commit), next: member(newState) };
      },
      async follow(commit, decide = async () => true) {
        // the callback of an application that has to ask elsewhere, as one writes it in JavaScript
        const callback = async (incoming: Parameters<typeof acceptAll>[0]) => {
          const { senderLeafIndex: committer } = incoming.kind === "commit" ? incoming : incoming.proposal;
          const seen: GapSeen = { committer, authenticatedData: undefined, leaf: false, members: undefined };
          return (await decide(seen)) ? "accept" : "reject";
        };
        const answer = Reflect.apply(processMessage, undefined, [readEvent(commit), state, psks, callback, suite]);
        return member(((await answer) as Awaited<ReturnType<typeof process>>).newState);
      },
      async followAndDrop(commit) {
        const { consumed } = await process(commit);
        consumed.forEach(zeroOutUint8Array);
      },
      async propose(removed) {
        const { message } = await createProposal(state, true, { proposalType: "remove", remove: { removed } }, suite);
        return encodeMlsMessage(message);
      },
      note: async (proposal) => member((await process(proposal)).newState),
      async say(text) {
        const { privateMessage, newState } = await createApplicationMessage(state, utf8(text), suite);
        const message = { version: "mls10", wireformat: "mls_private_message", privateMessage } as const;
        return { message: encodeMlsMessage(message), next: member(newState) };
      },
      async hear(octets) {
        const heard = await process(octets);
        if (heard.kind !== "applicationMessage") throw new Error(`a ${heard.kind} where a message is expected`);
        const { message, ...rest } = heard;
        const sender = Object.entries(rest).find(([name]) => /sender|leafIndex/iu.test(name))?.[1];
        return { text: fromUtf8(message), sender: typeof sender === "number" ? sender : undefined };
      },
      async welcome() {
        const { publicPackage: keyPackage } = await packageOf("newcomer");
        const extraProposals = [{ proposalType: "add", add: { keyPackage } } as const];
        const { welcome } = await createCommit({ state, cipherSuite: suite }, { extraProposals });
        if (!welcome) throw new Error("nobody was added");
        return encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome });
      },
      stored: () => encodeGroupState(state),
    };
  }

  return {
    name: "ts-mls",
    work,
    async group(size, live = size) {
      const first = await packageOf("0");
      const alone = await createGroup(utf8("gaps"), first.publicPackage, first.privatePackage, [], suite);
      const packages = await Promise.all(Array.from({ length: size - 1 }, (_, n) => packageOf(`${n + 1}`)));
      const extraProposals = packages.map(
        ({ publicPackage: keyPackage }) => ({ proposalType: "add", add: { keyPackage } }) as const,
      );
      const { welcome, newState } = await createCommit({ state: alone, cipherSuite: suite }, { extraProposals });
      if (!welcome) throw new Error("nobody was added");
      const joined = await Promise.all(
        packages
          .slice(0, live - 1)
          .map(({ publicPackage, privatePackage }) =>
            joinGroup(welcome, publicPackage, privatePackage, psks, suite, newState.ratchetTree),
          ),
      );
      return [newState, ...joined].map(member);
    },
    async join(info, { over, authenticatedData = new Uint8Array(0) }) {
      const [message] = decodeMlsMessage(info.groupInfo, 0) ?? [];
      const [tree] = decodeRatchetTree(info.ratchetTree, 0) ?? [];
      if (message?.wireformat !== "mls_group_info" || !tree) throw new Error("no GroupInfo, or no tree");
      const { publicPackage, privatePackage } = await packageOf(`${over ?? "joiner"}`);
      const keyPackageEqualityConfig = {
        ...defaultKeyPackageEqualityConfig,
        // by the credential: its identity is what says who a client is
        compareKeyPackageToLeafNode: (own: typeof publicPackage, leaf: typeof publicPackage.leafNode | object) =>
          JSON.stringify(own.leafNode.credential) === JSON.stringify(Reflect.get(leaf, "credential")),
      };
      const config = { ...defaultClientConfig, keyPackageEqualityConfig };
      const resync = over !== undefined;
      const made = await joinGroupExternal(
        message.groupInfo,
        publicPackage,
        privatePackage,
        resync,
        suite,
        tree,
        config,
        authenticatedData,
      );
      const { publicMessage, newState } = made;
      const commit = { version: "mls10", wireformat: "mls_public_message", publicMessage } as const;
      return { commit: encodeMlsMessage(commit), member: member(newState) };
    },
    async mayAdd(days) {
      const [first, other] = await Promise.all([packageOf("0"), packageOf("newcomer", BigInt(days))]);
      const state = await createGroup(utf8("gaps"), first.publicPackage, first.privatePackage, [], suite);
      const extraProposals = [{ proposalType: "add", add: { keyPackage: other.publicPackage } } as const];
      return isRight(createCommit({ state, cipherSuite: suite }, { extraProposals }));
    },
    selfRemove: () => encodeProposal({ proposalType: SELF_REMOVE, proposalData: new Uint8Array(0) }),
  };
}

function readEvent(octets: Uint8Array): MlsPublicMessage | MlsPrivateMessage {
  const [message] = decodeMlsMessage(octets, 0) ?? [];
  if (message?.wireformat === "mls_public_message" || message?.wireformat === "mls_private_message") return message;
  throw new Error("no event of a group");
}
