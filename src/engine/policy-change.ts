import { unlessMalformed } from "../codec/codec-error.js";
import { ROOM_NAME, type RoomPolicy, roomPolicy } from "../codec/room-policy.js";
import { decode, encode } from "../codec/tls.js";
import { explainChange } from "../policy/explain-change.js";
import type { RoomState as PolicyRoom } from "../policy/room-state.js";
import type { EntryContent } from "../storage/records.js";
import type { TimelineEntry } from "../worker/engine-api.js";

type Stored = Extract<EntryContent, { readonly kind: "policyChanged" }>;
type Shown = Extract<TimelineEntry["content"], { readonly kind: "policyChanged" }>;

/** What a line keeps of a change of the rules; undefined where a visitor would be told the same of both. */
export function policyChange(from: PolicyRoom, to: PolicyRoom): Stored | undefined {
  const change = { kind: "policyChanged", before: rulesOf(from.policy), after: rulesOf(to.policy) } as const;
  return shownPolicyChange(change).effects.length > 0 ? change : undefined;
}

/** The same as the page is told. */
export function shownPolicyChange({ kind, before, after }: Stored): Shown {
  const effects = unlessMalformed(() => factsChanged(decode(roomPolicy, before), decode(roomPolicy, after)));
  return { kind, effects: effects ?? [] };
}

function factsChanged(before: RoomPolicy, after: RoomPolicy): Shown["effects"] {
  const room = { room: "", hub: "", policy: before, members: [], extensions: [] };
  return explainChange(room, after).filter((effect) => effect.kind === "fact");
}

/** A policy without its lists and its name, which are long, and told otherwise. */
function rulesOf(policy: RoomPolicy): Uint8Array {
  const policyExtensions = policy.policyExtensions.filter(({ name }) => name !== ROOM_NAME);
  return encode(roomPolicy, { ...policy, preAuthList: [], policyExtensions });
}
