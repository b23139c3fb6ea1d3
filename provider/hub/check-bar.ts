import { Refusal } from "../refusal.js";
import type { Hub } from "./hub.js";
import type { LiveRoom } from "./live-room.js";

/** Throws Refusal for a user whose commit or proposal was taken back a while ago: for a time it neither makes one nor joins. */
export function checkBar({ clock }: Hub, { bars }: LiveRoom, userUri: string): void {
  const until = bars.get(userUri);
  if (until === undefined || until <= clock.now()) return;
  throw new Refusal("notAllowed", "a commit or proposal of this user was taken back; it may make one again later", {
    rule: "hub/barred",
  });
}
