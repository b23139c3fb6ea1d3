import { type Infer, opaque, struct, uint16, uint32, uint64 } from "../../codec/tls.js";
import { extensions } from "./extension.js";

/** ProtocolVersion mls10 (RFC 9420, 6). */
export const MLS10 = 1;

/**
 *     struct {
 *       ProtocolVersion version = mls10;
 *       CipherSuite cipher_suite;
 *       opaque group_id<V>;
 *       uint64 epoch;
 *       opaque tree_hash<V>;
 *       opaque confirmed_transcript_hash<V>;
 *       Extension extensions<V>;
 *     } GroupContext;                            // RFC 9420, 8.1
 */
export const groupContext = struct({
  version: uint16,
  cipherSuite: uint16,
  groupId: opaque,
  epoch: uint64,
  treeHash: opaque,
  confirmedTranscriptHash: opaque,
  extensions,
});
export type GroupContext = Infer<typeof groupContext>;

const groupInfoContent = { groupContext, extensions, confirmationTag: opaque, signer: uint32 };

/** GroupInfoTBS: what the signer signs with the label "GroupInfoTBS" (RFC 9420, 12.4.3). */
export const groupInfoTBS = struct(groupInfoContent);

/**
 *     struct {
 *       GroupContext group_context;
 *       Extension extensions<V>;
 *       MAC confirmation_tag;
 *       uint32 signer;
 *       opaque signature<V>;
 *     } GroupInfo;                               // RFC 9420, 12.4.3
 */
export const groupInfo = struct({ ...groupInfoContent, signature: opaque });
export type GroupInfo = Infer<typeof groupInfo>;
