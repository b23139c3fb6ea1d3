import { equalBytes, utf8 } from "../../src/codec/bytes.js";
import { roomOfGroupId } from "../../src/codec/group-id.js";
import type { GroupView } from "../../src/codec/group-view.js";
import { encode, opaque, struct, uint16, vector } from "../../src/codec/tls.js";
import { peekMessage } from "../../src/mls/peek.js";
import { encodePublicGroup, openPublicGroup, type PublicGroup, viewPublicGroup } from "../../src/mls/public-group.js";
import { requiresRoomPolicy } from "../../src/policy/group-extensions.js";
import { Refusal } from "../refusal.js";
import type { Client } from "../store/clients.js";
import type { StoredGroup } from "../store/group-states.js";
import { checkGroupInfo, checkLeaf } from "./group-sizes.js";
import type { Hub } from "./hub.js";
import { refusing } from "./mls-refusal.js";

/** `external_senders` in the IANA registry of MLS extension types. */
const EXTERNAL_SENDERS = 0x0005;
const BASIC_CREDENTIAL = 1;

/**
 *     struct { SignaturePublicKey signature_key; Credential credential; } ExternalSender;
 *     ExternalSender external_senders<V>;
 *
 * (RFC 9420, 12.1.8.1), for basic credentials.
 */
const externalSenders = vector(struct({ signatureKey: opaque, credentialType: uint16, identity: opaque }));

/** A room's first group as its creator offers it: opened, and found to be what any room asks of one. */
export interface OfferedGroup {
  /** The room that the group ID names. */
  readonly room: string;
  readonly publicGroup: PublicGroup;
  readonly view: GroupView;
  readonly stored: StoredGroup;
}

/**
 * Opens a group that `client` offers: epoch 0, the client its only member, the hub's system user in external_senders.
 * Throws Refusal.
 */
export async function openOfferedGroup(
  hub: Hub,
  client: Client,
  offer: { readonly groupInfo: Uint8Array; readonly ratchetTree: Uint8Array },
): Promise<OfferedGroup> {
  checkGroupInfo(hub.config.limits, offer.groupInfo);
  const { publicGroup, view, room } = await refusing("invalidGroupInfo", undefined, async () => {
    // asked before the tree is looked at: only that of epoch 0 is known to be small
    ensureFirstEpoch(peekMessage(offer.groupInfo).epoch);
    const publicGroup = await openPublicGroup(hub.crypto, offer);
    const view = viewPublicGroup(publicGroup);
    return { publicGroup, view, room: roomOfGroupId(view.groupId) };
  });
  const [creator, ...others] = view.members;
  if (creator === undefined || others.length > 0) throw new Refusal("invalidGroupInfo", "a new group has one member");
  checkLeaf(hub.config.limits, publicGroup, creator);
  if (creator.clientUri !== client.clientUri)
    throw new Refusal("invalidGroupInfo", "the group's member is somebody else");
  if (!hasOnlyHubAsExternalSender(hub, view)) {
    throw new Refusal("invalidGroupInfo", "external_senders is not this hub's system user alone");
  }
  if (!requiresRoomPolicy(view.extensions)) {
    throw new Refusal("invalidGroupInfo", "required_capabilities does not name the room's policy");
  }
  const stored: StoredGroup = {
    groupId: view.groupId,
    epoch: view.epoch,
    publicGroup: encodePublicGroup(publicGroup),
    groupInfo: offer.groupInfo,
    ratchetTree: offer.ratchetTree,
  };
  return { room, publicGroup, view, stored };
}

function ensureFirstEpoch(epoch: bigint): void {
  if (epoch !== 0n) throw new Refusal("invalidGroupInfo", "a new group is of epoch 0");
}

function hasOnlyHubAsExternalSender(hub: Hub, view: GroupView): boolean {
  const { signatureKey, uri } = hub.identity;
  const expected = encode(externalSenders, [{ signatureKey, credentialType: BASIC_CREDENTIAL, identity: utf8(uri) }]);
  const extension = view.extensions.find(({ type }) => type === EXTERNAL_SENDERS);
  return extension !== undefined && equalBytes(extension.data, expected);
}
