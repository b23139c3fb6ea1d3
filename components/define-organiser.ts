import { define } from "./define-elements.js";
import { MimiOrganiserBanned } from "./organiser/mimi-organiser-banned.js";
import { MimiOrganiserPerson } from "./organiser/mimi-organiser-person.js";
import { MimiOrganiserRules } from "./organiser/mimi-organiser-rules.js";
import { MimiRoomOrganiser } from "./organiser/mimi-room-organiser.js";

/** The organisers' tools, a file of their own that `<mimi-room>` loads (docs/adr/0019-organisers-tools.md). */
define(customElements, {
  "mimi-organiser-banned": MimiOrganiserBanned,
  "mimi-organiser-person": MimiOrganiserPerson,
  "mimi-organiser-rules": MimiOrganiserRules,
  // Last: whoever waits for it finds all of them.
  "mimi-room-organiser": MimiRoomOrganiser,
});
