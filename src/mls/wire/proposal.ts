import { type Codec, type Infer, opaque, struct, uint16, uint32, variant } from "../../codec/tls.js";
import { MlsError } from "../mls-error.js";
import { extensions } from "./extension.js";
import { leafNode } from "./leaf-node.js";
import { SELF_REMOVE } from "./self-remove.js";

const types = { update: 2, remove: 3, externalInit: 6, groupContextExtensions: 7, selfRemove: SELF_REMOVE } as const;
type Label = keyof typeof types;
const labels = new Map((Object.keys(types) as Label[]).map((label) => [types[label] as number, label]));

/** `uint16 ProposalType`. Throws MlsError "unsupported" for one that rooms do not use: Add, PreSharedKey, ReInit, others. */
const proposalType: Codec<Label> = {
  write: (writer, label) => uint16.write(writer, types[label]),
  read(reader) {
    const type = uint16.read(reader);
    const label = labels.get(type);
    if (label === undefined) throw new MlsError("unsupported", `proposals of type ${type}`);
    return label;
  },
};

/**
 *     struct {
 *       ProposalType proposal_type;
 *       select (Proposal.proposal_type) {
 *         case update:                   LeafNode leaf_node;
 *         case remove:                   uint32 removed;
 *         case external_init:            opaque kem_output<V>;
 *         case group_context_extensions: Extension extensions<V>;
 *         case self_remove:              struct{};
 *       };
 *     } Proposal;                                // RFC 9420, 12.1
 */
export const proposal = variant(proposalType, {
  update: struct({ leafNode }),
  remove: struct({ removed: uint32 }),
  externalInit: struct({ kemOutput: opaque }),
  groupContextExtensions: struct({ extensions }),
  selfRemove: struct({}),
});
export type Proposal = Infer<typeof proposal>;
