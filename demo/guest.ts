import { fromBase64Url, toBase64Url } from "../src/codec/bytes.js";
import { CLIENT_PROOF_LABEL, clientProofTBS } from "../src/codec/leaf-extensions.js";
import { clientUri, guestUserId, userOfClient } from "../src/codec/mimi-uri.js";
import { encode } from "../src/codec/tls.js";
import { type Crypto, createCrypto } from "../src/mls/crypto.js";
import { type LeafIdentity, makeLeafIdentity } from "../src/mls/leaf-identity.js";
import { exportPublicKey, generateSignatureKey, signWithLabel } from "../src/mls/signing.js";

/** What a provider's directory says that a client needs. */
export interface Directory {
  readonly domain: string;
  /** Of the hub's system user, for `external_senders`. */
  readonly hubSender: { readonly uri: string; readonly signatureKey: Uint8Array };
}

/** A registered guest, with the keys to act as one. */
export interface Guest {
  readonly crypto: Crypto;
  readonly identity: LeafIdentity;
  readonly userUri: string;
  readonly directory: Directory;
  /** Sends a request as this guest. */
  request(method: string, path: string, body?: Uint8Array | object): Promise<Response>;
  readonly token: string;
}

/** Sends requests: `fetch`, or an app without a socket. */
export type Send = (request: Request) => Promise<Response>;

/** Reads a provider's directory. */
export async function readDirectory(provider: string, send: Send = fetch): Promise<Directory> {
  const response = await send(new Request(`${provider}/.well-known/mimi-protocol-directory`));
  const { domain, hubSender } = (await ok(response).json()) as {
    domain: string;
    hubSender: { uri: string; signatureKey: string };
  };
  return { domain, hubSender: { uri: hubSender.uri, signatureKey: fromBase64Url(hubSender.signatureKey) } };
}

/** Registers a new client of the user whose key this is (docs/provider-api.md, "Registration"). */
export async function registerGuest(
  provider: string,
  userKeyPair: CryptoKeyPair,
  nickname: string,
  send: Send = fetch,
): Promise<Guest> {
  const directory = await readDirectory(provider, send);
  const crypto = createCrypto();
  const signaturePair = await generateSignatureKey();
  const signatureKey = await crypto.addSignatureKey(signaturePair);
  const userId = await guestUserId(await exportPublicKey(userKeyPair.publicKey));
  const clientId = toBase64Url(globalThis.crypto.getRandomValues(new Uint8Array(16)));
  const uri = clientUri(directory.domain, userId, clientId);
  const identity = await makeLeafIdentity({ clientUri: uri, nickname, userKeyPair, signatureKey });

  const { challenge } = (await ok(await send(new Request(`${provider}/v1/challenges`, { method: "POST" }))).json()) as {
    challenge: string;
  };
  const proofTBS = encode(clientProofTBS, { challenge: fromBase64Url(challenge), clientUri: uri });
  const registration = {
    clientUri: uri,
    userKey: toBase64Url(identity.userKey),
    signatureKey: toBase64Url(signatureKey),
    binding: toBase64Url(identity.bindingSignature),
    challenge,
    proof: toBase64Url(await signWithLabel(signaturePair.privateKey, CLIENT_PROOF_LABEL, proofTBS)),
  };
  const body = JSON.stringify(registration);
  const registered = await send(new Request(`${provider}/v1/clients`, { method: "POST", body }));
  const { token } = (await ok(registered).json()) as { token: string };
  const request: Guest["request"] = async (method, path, content) =>
    await send(
      new Request(provider + path, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(content === undefined
          ? {}
          : { body: content instanceof Uint8Array ? new Uint8Array(content) : JSON.stringify(content) }),
      }),
    );
  return { crypto, identity, userUri: userOfClient(uri), directory, request, token };
}

/** The response, if it is a success. */
export function ok(response: Response): Response {
  if (response.ok) return response;
  throw new Error(`${response.url} answered ${response.status}`);
}
