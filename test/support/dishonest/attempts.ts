import { submitMessageRequest, updateRequest } from "../../../src/codec/hub-messages.js";
import type { Acceptance } from "../../../src/codec/leaf-extensions.js";
import { clientUri, guestUserId } from "../../../src/codec/mimi-uri.js";
import { decode, encode } from "../../../src/codec/tls.js";
import { CIPHER_SUITE } from "../../../src/mls/cipher-suite.js";
import { stageCommit } from "../../../src/mls/commit.js";
import { createCrypto } from "../../../src/mls/crypto.js";
import { stageExternalCommit } from "../../../src/mls/external-commit.js";
import { makeGroupInfo } from "../../../src/mls/group-info.js";
import { lifetimeAt, makeKeyPackage, parseKeyPackage } from "../../../src/mls/key-package.js";
import { makeLeafIdentity } from "../../../src/mls/leaf-identity.js";
import { propose, proposeSelfRemove } from "../../../src/mls/propose.js";
import { randomBytes } from "../../../src/mls/random.js";
import { exportPublicKey, generateSignatureKey, generateUserKey } from "../../../src/mls/signing.js";
import { MLS10 } from "../../../src/mls/wire/group-context.js";
import type { Proposal } from "../../../src/mls/wire/proposal.js";
import type { ApiMember, bodyOf } from "../api-member.js";

/** Something that MLS allows and the room's policy forbids: the MLSMessage, and how a dishonest member offers it to the hub. */
export interface Attempt {
  /** What the other members would be shown. */
  readonly message: Uint8Array;
  offer(): Promise<Response>;
}

/** A commit that `who` offers. */
export function commitAttempt(who: ApiMember, own: Parameters<typeof bodyOf>[0]): Attempt {
  return { message: own.commit, offer: () => who.offer(own) };
}

/** A proposal that `who` offers on its own. */
export function proposalAttempt(who: ApiMember, message: Uint8Array): Attempt {
  const body = encode(updateRequest, { proposalOrCommit: message, bundle: undefined });
  return { message, offer: () => who.guest.request("POST", `${who.path}/update`, body) };
}

/** A message that `who` sends. */
export async function messageAttempt(who: ApiMember): Promise<Attempt> {
  const body = await who.messageBody("forbidden words");
  const { appMessage } = decode(submitMessageRequest, body);
  return { message: appMessage, offer: () => who.submit(body) };
}

/** A commit of these proposals. */
export async function committing(who: ApiMember, proposals: readonly Proposal[]): Promise<Attempt> {
  const own = await stageCommit(who.guest.crypto, who.joined(), { proposals, references: [] });
  return commitAttempt(who, own);
}

export function removal(who: ApiMember): Proposal {
  return { kind: "remove", removed: who.joined().ownLeafIndex };
}

export async function leaving(who: ApiMember): Promise<Attempt> {
  return proposalAttempt(who, await proposeSelfRemove(who.guest.crypto, who.joined()));
}

export async function proposing(who: ApiMember, proposal: Proposal): Promise<Attempt> {
  return proposalAttempt(who, await propose(who.guest.crypto, who.joined(), proposal));
}

/** A commit that begins the group anew elsewhere. */
export function reinitialising(who: ApiMember): Promise<Attempt> {
  const { extensions } = who.joined().context;
  const anew = { groupId: randomBytes(16), version: MLS10, cipherSuite: CIPHER_SUITE, extensions: [...extensions] };
  return committing(who, [{ kind: "reInit", ...anew }]);
}

/** A join with the GroupInfo that `inside` hands over. */
export async function joinAttempt(inside: ApiMember, who: ApiMember): Promise<Attempt> {
  const { groupInfo, ratchetTree } = await makeGroupInfo(inside.guest.crypto, inside.joined());
  const { crypto, identity } = who.guest;
  const own = await stageExternalCommit(crypto, { groupInfo, ratchetTree, identity, pendingProposals: [] });
  return commitAttempt(who, own);
}

type Add = Extract<Proposal, { kind: "add" }>;

/** A new guest of a domain, to be added. */
export async function added(domain: string, acceptance?: Acceptance): Promise<Add> {
  const [crypto, userKeyPair] = [createCrypto(), await generateUserKey(false)];
  const signatureKey = await crypto.addSignatureKey(await generateSignatureKey());
  const user = await guestUserId(await exportPublicKey(userKeyPair.publicKey));
  const parts = {
    clientUri: clientUri(domain, user, "1"),
    nickname: "Zoe",
    userKeyPair,
    signatureKey,
    ...(acceptance && { acceptance }),
  };
  return addOf({ crypto, identity: await makeLeafIdentity(parts) });
}

export function addedClient({ guest }: ApiMember): Promise<Add> {
  return addOf(guest);
}

async function addOf({ crypto, identity }: Pick<ApiMember["guest"], "crypto" | "identity">): Promise<Add> {
  const lifetime = lifetimeAt(Date.now());
  const { message } = await makeKeyPackage(crypto, { identity, lifetime, lastResort: false });
  return { kind: "add", keyPackage: parseKeyPackage(message) };
}
