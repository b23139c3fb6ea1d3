import { type Infer, opaque, struct, text, uint64 } from "./tls.js";

/** SignWithLabel label (RFC 9420, 5.1.2) of a refusal. */
export const COMMIT_REFUSAL_LABEL = "MimiCommitRefusal";

/**
 * `struct { opaque commit_hash<V>; opaque code<V>; opaque signature<V>; } CommitRefusal`: a member cannot follow a commit
 * (docs/adr/0015-provisional-commits.md). `commit_hash` is SHA-256 of the commit's MLSMessage; `code` says why, in UTF-8.
 */
export const commitRefusal = struct({ commitHash: opaque, code: text, signature: opaque });
export type CommitRefusal = Infer<typeof commitRefusal>;

/**
 * `struct { opaque group_id<V>; uint64 epoch; opaque commit_hash<V>; opaque code<V>; } CommitRefusalTBS`: what the refusing
 * member's leaf key of that epoch signs; `epoch` is the one that the commit ends.
 */
export const commitRefusalTBS = struct({ groupId: opaque, epoch: uint64, commitHash: opaque, code: text });
