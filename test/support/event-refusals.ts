import { sha256 } from "../../provider/digest.js";
import { EVENT_REFUSAL_LABEL, eventRefusal, eventRefusalTBS } from "../../src/codec/event-refusal.js";
import { encode, type Infer } from "../../src/codec/tls.js";
import { labelled } from "../../src/mls/labels.js";
import type { ApiMember } from "./api-member.js";
import { assertJson } from "./refusals.js";

/** A refusal as it is signed. */
type Signed = Infer<typeof eventRefusalTBS>;

/**
 * The body by which `member` refuses a commit or proposal of the epoch that it is in.
 *
 * @param parts What it says, or signs, or signs with, other than the truth.
 */
export async function refusalBody(
  member: ApiMember,
  event: Uint8Array,
  parts: { readonly says?: Partial<Signed>; readonly signs?: Partial<Signed>; readonly signer?: ApiMember } = {},
): Promise<Uint8Array> {
  const { groupId, epoch } = member.joined();
  const truth = { groupId, epoch, eventHash: await sha256(event), code: "badConfirmationTag" };
  const { crypto, identity } = (parts.signer ?? member).guest;
  const tbs = encode(eventRefusalTBS, { ...truth, ...parts.says, ...parts.signs });
  const signature = await crypto.signature.sign(identity.signatureKey, labelled(EVENT_REFUSAL_LABEL, tbs));
  return encode(eventRefusal, { ...truth, ...parts.says, signature });
}

/** Posts a refusal's body. */
export async function postRefusal({ guest, path }: ApiMember, body: Uint8Array): Promise<Response> {
  return await guest.request("POST", `${path}/refuseEvent`, body);
}

/** Refuses a commit or proposal, and waits for what becomes of it. */
export async function refuse(member: ApiMember, event: Uint8Array): Promise<string> {
  const response = await postRefusal(member, await refusalBody(member, event));
  return (await assertJson<{ outcome: string }>(response, 200)).outcome;
}
