import { answerPage } from "./answer-page.js";
import type { PageCall, WorkerMessage } from "./page-call.js";
import { platform } from "./platform.js";
import { Seat } from "./seat.js";

const seat = new Seat(platform);
const post = (message: WorkerMessage) => postMessage(message);
void seat.subscribe((event) => post({ kind: "event", event }));
addEventListener("message", ({ data }: MessageEvent<PageCall>) => void answerPage(seat, data, post));
post({ kind: "ready" });
