import { define } from "../define.js";
import { MimiHostedPage } from "./mimi-hosted-page.js";
import { MimiMadeRoom } from "./mimi-made-room.js";
import { MimiMakeRoom } from "./mimi-make-room.js";
import { MimiRecoveryKit } from "./mimi-recovery-kit.js";
import { MimiRestoreSeat } from "./mimi-restore-seat.js";

/** The provider's own page: `/` makes rooms, `/r/{room}` is one. */
define(customElements, {
  "mimi-recovery-kit": MimiRecoveryKit,
  "mimi-restore-seat": MimiRestoreSeat,
  "mimi-made-room": MimiMadeRoom,
  "mimi-make-room": MimiMakeRoom,
  "mimi-hosted-page": MimiHostedPage,
});
