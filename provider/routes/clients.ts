import type { Hono } from "hono";
import { fromBase64Url } from "../../src/codec/bytes.js";
import {
  CLIENT_BINDING_LABEL,
  CLIENT_PROOF_LABEL,
  clientBindingTBS,
  clientProofTBS,
} from "../../src/codec/leaf-extensions.js";
import { canonicalMimiUri, guestUserId, parseMimiUri, userUri } from "../../src/codec/mimi-uri.js";
import { encode } from "../../src/codec/tls.js";
import { verifyWithLabel } from "../../src/mls/signing.js";
import { Refusal } from "../refusal.js";
import { readJson, textField } from "../request-body.js";
import { register } from "../store/clients.js";
import { newToken } from "../tokens.js";
import { type Environment, json, type RouteTools } from "./environment.js";

const KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;
/** "a client ID of 16 random octets in base64url" */
const CLIENT_ID = /^[A-Za-z0-9_-]{22}$/u;

/** `POST /v1/challenges`, `POST /v1/clients`: guests register by proof of possession of their keys. */
export function clientRoutes(app: Hono<Environment>, tools: RouteTools): void {
  const { hub, challenges, rates } = tools;

  app.post("/v1/challenges", async (context) => {
    await rates.take("registrationsPerIp", context.env.ip);
    return json(challenges.issue());
  });

  app.post("/v1/clients", async (context) => {
    const { limits } = hub.config;
    const guest = guestOf(await readJson(context, limits.jsonBytes));
    challenges.redeem(guest.challenge);
    const user = await checkIdentity(guest, hub.identity.domain);
    await checkSignatures(guest);

    const now = hub.clock.now();
    const { token, tokenHash } = await newToken();
    const expiresAt = now + limits.tokenMs;
    const { clientUri, userKey, signatureKey } = guest;
    const isNew = await register(hub.store, {
      clientUri,
      userUri: user,
      userKey,
      signatureKey,
      tokenHash,
      now,
      expiresAt,
      tokensKept: limits.tokensPerClient,
    });
    return json({ userUri: user, clientUri, token, expiresAt }, isNew ? 201 : 200);
  });
}

interface Guest {
  readonly clientUri: string;
  readonly userKey: Uint8Array;
  readonly signatureKey: Uint8Array;
  readonly binding: Uint8Array;
  readonly challenge: string;
  readonly proof: Uint8Array;
}

function guestOf(body: Readonly<Record<string, unknown>>): Guest {
  return {
    clientUri: textField(body, "clientUri"),
    userKey: octets(body, "userKey", KEY_LENGTH),
    signatureKey: octets(body, "signatureKey", KEY_LENGTH),
    binding: octets(body, "binding", SIGNATURE_LENGTH),
    challenge: textField(body, "challenge"),
    proof: octets(body, "proof", SIGNATURE_LENGTH),
  };
}

function octets(body: Readonly<Record<string, unknown>>, name: string, length: number): Uint8Array {
  const bytes = fromBase64Url(textField(body, name));
  if (bytes.length !== length) throw new Refusal("malformed", `${name}: ${bytes.length} octets where ${length} stand`);
  return bytes;
}

/** "A guest's user URI is mimi://{domain}/u/g-{base64url(SHA-256(userKey))}": resolves with it. */
async function checkIdentity({ clientUri, userKey }: Guest, domain: string): Promise<string> {
  const uri = parseMimiUri(clientUri);
  if (uri.kind !== "client" || !CLIENT_ID.test(uri.client))
    throw new Refusal("malformed", "clientUri: not a client's URI");
  if (uri.domain !== domain || uri.user !== (await guestUserId(userKey))) {
    throw new Refusal("invalidProof", "clientUri: not of the user whose key this is");
  }
  if (clientUri !== canonicalMimiUri(clientUri))
    throw new Refusal("malformed", "clientUri: not the canonical spelling");
  return userUri(domain, uri.user);
}

async function checkSignatures(guest: Guest): Promise<void> {
  const { clientUri, userKey, signatureKey, binding, challenge, proof } = guest;
  const bindingTBS = encode(clientBindingTBS, { clientUri, signatureKey });
  const proofTBS = encode(clientProofTBS, { challenge: fromBase64Url(challenge), clientUri });
  const [bound, possessed] = await Promise.all([
    verifyWithLabel(userKey, CLIENT_BINDING_LABEL, bindingTBS, binding),
    verifyWithLabel(signatureKey, CLIENT_PROOF_LABEL, proofTBS, proof),
  ]);
  if (!bound) throw new Refusal("invalidProof", "binding: not the user key's signature");
  if (!possessed) throw new Refusal("invalidProof", "proof: not the signature key's signature");
}
