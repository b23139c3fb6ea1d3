import type { Crypto } from "../../src/mls/crypto.js";
import type { Clock } from "../clock.js";
import type { ProviderConfig } from "../config.js";
import type { Logger } from "../log.js";
import type { Metrics } from "../metrics.js";
import type { HubIdentity } from "../store/hub-identity.js";
import type { Store } from "../store/schema.js";
import type { StoreHealth } from "../store-health.js";
import type { Asking } from "./asking.js";
import type { FanOut } from "./fan-out.js";
import type { LiveRooms } from "./live-rooms.js";
import type { Refusals } from "./refusals.js";

/** What every operation of the hub works with. */
export interface Hub {
  readonly store: Store;
  readonly crypto: Crypto;
  readonly config: ProviderConfig;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly health: StoreHealth;
  readonly identity: HubIdentity;
  readonly rooms: LiveRooms;
  readonly fanOut: FanOut;
  readonly asking: Asking;
  readonly refusals: Refusals;
}

/** What is answered when an event has been accepted. */
export interface Accepted {
  /** When the hub accepted it, in milliseconds since 1970. */
  readonly acceptedTimestamp: number;
  readonly cursor: number;
  /** The epoch that the event leads to or belongs to. */
  readonly epoch: number;
}
