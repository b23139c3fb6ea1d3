import { decode, struct } from "../../../src/codec/tls.js";
import { commit } from "../../../src/mls/wire/commit.js";
import { basicCredential } from "../../../src/mls/wire/credential.js";
import {
  extension,
  extensions,
  externalPub,
  externalSenderList,
  ROOM_CAPABILITIES,
  requiredCapabilities,
} from "../../../src/mls/wire/extension.js";
import {
  type AuthData,
  contentType,
  framedContent,
  readAuthData,
  writeAuthData,
} from "../../../src/mls/wire/framed-content.js";
import { groupContext, groupInfo, groupInfoTBS } from "../../../src/mls/wire/group-context.js";
import { hpkeCiphertext } from "../../../src/mls/wire/hpke-ciphertext.js";
import { keyPackage } from "../../../src/mls/wire/key-package.js";
import { capabilities, leafNode } from "../../../src/mls/wire/leaf-node.js";
import { mlsMessage, type PublicMessage, privateMessage, publicMessage } from "../../../src/mls/wire/message.js";
import { type PreSharedKeyId, preSharedKeyId, pskLabel } from "../../../src/mls/wire/pre-shared-key.js";
import { proposal, reInit } from "../../../src/mls/wire/proposal.js";
import { node, nodeType, parentNode, ratchetTree } from "../../../src/mls/wire/ratchet-tree.js";
import { groupSecrets, welcome } from "../../../src/mls/wire/welcome.js";
import { type AttackedRoom, attackedRoom } from "../attacked-room.js";
import { codecErrorCode, fieldErrorCode, mlsErrorCode } from "../declared-errors.js";
import type { Decoder } from "../decoder.js";
import { scalarDecoder, tlsDecoder } from "../tls-decoder.js";

/** "Throws MlsError "unsupported"" for a proposal that rooms do not use. */
const wireErrorCode = (error: unknown) => fieldErrorCode(error) ?? mlsErrorCode(error);
const some = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index);

/** The authentication of a commit as a codec, which the wire has only behind the content that it belongs to. */
const commitAuth = struct<{ auth: AuthData }>({
  auth: { write: writeAuthData, read: (reader) => readAuthData(reader, "commit") },
});

const PSK_IDS: PreSharedKeyId[] = [
  { kind: "external", pskId: some(9), pskNonce: some(32) },
  { kind: "resumption", usage: "branch", pskGroupId: some(9), pskEpoch: 3n, pskNonce: some(32) },
];
const SEALED = { kemOutput: some(32), ciphertext: some(48) };
const WELCOME = {
  cipherSuite: 1,
  secrets: [{ newMember: some(32), encryptedGroupSecrets: SEALED }],
  encryptedGroupInfo: some(90),
};

export const mlsWireDecoders: readonly Decoder[] = [
  ofRoom("mls/commit", commit, async (room) =>
    publicMessages(room).flatMap(({ content: { content } }) => (content.kind === "commit" ? [content.commit] : [])),
  ),
  tlsDecoder("mls/basicCredential", basicCredential, [{ identity: some(20) }], { codeOf: codecErrorCode }),
  tlsDecoder("mls/extension", extension, [{ extensionType: 0xf0a0, extensionData: some(9) }]),
  ofRoom("mls/extensions", extensions, async ({ insider }) => [insider.context.extensions]),
  tlsDecoder("mls/requiredCapabilities", requiredCapabilities, [ROOM_CAPABILITIES]),
  tlsDecoder("mls/externalPub", externalPub, [{ externalPub: some(32) }]),
  tlsDecoder("mls/externalSenderList", externalSenderList, [
    [{ signatureKey: some(32), credential: { identity: some(9) } }],
  ]),
  scalarDecoder("mls/contentType", contentType, ["application", "proposal", "commit"]),
  ofRoom("mls/framedContent", framedContent, async (room) => publicMessages(room).map(({ content }) => content)),
  {
    ...tlsDecoder("mls/authData", commitAuth, [{ auth: { signature: some(64), confirmationTag: some(32) } }]),
    covers: [readAuthData],
  },
  ofRoom("mls/groupContext", groupContext, async ({ insider }) => [insider.context]),
  ofRoom("mls/groupInfoTBS", groupInfoTBS, async (room) => [groupInfoOf(room)]),
  ofRoom("mls/groupInfo", groupInfo, async (room) => [groupInfoOf(room)]),
  ofRoom("mls/capabilities", capabilities, async (room) => leavesOf(room).map((leaf) => leaf.capabilities)),
  ofRoom("mls/keyPackage", keyPackage, async (room) => keyPackagesOf(room)),
  ofRoom("mls/leafNode", leafNode, async (room) => leavesOf(room)),
  ofRoom("mls/publicMessage", publicMessage, async (room) => publicMessages(room)),
  ofRoom("mls/privateMessage", privateMessage, async ({ messages }) => {
    const message = decode(mlsMessage, messages.application);
    return message.kind === "privateMessage" ? [message.privateMessage] : [];
  }),
  ofRoom("mls/mlsMessage", mlsMessage, async ({ messages, bundle, keyPackages }) => [
    ...[...Object.values(messages), bundle.groupInfo, ...keyPackages].map((bytes) => decode(mlsMessage, bytes)),
    { kind: "welcome" as const, welcome: WELCOME },
  ]),
  ofRoom("mls/proposal", proposal, async (room) => [
    { kind: "remove" as const, removed: 3 },
    { kind: "selfRemove" as const },
    { kind: "externalInit" as const, kemOutput: some(32) },
    { kind: "groupContextExtensions" as const, extensions: room.insider.context.extensions },
    ...leavesOf(room).map((leaf) => ({ kind: "update" as const, leafNode: leaf })),
    ...keyPackagesOf(room).map((added) => ({ kind: "add" as const, keyPackage: added })),
    ...PSK_IDS.map((psk) => ({ kind: "psk" as const, psk })),
    { kind: "reInit" as const, groupId: some(9), version: 1, cipherSuite: 1, extensions: [] },
  ]),
  tlsDecoder("mls/reInit", reInit, [{ groupId: some(9), version: 1, cipherSuite: 1, extensions: [] }]),
  tlsDecoder("mls/preSharedKeyId", preSharedKeyId, PSK_IDS),
  tlsDecoder(
    "mls/pskLabel",
    pskLabel,
    PSK_IDS.map((id, index) => ({ id, index, count: 2 })),
  ),
  tlsDecoder("mls/hpkeCiphertext", hpkeCiphertext, [SEALED]),
  tlsDecoder("mls/groupSecrets", groupSecrets, [
    { joinerSecret: some(32), pathSecret: some(32), psks: PSK_IDS },
    { joinerSecret: some(32), pathSecret: undefined, psks: [] },
  ]),
  tlsDecoder("mls/welcome", welcome, [WELCOME]),
  tlsDecoder("mls/parentNode", parentNode, [{ encryptionKey: some(32), parentHash: some(32), unmergedLeaves: [1, 3] }]),
  scalarDecoder("mls/nodeType", nodeType, ["leaf", "parent"]),
  ofRoom("mls/node", node, async ({ insider }) => insider.nodes.filter((item) => item !== undefined)),
  ofRoom("mls/ratchetTree", ratchetTree, async ({ insider }) => [insider.nodes]),
];

/** The entry of a codec whose valid values are those of a living room. */
function ofRoom<T>(
  name: string,
  codec: Parameters<typeof tlsDecoder<T>>[1],
  values: (room: AttackedRoom) => Promise<readonly T[]>,
): Decoder {
  return tlsDecoder(name, codec, async () => values(await attackedRoom()), { codeOf: wireErrorCode });
}

function keyPackagesOf({ keyPackages }: AttackedRoom) {
  return keyPackages.flatMap((bytes) => {
    const message = decode(mlsMessage, bytes);
    return message.kind === "keyPackage" ? [message.keyPackage] : [];
  });
}

function publicMessages({ messages }: AttackedRoom): PublicMessage[] {
  return Object.values(messages)
    .map((bytes) => decode(mlsMessage, bytes))
    .flatMap((message) => (message.kind === "publicMessage" ? [message.publicMessage] : []));
}

function groupInfoOf({ bundle }: AttackedRoom) {
  const message = decode(mlsMessage, bundle.groupInfo);
  if (message.kind !== "groupInfo") throw new TypeError("no GroupInfo");
  return message.groupInfo;
}

function leavesOf({ insider }: AttackedRoom) {
  return insider.nodes.flatMap((item) => (item?.kind === "leaf" ? [item] : []));
}
