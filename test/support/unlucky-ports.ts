import type { EnginePorts } from "../../src/engine/ports.js";
import { takeSeatDatabase } from "../../src/storage/seat-database.js";
import type { OpenSocket } from "../../src/transport/ports.js";
import type { Network } from "./engine-network.js";

/** Storage that dies in the `write`th write, once it is on disk. */
export function dyingAt(write: number) {
  let writes = 0;
  let die = () => {};
  const dead = new Promise<void>((resolve) => {
    die = resolve;
  });
  const ports: Partial<EnginePorts> = {
    async takeSeat(name) {
      const database = await takeSeatDatabase(name);
      return {
        ...database,
        async commitStep(step) {
          await database.commitStep(step);
          if (++writes < write) return;
          die();
          await new Promise(() => {});
        },
      };
    },
  };
  return { dead, ports };
}

/** Sockets on which the hub answers every hello by saying that its log is another. */
export function lying({ openSocket }: Network): { readonly openSocket: OpenSocket } {
  return {
    openSocket: (url, events) =>
      openSocket(url, {
        ...events,
        text: () => events.text(JSON.stringify({ type: "error", code: "logDiverged", message: "" })),
      }),
  };
}
