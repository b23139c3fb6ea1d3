import type { RoomState } from "../../src/worker/engine-api.js";
import { platform } from "../../src/worker/platform.js";
import type { TabChannelPort, WorkerPorts } from "../../src/worker/ports.js";
import { Seat } from "../../src/worker/seat.js";
import { Told } from "./engine-world.js";

/** A tab: its seat, and what it told its page. */
export interface Tab {
  readonly seat: Seat;
  readonly told: Told;
  readonly state: RoomState;
}

let browsers = 0;

/** The name of a browser of its own. */
export function newBrowser(): string {
  return `#tabs-${++browsers}`;
}

/** Opens a tab of `browser` on a room. */
export async function openTab(
  browser: string,
  address: { readonly provider: string; readonly room: string },
  ports: Partial<WorkerPorts> = {},
): Promise<Tab> {
  const told = new Told();
  const engine = { ...platform.engine, onFault: (fault: Told["faults"][number]) => void told.faults.push(fault) };
  const seat = new Seat({ ...platform, engine, ...ports }, browser);
  await seat.subscribe(told.listener);
  const state = await seat.open(address);
  told.listener({ type: "state", state });
  const entries = await seat.older(Number.MAX_SAFE_INTEGER, 100);
  told.listener({ type: "timeline", entries, gone: [] });
  return { seat, told, state };
}

/** Channels that a test can freeze, as a frozen tab is: it says nothing and hears nothing until it thaws. */
export class FreezableChannels {
  #frozen = false;
  readonly #missed: (() => unknown)[] = [];

  readonly openChannel: WorkerPorts["openChannel"] = (name, heard): TabChannelPort => {
    const channel = platform.openChannel(name, (message) => this.#do(() => heard(message)));
    let closed = false;
    return {
      post: (message) => this.#do(() => closed || channel.post(message)),
      close() {
        closed = true;
        channel.close();
      },
    };
  };

  freeze(): void {
    this.#frozen = true;
  }

  thaw(): void {
    this.#frozen = false;
    for (const missed of this.#missed.splice(0)) missed();
  }

  #do(work: () => unknown): void {
    if (this.#frozen) this.#missed.push(work);
    else work();
  }
}
