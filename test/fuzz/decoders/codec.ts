import * as bytes from "../../../src/codec/bytes.js";
import { eventReference, readReference } from "../../../src/codec/event-reference.js";
import { eventRefusal, eventRefusalTBS } from "../../../src/codec/event-refusal.js";
import { groupIdCodec, newGroupId, roomOfGroupId } from "../../../src/codec/group-id.js";
import * as hub from "../../../src/codec/hub-messages.js";
import * as leaf from "../../../src/codec/leaf-extensions.js";
import * as uris from "../../../src/codec/mimi-uri.js";
import * as policy from "../../../src/codec/room-policy.js";
import { decode, encode } from "../../../src/codec/tls.js";
import { presets } from "../../../src/policy/presets.js";
import { codecErrorCode, fieldErrorCode } from "../declared-errors.js";
import { bytesOf, type Decoder } from "../decoder.js";
import { textDecoder } from "../text-decoder.js";
import { QUICK, scalarDecoder, tlsDecoder } from "../tls-decoder.js";

const ROOM = "mimi://example.com/r/keynote";
const ALICE = "mimi://example.com/u/alice";
const some = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index);

const references = [
  { cursor: 7n, eventHash: some(32) },
  { cursor: 0n, eventHash: some(0) },
];

const link: policy.LinkPolicy = {
  onRequest: true,
  joinLink: "https://example.com/join/c68e",
  multiuser: true,
  expiration: 1_699_207_200,
  linkRequests: "https://example.com/request",
};
const logging: policy.LoggingPolicy = {
  logging: "required",
  enabled: true,
  loggingClients: ["mimi://example.com/d/logger/1", "mimi://example.com/d/logger/2"],
  machineReadablePolicy: "https://example.com/policy.json",
  humanReadablePolicy: "https://example.com/policy.html",
};
const history: policy.HistoryPolicy = {
  historySharing: "optional",
  whoCanShare: ["owner", "admin", "regular_user"],
  automaticallyShare: false,
  maxTimePeriod: 86_400,
};
const bot: policy.Bot = {
  name: "mimi://example.com/u/bot",
  description: "Answers questions",
  homepage: "https://example.com/bot",
  botRole: "visitor",
  canRead: true,
  canWrite: true,
  canTargetMessageInGroup: false,
  perUserContent: false,
};
const preAuth: policy.PreAuthPerRoleList = {
  targetRole: "owner",
  preauthDomain: ["example.com"],
  preauthWorkgroup: ["mimi://example.com/r/staff"],
  preauthGroup: [],
  preauthUser: [ALICE, "mimi://example.com/u/bob"],
};
const event = presets.event({ name: "Keynote", owner: ALICE, hub: "mimi://example.com" });
const policies: readonly policy.RoomPolicy[] = [
  event,
  presets.announcement({ name: "News \u{1f4e3}", owner: ALICE, hub: "mimi://example.com" }),
  {
    ...event,
    membershipStyle: "members_only",
    preAuthList: [preAuth, { ...preAuth, targetRole: "banned" }],
    linkPolicy: link,
    loggingPolicy: logging,
    historySharing: history,
    allowedBots: [bot],
  },
];

const roomEvent: hub.RoomEvent = {
  room: ROOM,
  cursor: 7n,
  timestamp: 1_699_207_200_000n,
  message: some(70),
  externalPub: some(32),
};
const bundle = { welcome: some(5), groupInfo: some(80), ratchetTree: some(33) };

const structs: readonly Decoder[] = [
  tlsDecoder("codec/preAuthPerRoleList", policy.preAuthPerRoleList, [preAuth]),
  tlsDecoder("codec/linkPolicy", policy.linkPolicy, [link]),
  tlsDecoder("codec/loggingPolicy", policy.loggingPolicy, [logging]),
  tlsDecoder("codec/historyPolicy", policy.historyPolicy, [history]),
  tlsDecoder("codec/bot", policy.bot, [bot]),
  tlsDecoder("codec/policyExtension", policy.policyExtension, [policy.roomNameExtension("Keynote")]),
  tlsDecoder("codec/roomPolicy", policy.roomPolicy, policies),
  tlsDecoder("codec/groupIdCodec", groupIdCodec, [{ room: ROOM, instance: some(16) }]),
  tlsDecoder("codec/createRoomRequest", hub.createRoomRequest, [
    { groupInfo: some(80), ratchetTree: some(33), origins: ["https://site.example", "https://b.example"] },
  ]),
  tlsDecoder("codec/startGroupRequest", hub.startGroupRequest, [{ groupInfo: some(80), ratchetTree: some(33) }]),
  tlsDecoder("codec/groupInfoRequest", hub.groupInfoRequest, [{ protocol: "mls10", joiningCode: some(3) }]),
  tlsDecoder("codec/pendingProposal", hub.pendingProposal, [{ message: some(70), hubAcceptedTime: 5n }]),
  tlsDecoder("codec/groupInfoResponse", hub.groupInfoResponse, [
    {
      groupInfo: some(80),
      ratchetTree: some(33),
      pendingProposals: [{ message: some(70), hubAcceptedTime: 2n ** 63n }],
      cursor: 2n ** 64n - 1n,
    },
  ]),
  tlsDecoder("codec/commitBundle", hub.commitBundle, [bundle, { ...bundle, welcome: undefined }]),
  tlsDecoder("codec/updateRequest", hub.updateRequest, [
    { proposalOrCommit: some(90), bundle: undefined },
    { proposalOrCommit: some(90), bundle },
  ]),
  tlsDecoder("codec/submitMessageRequest", hub.submitMessageRequest, [
    { protocol: "mls10", appMessage: some(300), sendingUri: ALICE },
  ]),
  tlsDecoder("codec/roomEvent", hub.roomEvent, [roomEvent, { ...roomEvent, message: some(20_000) }]),
  tlsDecoder("codec/eventPage", hub.eventPage, [
    { events: [roomEvent, { ...roomEvent, cursor: 8n }], more: true },
    { events: [], more: false },
  ]),
  tlsDecoder("codec/keyPackageUpload", hub.keyPackageUpload, [
    { keyPackages: [some(40), some(50)], lastResort: some(60) },
    { keyPackages: [], lastResort: undefined },
  ]),
  tlsDecoder("codec/eventReference", eventReference, references),
  tlsDecoder("codec/eventRefusal", eventRefusal, [
    { eventHash: some(32), code: "badConfirmationTag", signature: some(64) },
  ]),
  tlsDecoder("codec/eventRefusalTBS", eventRefusalTBS, [
    { groupId: some(40), epoch: 2n ** 64n - 1n, eventHash: some(32), code: "policy" },
  ]),
  tlsDecoder("codec/acceptance", leaf.acceptance, [
    { logging: false, history: true, bots: true, receipts: false, pseudonyms: true },
  ]),
  tlsDecoder("codec/clientBinding", leaf.clientBinding, [{ userKey: some(32), signature: some(64) }]),
  tlsDecoder("codec/userClaims", leaf.userClaims, [
    { providerKey: some(32), groups: [ROOM], workgroups: ["mimi://example.com/r/staff"], signature: some(64) },
    { providerKey: some(32), groups: [], workgroups: [], signature: some(64) },
  ]),
  tlsDecoder("codec/userClaimsTBS", leaf.userClaimsTBS, [
    { user: ALICE, userKey: some(32), groups: [ROOM], workgroups: [] },
  ]),
  tlsDecoder("codec/clientBindingTBS", leaf.clientBindingTBS, [{ clientUri: ALICE, signatureKey: some(32) }]),
  tlsDecoder("codec/clientProofTBS", leaf.clientProofTBS, [{ challenge: some(32), clientUri: ALICE }]),
];

const scalars: readonly Decoder[] = [
  scalarDecoder("codec/optionality", policy.optionality, ["optional", "required", "forbidden"]),
  scalarDecoder("codec/role", policy.role, ["system", "owner", "banned"]),
  scalarDecoder("codec/membershipStyle", policy.membershipStyle, ["open", "parent_dependent"]),
  scalarDecoder("codec/extType", policy.extType, ["null", "jsonObject"]),
  scalarDecoder("codec/protocol", hub.protocol, ["mls10"]),
  // written trimmed and in NFC; reading asks for neither
  tlsDecoder("codec/nickname", leaf.nickname, ["Ada", "Zoë \u{1f41f}", "x".repeat(80)], {
    codeOf: codecErrorCode,
    canonical: false,
  }),
];

const spelled = ["im:mimi=#room@example.com", "im:mimi=%40alice@example.com", "im:mimi=%40alice/#phone@example.com"];
const canonical = [ROOM, ALICE, "mimi://example.com/d/alice/phone", "mimi://[::1]:8443/r/a%20b", "mimi://example.com"];

const texts: readonly Decoder[] = [
  textDecoder({
    name: "codec/parseMimiUri",
    covers: [uris.parseMimiUri, uris.canonicalMimiUri, uris.domainOf],
    corpus: [...canonical, ...spelled, "im:mimi=example.com", "MIMI://Example.COM/u/Alice%40x"],
    read(text) {
      const parsed = uris.parseMimiUri(text);
      const again = uris.canonicalMimiUri(text);
      if (uris.canonicalMimiUri(again) !== again) throw new TypeError("a canonical spelling that is not canonical");
      return { parsed, again, reread: uris.parseMimiUri(again), domain: uris.domainOf(text) };
    },
  }),
  textDecoder({
    name: "codec/roomIdOf",
    covers: [uris.roomIdOf],
    corpus: [ROOM, "im:mimi=#room@example.com"],
    read: uris.roomIdOf,
  }),
  textDecoder({
    name: "codec/userOfClient",
    covers: [uris.userOfClient],
    corpus: ["mimi://example.com/d/alice/phone", "im:mimi=%40alice/#phone@example.com"],
    read: uris.userOfClient,
  }),
  textDecoder({
    name: "codec/checkNickname",
    covers: [leaf.checkNickname],
    corpus: ["Ada", " Zoë ", "e\u0301"],
    read: leaf.checkNickname,
    codeOf: fieldErrorCode,
  }),
  textDecoder({
    name: "codec/fromHex",
    covers: [bytes.fromHex],
    corpus: ["", "00ff", "0123456789abcdef".repeat(4), "DEADBEEF"],
    read: bytes.fromHex,
  }),
  textDecoder({
    name: "codec/fromBase64Url",
    covers: [bytes.fromBase64Url],
    corpus: ["", "AA", "AAE", "AAEC", "xIiZs-mJA6gFSO67f0qYBMun3twIrBU7lXD2y3xbYHI"],
    read: bytes.fromBase64Url,
    write: (value) => bytes.toBase64Url(value as Uint8Array),
  }),
];

const octets: readonly Decoder[] = [
  {
    name: "codec/fromUtf8",
    covers: [bytes.fromUtf8],
    weight: QUICK,
    open: () => ({
      corpus: ["", "hello", "\ufeffé\u{1f600}"].map((text) => bytes.utf8(text)),
      read: (input) => bytes.fromUtf8(bytesOf(input)),
      write: (value) => bytes.utf8(String(value)),
      codeOf: codecErrorCode,
    }),
  },
  {
    name: "codec/roomOfGroupId",
    covers: [roomOfGroupId],
    weight: QUICK,
    open: () => ({
      corpus: [newGroupId(ROOM, some(16)), newGroupId("im:mimi=#a b@example.com".replace(" ", "%20"), some(16))],
      read: (input) => roomOfGroupId(bytesOf(input)),
      codeOf: codecErrorCode,
    }),
  },
  {
    name: "codec/readReference",
    covers: [readReference],
    weight: QUICK,
    open: () => ({
      corpus: references.map((reference) => encode(eventReference, reference)),
      read: (input) => readReference(bytesOf(input)),
      codeOf: codecErrorCode,
    }),
  },
  {
    name: "codec/roomName",
    covers: [policy.roomName],
    weight: QUICK,
    open: () => ({
      corpus: policies.map((value) => encode(policy.roomPolicy, value)),
      read: (input) => policy.roomName(decode(policy.roomPolicy, bytesOf(input))),
      codeOf: codecErrorCode,
    }),
  },
];

export const codecDecoders: readonly Decoder[] = [...structs, ...scalars, ...texts, ...octets];
