import { canonicalMimiUri } from "../codec/mimi-uri.js";
import type { Action } from "./action.js";
import type { Decision } from "./decision.js";
import type { RoomState } from "./room-state.js";
import { mayEnter } from "./rules/admit.js";
import { mayCloseGroup } from "./rules/close-group.js";
import { mayCommit } from "./rules/commit.js";
import { mayCreateRoom, mayStartGroup } from "./rules/create.js";
import { mayFetchKeyPackages } from "./rules/fetch-key-packages.js";
import { mayProposeAlone } from "./rules/propose.js";
import { maySendMessage } from "./rules/send-message.js";

/**
 * Whether `action` may happen in `room`: the one policy function, which every client and the hub call. Pure and
 * synchronous; no clock, no look-up, no memory. What only the hub or only the affected client can judge is not asked
 * here (docs/rules.md). Throws CodecError only when a URI in `action` is none.
 */
export function authorize(room: RoomState, action: Action): Decision {
  switch (action.kind) {
    case "createRoom":
      return mayCreateRoom({ ...room, policy: action.policy }, canonicalMimiUri(action.user));
    case "startGroup":
      return mayStartGroup(room, canonicalMimiUri(action.user), action);
    case "fetchGroupInfo":
      return mayEnter(room, canonicalMimiUri(action.user), "5.5", action.claims && [action]);
    case "fetchKeyPackages": {
      const [requester, target] = [canonicalMimiUri(action.requester), canonicalMimiUri(action.target)];
      return mayFetchKeyPackages(room, { ...action, requester, target });
    }
    case "commit":
      return mayCommit(room, action.commit);
    case "propose":
      return mayProposeAlone(room, action.proposal);
    case "sendMessage":
      return maySendMessage(room, canonicalMimiUri(action.user));
    case "closeGroup":
      return mayCloseGroup(room, canonicalMimiUri(action.client));
  }
}
