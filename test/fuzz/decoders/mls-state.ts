import { equalBytes, utf8 } from "../../../src/codec/bytes.js";
import { startGroupRequest, updateRequest } from "../../../src/codec/hub-messages.js";
import { decode, encode, opaque, struct, vector } from "../../../src/codec/tls.js";
import { inspectGroupInfo, stageExternalCommit } from "../../../src/mls/external-commit.js";
import { type Group, viewGroup } from "../../../src/mls/group.js";
import { deriveKeyPair, open, seal } from "../../../src/mls/hpke.js";
import { readKeyPackage } from "../../../src/mls/key-package.js";
import { memberOf } from "../../../src/mls/leaf-identity.js";
import { parse } from "../../../src/mls/mls-error.js";
import { peekMessage } from "../../../src/mls/peek.js";
import {
  decodePublicGroup,
  encodePublicGroup,
  openPublicGroup,
  type PublicGroup,
  stagePublic,
  viewPublicGroup,
} from "../../../src/mls/public-group.js";
import { stage } from "../../../src/mls/stage.js";
import { decodeGroup, encodeGroup } from "../../../src/mls/stored-group.js";
import { leafNode } from "../../../src/mls/wire/leaf-node.js";
import { makeClient } from "../../support/mls-builders.js";
import { attackedRoom, NOW } from "../attacked-room.js";
import { mlsErrorCode } from "../declared-errors.js";
import { bytesOf, type Decoder } from "../decoder.js";
import { changedApplication, changedBundle, changedHandshake, changedKeyPackage } from "../insider.js";
import { Finding } from "../judge.js";
import { QUICK, varyTls } from "../tls-decoder.js";

const hpkeCiphertext = struct({ kemOutput: opaque, ciphertext: opaque });
const joinOffer = struct({ groupInfo: opaque, ratchetTree: opaque, pendingProposals: vector(opaque) });

export const mlsStateDecoders: readonly Decoder[] = [
  {
    name: "mls/peekMessage",
    covers: [peekMessage],
    weight: QUICK,
    async open() {
      const { messages, bundle } = await attackedRoom();
      return {
        corpus: [...Object.values(messages), bundle.groupInfo],
        read: (input) => peekMessage(bytesOf(input)),
        codeOf: mlsErrorCode,
      };
    },
  },
  {
    name: "mls/stage",
    covers: [stage],
    weight: 24,
    async open() {
      const room = await attackedRoom();
      const { victim, pending, messages } = room;
      const before = encodeGroup(victim.group);
      return {
        corpus: Object.values(messages),
        read: (input) => stage(victim.crypto, victim.group, bytesOf(input), pending),
        vary: (chance, valid) =>
          chance.once(4) ? changedApplication(chance, room) : changedHandshake(chance, room, bytesOf(valid)),
        codeOf: mlsErrorCode,
        growth: Number.POSITIVE_INFINITY,
        settled: () => ensureUnchanged(before, encodeGroup(victim.group)),
      };
    },
  },
  {
    name: "mls/stagePublic",
    covers: [stagePublic],
    weight: 12,
    async open() {
      const room = await attackedRoom();
      const { victim, pending, bundle, offers, messages } = room;
      const group = await openPublicGroup(victim.crypto, bundle);
      const before = encodePublicGroup(group);
      const commits = offers.map(({ commit, groupInfo, ratchetTree }) =>
        encode(updateRequest, { proposalOrCommit: commit, bundle: { welcome: undefined, groupInfo, ratchetTree } }),
      );
      return {
        corpus: [...commits, encode(updateRequest, { proposalOrCommit: messages.selfRemove, bundle: undefined })],
        read: (input) => {
          const { proposalOrCommit, bundle: offered } = parse(updateRequest, bytesOf(input));
          return stagePublic(victim.crypto, group, proposalOrCommit, pending, offered);
        },
        async vary(chance, valid) {
          const offer = decode(updateRequest, bytesOf(valid));
          if (offer.bundle === undefined || chance.once(2)) {
            const proposalOrCommit = await changedHandshake(chance, room, offer.proposalOrCommit);
            return proposalOrCommit && encode(updateRequest, { ...offer, proposalOrCommit });
          }
          const changed = await changedBundle(chance, room, offer.bundle);
          return changed && encode(updateRequest, { ...offer, bundle: { welcome: undefined, ...changed } });
        },
        codeOf: mlsErrorCode,
        growth: Number.POSITIVE_INFINITY,
        settled: () => ensureUnchanged(before, encodePublicGroup(group)),
      };
    },
  },
  {
    name: "mls/openPublicGroup",
    covers: [openPublicGroup, inspectGroupInfo],
    weight: 12,
    async open() {
      const room = await attackedRoom();
      const { victim, bundle, offers } = room;
      return {
        corpus: [bundle, ...offers].map(({ groupInfo, ratchetTree }) =>
          encode(startGroupRequest, { groupInfo, ratchetTree }),
        ),
        read: async (input) => {
          const offered = parse(startGroupRequest, bytesOf(input));
          return await inspectGroupInfo(victim.crypto, offered);
        },
        async vary(chance, valid) {
          const changed = await changedBundle(chance, room, decode(startGroupRequest, bytesOf(valid)));
          return changed && encode(startGroupRequest, changed);
        },
        codeOf: mlsErrorCode,
      };
    },
  },
  {
    name: "mls/stageExternalCommit",
    covers: [stageExternalCommit],
    weight: 4,
    async open() {
      const room = await attackedRoom();
      const { bundle, pending } = room;
      const { crypto, identity } = await makeClient("Ivan");
      return {
        corpus: [encode(joinOffer, { ...bundle, pendingProposals: pending })],
        read: async (input) => {
          const { view } = await stageExternalCommit(crypto, { ...parse(joinOffer, bytesOf(input)), identity });
          return view.before.members.length;
        },
        async vary(chance, valid) {
          const offer = decode(joinOffer, bytesOf(valid));
          if (chance.once(2)) return encode(joinOffer, { ...offer, ...(await changedBundle(chance, room, offer)) });
          const changed = await changedHandshake(chance, room, offer.pendingProposals[0] ?? new Uint8Array());
          return changed && encode(joinOffer, { ...offer, pendingProposals: [changed, ...offer.pendingProposals] });
        },
        codeOf: mlsErrorCode,
      };
    },
  },
  {
    name: "mls/readKeyPackage",
    covers: [readKeyPackage],
    weight: 6,
    async open() {
      const room = await attackedRoom();
      return {
        corpus: room.keyPackages,
        read: (input) => readKeyPackage(room.victim.crypto, bytesOf(input), NOW),
        vary: (chance, valid) => changedKeyPackage(chance, room, bytesOf(valid)),
        codeOf: mlsErrorCode,
      };
    },
  },
  {
    name: "mls/decodeGroup",
    covers: [decodeGroup],
    weight: QUICK / 2,
    async open() {
      const { victim, insider } = await attackedRoom();
      return {
        corpus: [encodeGroup(victim.group), encodeGroup(insider)],
        read: (input) => {
          const group = decodeGroup(bytesOf(input));
          return { group, view: viewGroup(group) };
        },
        write: (value) => encodeGroup((value as { group: Group }).group),
        codeOf: mlsErrorCode,
      };
    },
  },
  {
    name: "mls/decodePublicGroup",
    covers: [decodePublicGroup],
    weight: QUICK / 2,
    async open() {
      const { victim, bundle } = await attackedRoom();
      return {
        corpus: [encodePublicGroup(await openPublicGroup(victim.crypto, bundle))],
        read: (input) => {
          const group = decodePublicGroup(bytesOf(input));
          return { group, view: viewPublicGroup(group) };
        },
        write: (value) => encodePublicGroup((value as { group: PublicGroup }).group),
        codeOf: mlsErrorCode,
      };
    },
  },
  {
    name: "mls/memberOf",
    covers: [memberOf],
    weight: QUICK / 4,
    async open() {
      const { insider } = await attackedRoom();
      const leaves = insider.nodes.flatMap((item) => (item?.kind === "leaf" ? [item] : []));
      return {
        corpus: leaves.map((leaf) => encode(leafNode, leaf)),
        read: (input) => memberOf(parse(leafNode, bytesOf(input)), 0),
        vary: (chance, valid) => varyTls(chance, leafNode, valid),
        codeOf: mlsErrorCode,
      };
    },
  },
  {
    name: "mls/hpkeOpen",
    covers: [open],
    weight: QUICK / 4,
    async open() {
      const { privateKey, publicKey } = await deriveKeyPair(new Uint8Array(32).fill(7));
      const info = utf8("info");
      const sealed = [await seal(publicKey, info, utf8("hello")), await seal(publicKey, info, new Uint8Array())];
      return {
        corpus: sealed.map((one) => encode(hpkeCiphertext, one)),
        read: (input) => open(privateKey, info, parse(hpkeCiphertext, bytesOf(input))),
        vary: (chance, valid) => varyTls(chance, hpkeCiphertext, valid),
        codeOf: mlsErrorCode,
      };
    },
  },
];

/** "A rejected commit leaves the old state byte for byte", and so does a staged one. */
function ensureUnchanged(before: Uint8Array, after: Uint8Array): void {
  if (!equalBytes(before, after)) throw new Finding("changed a group that it only staged for");
}
