import { enumeration, type Infer, opaque, struct, uint16, uint64, variant } from "../../codec/tls.js";

/** `enum { reserved(0), application(1), reinit(2), branch(3) } ResumptionPSKUsage` */
const resumptionUsage = enumeration("ResumptionPSKUsage", { application: 1, reInit: 2, branch: 3 });

/**
 *     struct {
 *       PSKType psktype;
 *       select (PreSharedKeyID.psktype) {
 *         case external:   opaque psk_id<V>;
 *         case resumption: ResumptionPSKUsage usage; opaque psk_group_id<V>; uint64 psk_epoch;
 *       };
 *       opaque psk_nonce<V>;
 *     } PreSharedKeyID;                          // RFC 9420, 8.4
 */
export const preSharedKeyId = variant(enumeration("PSKType", { external: 1, resumption: 2 }), {
  external: struct({ pskId: opaque, pskNonce: opaque }),
  resumption: struct({ usage: resumptionUsage, pskGroupId: opaque, pskEpoch: uint64, pskNonce: opaque }),
});
export type PreSharedKeyId = Infer<typeof preSharedKeyId>;

/** `struct { PreSharedKeyID id; uint16 index; uint16 count; } PSKLabel` (RFC 9420, 8.4) */
export const pskLabel = struct({ id: preSharedKeyId, index: uint16, count: uint16 });
