import { toHex } from "../../src/codec/bytes.js";
import type { AuthenticationService } from "../../src/mls/authentication-service.js";

/** Who vouches for leaves in the working group's vectors and of other implementations: nobody. A client is its credential. */
export const plainAuthentication: AuthenticationService = {
  validate: async () => undefined,
  clientOf: ({ signatureKey }) => toHex(signatureKey),
  isSuccessor: (leaf, successor) => toHex(leaf.credential.identity) === toHex(successor.credential.identity),
  mayReplace: (leaf, joiner) => toHex(leaf.credential.identity) === toHex(joiner.credential.identity),
  acceptsContext: () => true,
};
