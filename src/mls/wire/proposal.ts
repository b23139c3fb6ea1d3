import { type Codec, type Infer, opaque, struct, uint16, uint32, variant } from "../../codec/tls.js";
import { MlsError } from "../mls-error.js";
import { extensions } from "./extension.js";
import { keyPackage } from "./key-package.js";
import { leafNode } from "./leaf-node.js";
import { preSharedKeyId } from "./pre-shared-key.js";
import { SELF_REMOVE } from "./self-remove.js";

const types = {
  add: 1,
  update: 2,
  remove: 3,
  psk: 4,
  reInit: 5,
  externalInit: 6,
  groupContextExtensions: 7,
  selfRemove: SELF_REMOVE,
} as const;
type Label = keyof typeof types;
const labels = new Map((Object.keys(types) as Label[]).map((label) => [types[label] as number, label]));

/** `uint16 ProposalType`. Throws MlsError "unsupported" for one that is not of RFC 9420 nor SelfRemove. */
const proposalType: Codec<Label> = {
  write: (writer, label) => uint16.write(writer, types[label]),
  read(reader) {
    const type = uint16.read(reader);
    const label = labels.get(type);
    if (label === undefined) throw new MlsError("unsupported", `proposals of type ${type}`);
    return label;
  },
};

/** `struct { opaque group_id<V>; ProtocolVersion version; CipherSuite cipher_suite; Extension extensions<V>; } ReInit` (RFC 9420, 12.1.5) */
export const reInit = struct({ groupId: opaque, version: uint16, cipherSuite: uint16, extensions });
export type ReInit = Infer<typeof reInit>;

/**
 *     struct {
 *       ProposalType proposal_type;
 *       select (Proposal.proposal_type) {
 *         case add:                      KeyPackage key_package;
 *         case update:                   LeafNode leaf_node;
 *         case remove:                   uint32 removed;
 *         case psk:                      PreSharedKeyID psk;
 *         case reinit:                   ReInit;
 *         case external_init:            opaque kem_output<V>;
 *         case group_context_extensions: Extension extensions<V>;
 *         case self_remove:              struct{};
 *       };
 *     } Proposal;                                // RFC 9420, 12.1
 */
export const proposal = variant(proposalType, {
  add: struct({ keyPackage }),
  update: struct({ leafNode }),
  remove: struct({ removed: uint32 }),
  psk: struct({ psk: preSharedKeyId }),
  reInit,
  externalInit: struct({ kemOutput: opaque }),
  groupContextExtensions: struct({ extensions }),
  selfRemove: struct({}),
});
export type Proposal = Infer<typeof proposal>;
