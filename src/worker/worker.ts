import { expose } from "comlink";
import { platform } from "./platform.js";
import { Seat } from "./seat.js";
import { workerApi } from "./worker-api.js";

expose(workerApi(new Seat(platform)));
