import { unlessMalformed } from "../codec/codec-error.js";
import { type RoomPolicy, roomPolicy } from "../codec/room-policy.js";
import { decode, encode } from "../codec/tls.js";
import { explainChange } from "../policy/explain-change.js";
import { LOCKDOWN } from "../policy/lockdown.js";
import type { RoomState as PolicyRoom } from "../policy/room-state.js";
import type { EntryContent } from "../storage/records.js";
import type { TimelineEntry } from "../worker/engine-api.js";

type Stored = Extract<EntryContent, { readonly kind: "policyChanged" }>;
type Shown = Extract<TimelineEntry["content"], { readonly kind: "policyChanged" }>;

/** In the place of a link: that there is one is told, and not which. */
const SOME_LINK = "mimi:";

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

/** Of a policy what facts are made of, and nothing that others can make long: its lists and its name are told otherwise. */
function rulesOf(policy: RoomPolicy): Uint8Array {
  const { linkPolicy, loggingPolicy, allowedBots, policyExtensions } = policy;
  return encode(roomPolicy, {
    ...policy,
    preAuthList: [],
    linkPolicy: { ...linkPolicy, joinLink: linkPolicy.joinLink === "" ? "" : SOME_LINK, linkRequests: "" },
    loggingPolicy: { ...loggingPolicy, machineReadablePolicy: "" },
    allowedBots: allowedBots.map((bot) => ({ ...bot, description: "", homepage: "" })),
    policyExtensions: policyExtensions.filter(({ name }) => name === LOCKDOWN),
  });
}
