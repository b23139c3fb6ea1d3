import { equalBytes, fromUtf8 } from "../../src/codec/bytes.js";
import type { AuthenticationService } from "../../src/mls/authentication-service.js";
import { ensure } from "../../src/mls/mls-error.js";
import type { UnsignedLeafNode } from "../../src/mls/wire/leaf-node.js";

/** `uuid:device@domain`, a client of a user. */
const CLIENT = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9a-f]+@[a-z.]+$/u;
/** What the ID of a client begins with that keeps a group's history for newcomers; core-crypto leaves it out of its roster. */
export const HISTORY_CLIENT = "history-client:";

const isSame = (one: UnsignedLeafNode, other: UnsignedLeafNode) =>
  equalBytes(one.credential.identity, other.credential.identity);

/** Who vouches for the leaves of core-crypto's groups: nobody, but a credential is a client's ID, and no other's. */
export const interopAuthentication: AuthenticationService = {
  async validate({ credential }) {
    const id = fromUtf8(credential.identity);
    ensure(CLIENT.test(id) || id.startsWith(HISTORY_CLIENT), "badLeaf", `${id} is no client ID`);
  },
  clientOf: ({ credential }) => fromUtf8(credential.identity),
  isSuccessor: isSame,
  mayReplace: isSame,
  acceptsContext: () => true,
};
