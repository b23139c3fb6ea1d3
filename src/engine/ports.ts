import type { SeatDatabase } from "../storage/seat-database.js";
import type { Superseded } from "../storage/superseded.js";
import type { Clock, Fetch, OpenSocket, Random } from "../transport/ports.js";

/** Something was wrong, and the engine went on: a bad event, a hub that misbehaves. For logs, never for a person. */
export interface Fault {
  readonly where: string;
  readonly error: unknown;
  /** The event it came with. */
  readonly cursor?: number;
}

/** The effects that an engine has on the world, one port each, so that a test can stop the world at any of them. */
export interface EnginePorts {
  /** Opens the seat's database and takes it over. */
  readonly takeSeat: (name: string) => Promise<SeatDatabase>;
  readonly fetch: Fetch;
  readonly openSocket: OpenSocket;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFault: (fault: Fault) => void;
  /** This engine's hold of the seat was ended by somebody else; it has stopped. */
  readonly onSuperseded: (why: Superseded) => void;
}
