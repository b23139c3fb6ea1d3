/**
 * A slow road to a server on this machine: a TCP relay with a round-trip time and a bandwidth that all its connections
 * share. Unlike the emulation in DevTools it holds for workers, preflights and WebSockets too.
 */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface SlowRoad {
  readonly port: number;
  stop(): Promise<void>;
}

export interface RoadQuality {
  /** Milliseconds there and back; setting up a connection takes one more. */
  readonly roundTrip: number;
  /** Bits a second, each way. */
  readonly bandwidth: number;
}

/** Starts a road on a free loopback port; `target` is asked for each connection. */
export async function startSlowRoad(target: () => number, quality: RoadQuality): Promise<SlowRoad> {
  const sockets = new Set<Socket>();
  const up = lane(quality);
  const down = lane(quality);
  const server = createServer((near) => {
    const far = connect(target(), "127.0.0.1");
    const opened = performance.now() + quality.roundTrip;
    for (const [socket, other, send] of [[near, far, up] as const, [far, near, down] as const]) {
      sockets.add(socket);
      socket.setNoDelay();
      socket.on("data", (chunk) => send(other, chunk, opened));
      socket.on("end", () => send(other, undefined, opened));
      socket.on("error", () => other.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** How much travels in one piece, octets. */
const PIECE = 4096;

/** One direction: what is sent waits until what was sent before is through, then travels half a round trip. */
function lane({ roundTrip, bandwidth }: RoadQuality) {
  const travelling: { readonly due: number; readonly arrive: () => void }[] = [];
  let free = 0;

  const deliver = (): void => {
    while (travelling[0] !== undefined && travelling[0].due <= performance.now()) travelling.shift()?.arrive();
    if (travelling[0] !== undefined) setTimeout(deliver, travelling[0].due - performance.now());
  };

  const depart = (octets: number, notBefore: number, arrive: () => void): void => {
    free = Math.max(free, notBefore, performance.now()) + (octets * 8_000) / bandwidth;
    travelling.push({ due: free + roundTrip / 2, arrive });
    if (travelling.length === 1) setTimeout(deliver, roundTrip / 2);
  };

  return (to: Socket, chunk: Buffer | undefined, notBefore: number): void => {
    if (chunk === undefined) depart(0, notBefore, () => to.end());
    for (let start = 0; chunk !== undefined && start < chunk.length; start += PIECE) {
      const piece = chunk.subarray(start, start + PIECE);
      depart(piece.length, notBefore, () => to.writable && to.write(piece));
    }
  };
}
