import { toHex } from "../../codec/bytes.js";
import type { AuthenticationService } from "../authentication-service.js";
import { ensure, type MlsErrorCode } from "../mls-error.js";
import { leaves, type Nodes } from "./nodes.js";

/**
 * Checks that "the signature_key … is unique among the members", that the encryption keys are unique among all nodes
 * (RFC 9420, 7.3 and 12.4.3.1), and that no client has two leaves. Throws MlsError with `code`.
 */
export function ensureUnique(authentication: AuthenticationService, nodes: Nodes, code: MlsErrorCode): void {
  const members = leaves(nodes);
  ensureAllDiffer(
    nodes.flatMap((node) => (node === undefined ? [] : [toHex(node.encryptionKey)])),
    code,
    "encryption keys",
  );
  ensureAllDiffer(
    members.map(({ leaf }) => toHex(leaf.signatureKey)),
    code,
    "signature keys",
  );
  ensureAllDiffer(
    members.map(({ leaf }) => authentication.clientOf(leaf)),
    code,
    "clients",
  );
}

function ensureAllDiffer(values: readonly string[], code: MlsErrorCode, what: string): void {
  ensure(new Set(values).size === values.length, code, `a tree with ${what} that are not unique`);
}
