import { fromBase64Url, toBase64Url } from "../../../src/codec/bytes.js";
import { groupInfoRequest, startGroupRequest } from "../../../src/codec/hub-messages.js";
import { CLIENT_PROOF_LABEL, clientProofTBS } from "../../../src/codec/leaf-extensions.js";
import { encode } from "../../../src/codec/tls.js";
import { signWithLabel } from "../../../src/mls/signing.js";
import { bodyOf } from "../../support/api-member.js";
import { refusalBody } from "../../support/event-refusals.js";
import { makeClient } from "../../support/mls-builders.js";
import type { TestApp } from "../../support/provider-app.js";
import {
  type AttackedProvider,
  answeredCode,
  ask,
  bodyOctets,
  bodyText,
  member,
  openAttackedProvider,
  type RequestCase,
  requestCaseOf,
} from "../attacked-provider.js";
import type { Chance } from "../chance.js";
import type { Decoder, Input } from "../decoder.js";
import { varyJson } from "../make-case.js";
import { mutateBytes } from "../mutate-bytes.js";
import { mutateText } from "../mutate-text.js";

export const providerDecoders: readonly Decoder[] = [
  requests("provider/request", { weight: 12, lasts: 1500 }, calmRequests),
  requests("provider/group", { weight: 3, lasts: 100 }, groupRequests),
  {
    name: "provider/registration",
    covers: [],
    weight: 4,
    lasts: 1500,
    async open() {
      const { app } = await openAttackedProvider();
      const client = await makeClient("Mallory", { domain: app.domain, client: toBase64Url(new Uint8Array(16)) });
      return {
        corpus: [JSON.stringify(await registration(app, client))],
        async vary(chance) {
          const { body = "", ...fresh } = await registration(app, client);
          return JSON.stringify({ ...fresh, body: varyJson(chance, body) });
        },
        read: (input) => ask(app, requestCaseOf(input)),
        codeOf: answeredCode,
        repeatable: false,
        close: () => app.close(),
      };
    },
  },
];

/** The entry of requests that a living provider is sent; with what it accepts it goes on. */
function requests(
  name: string,
  { weight, lasts }: { readonly weight: number; readonly lasts: number },
  make: (provider: AttackedProvider) => Promise<readonly RequestCase[]>,
): Decoder {
  return {
    name,
    covers: [],
    weight,
    lasts,
    async open() {
      const provider = await openAttackedProvider();
      const corpus = await make(provider);
      return {
        corpus: corpus.map((request) => JSON.stringify(request)),
        read: (input) => ask(provider.app, requestCaseOf(input)),
        vary: varyRequest,
        codeOf: answeredCode,
        repeatable: false,
        close: () => provider.app.close(),
      };
    },
  };
}

/** Requests after which everything is as it was, or nearly. */
async function calmRequests({ alice, bob }: AttackedProvider): Promise<readonly RequestCase[]> {
  const [ofAlice, ofBob] = [bearer(alice.guest.token), bearer(bob.guest.token)];
  const code = encode(groupInfoRequest, { protocol: "mls10", joiningCode: new Uint8Array() });
  return [
    { method: "GET", path: "/.well-known/mimi-protocol-directory", headers: {} },
    { method: "GET", path: "/healthz", headers: {} },
    { method: "GET", path: "/readyz", headers: {} },
    { method: "GET", path: "/metrics", headers: {} },
    { method: "OPTIONS", path: alice.path, headers: { origin: "https://site.example" } },
    { method: "POST", path: "/v1/challenges", headers: {} },
    { method: "GET", path: alice.path, headers: { origin: "https://site.example" } },
    {
      method: "PUT",
      path: `${alice.path}/origins`,
      headers: ofAlice,
      body: bodyText({ origins: ["https://a.example"] }),
    },
    { method: "POST", path: `${alice.path}/groupInfo`, headers: ofBob, body: bodyText(code) },
    {
      method: "POST",
      path: `${alice.path}/submitMessage`,
      headers: ofBob,
      body: bodyText(await bob.messageBody("hi")),
    },
    { method: "GET", path: `${alice.path}/events?after=0&limit=10`, headers: ofBob },
    {
      method: "POST",
      path: `${alice.path}/refuseEvent`,
      headers: ofBob,
      body: bodyText(await refusalBody(bob, new Uint8Array())),
    },
    { method: "POST", path: "/v1/rooms", headers: ofAlice, body: bodyText(await alice.roomRequest("another")) },
  ];
}

/** Requests that move or end a group, of a room that they leave alone until then. */
async function groupRequests({ app, alice, bob }: AttackedProvider): Promise<readonly RequestCase[]> {
  const carol = await member(app, "Carol");
  const { own: joining } = await carol.stageJoin(alice.room);
  const update = `${alice.path}/update`;
  const own = await alice.stageUpdate();
  const refused = bodyText(await refusalBody(bob, own.commit));
  const ends = await member(app, "Dave");
  await ends.createRoom("ends");
  const starts = await member(app, "Erin");
  const started = encode(startGroupRequest, await starts.newGroup(await closedRoom(starts)));
  return [
    { method: "POST", path: update, headers: bearer(carol.guest.token), body: bodyText(bodyOf(joining)) },
    {
      method: "POST",
      path: update,
      headers: bearer(alice.guest.token),
      body: bodyText(bodyOf(own)),
    },
    { method: "POST", path: `${alice.path}/refuseEvent`, headers: bearer(bob.guest.token), body: refused },
    { method: "POST", path: update, headers: bearer(bob.guest.token), body: bodyText(bodyOf(await bob.stageUpdate())) },
    { method: "DELETE", path: `${ends.path}/group`, headers: bearer(ends.guest.token) },
    { method: "POST", path: `${starts.path}/group`, headers: bearer(starts.guest.token), body: bodyText(started) },
  ];
}

/** A persistent room without a group; its retained policy. */
async function closedRoom(owner: Awaited<ReturnType<typeof member>>): Promise<Uint8Array> {
  await owner.createRoom("starts");
  const policy = owner.joined().context.extensions.find(({ extensionType }) => extensionType === 0xf0a0);
  await owner.close();
  return policy?.extensionData ?? new Uint8Array();
}

/** A registration with a challenge of its own. */
async function registration(app: TestApp, client: Awaited<ReturnType<typeof makeClient>>): Promise<RequestCase> {
  const response = await app.send("POST", "/v1/challenges");
  const { challenge } = (await response.json()) as { challenge: string };
  const { clientUri, userKey, signatureKey, bindingSignature } = client.identity;
  const tbs = encode(clientProofTBS, { challenge: fromBase64Url(challenge), clientUri });
  const body = bodyText({
    clientUri,
    userKey: toBase64Url(userKey),
    signatureKey: toBase64Url(signatureKey),
    binding: toBase64Url(bindingSignature),
    challenge,
    proof: toBase64Url(await signWithLabel(client.signatureKeyPair.privateKey, CLIENT_PROOF_LABEL, tbs)),
  });
  return { method: "POST", path: "/v1/clients", headers: {}, body };
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

const METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "get", "PROPFIND"];
const HEADERS = [
  "content-type",
  "content-length",
  "origin",
  "accept-encoding",
  "if-none-match",
  "x-forwarded-for",
  "range",
];

/** A request with its method, path, headers or body changed. */
function varyRequest(chance: Chance, valid: Input): string {
  const request = requestCaseOf(valid);
  switch (chance.below(8)) {
    case 0:
      return JSON.stringify({ ...request, method: chance.pick(METHODS) });
    case 1:
      return JSON.stringify({ ...request, path: mutateText(chance, request.path, "/v1/rooms/%2e%2e/events?after=1") });
    case 2: {
      const value = mutateText(chance, request.headers.authorization ?? "Bearer ", "Basic eA==");
      return JSON.stringify({ ...request, headers: { ...request.headers, authorization: value } });
    }
    case 3: {
      const header = { [chance.pick(HEADERS)]: mutateText(chance, "https://site.example", "17") };
      return JSON.stringify({ ...request, headers: { ...request.headers, ...header } });
    }
    default:
      return JSON.stringify({ ...request, body: varyBody(chance, request.body ?? "{}") });
  }
}

function varyBody(chance: Chance, body: string): string {
  if (!body.startsWith("hex:")) return varyJson(chance, body) ?? mutateText(chance, body, body);
  const octets = bodyOctets(body);
  return bodyText(mutateBytes(chance, octets, octets));
}
