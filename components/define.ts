import { define, type Elements } from "./define-elements.js";
import { MimiJoinLink } from "./mimi-join-link/mimi-join-link.js";
import { MimiKnock } from "./mimi-knock/mimi-knock.js";
import { MimiRoom } from "./mimi-room/mimi-room.js";
import { MimiRoomAcceptance } from "./mimi-room-acceptance/mimi-room-acceptance.js";
import { MimiRoomComposer } from "./mimi-room-composer/mimi-room-composer.js";
import { MimiRoomHeader } from "./mimi-room-header/mimi-room-header.js";
import { MimiRoomMessage } from "./mimi-room-message/mimi-room-message.js";
import { MimiRoomOccupants } from "./mimi-room-occupants/mimi-room-occupants.js";
import { MimiRoomPreview } from "./mimi-room-preview/mimi-room-preview.js";
import { MimiRoomStatus } from "./mimi-room-status/mimi-room-status.js";
import { MimiRoomTimeline } from "./mimi-room-timeline/mimi-room-timeline.js";
import { shareLit } from "./shared-lit.js";
import { version } from "./version.js";

export { define };

const elements: Elements = {
  "mimi-join-link": MimiJoinLink,
  "mimi-knock": MimiKnock,
  "mimi-room-acceptance": MimiRoomAcceptance,
  "mimi-room-composer": MimiRoomComposer,
  "mimi-room-header": MimiRoomHeader,
  "mimi-room-message": MimiRoomMessage,
  "mimi-room-occupants": MimiRoomOccupants,
  "mimi-room-preview": MimiRoomPreview,
  "mimi-room-status": MimiRoomStatus,
  "mimi-room-timeline": MimiRoomTimeline,
  // Last, so that a room that is on the page already upgrades with all its parts known.
  "mimi-room": MimiRoom,
};

/** Registers the elements of this file, unless another copy of it was there first: its parts belong together. */
function defineOnce(registry: CustomElementRegistry): void {
  const present = registry.get("mimi-room");
  if (present === undefined) {
    shareLit();
    define(registry, elements);
    return;
  }
  const other = "version" in present ? String(present.version) : "unknown";
  if (other === version) return;
  console.warn(`mimi-room ${version} was loaded after ${other}; this page keeps using ${other}. Load one of them.`);
}

// A server that renders the page has no registry: importing this file there does nothing.
if (typeof customElements !== "undefined") defineOnce(customElements);
