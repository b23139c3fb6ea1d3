import { takeSeatDatabase } from "../storage/seat-database.js";
import { network } from "../transport/network.js";
import type { WorkerPorts } from "./ports.js";
import { RELEASE } from "./release.js";

/** The browser's own storage, network, locks and channels. */
export const platform: WorkerPorts = {
  engine: {
    ...network,
    takeSeat: (name) => takeSeatDatabase(name),
    onFault: ({ where, error, cursor }) =>
      console.warn(`mimi-room: ${where}${cursor === undefined ? "" : ` (event ${cursor})`}: ${String(error)}`),
  },

  release: RELEASE,

  requestLock: (name, options, held) =>
    navigator.locks.request(name, options, async (lock) => {
      if (!lock) return false;
      await held();
      return true;
    }),

  openChannel(name, heard) {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }: MessageEvent<unknown>) => heard(data);
    return { post: (message) => channel.postMessage(message), close: () => channel.close() };
  },
};
