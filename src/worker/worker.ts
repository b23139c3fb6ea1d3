import { expose } from "comlink";
import type { EventMessage } from "./engine-api.js";
import { platform } from "./platform.js";
import { Seat } from "./seat.js";
import { workerApi } from "./worker-api.js";

const seat = new Seat(platform);
void seat.subscribe((mimiEvent) => postMessage({ mimiEvent } satisfies EventMessage));
expose(workerApi(seat));
