import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What the provider counts; no label names a room, a client or an address. */
export interface Metrics {
  readonly registry: Registry;
  readonly requestSeconds: Histogram<"route" | "status">;
  readonly refusals: Counter<"code">;
  readonly events: Counter<"kind">;
  /** What became of provisional events: acknowledged, lapsed, rolledBack. */
  readonly provisional: Counter<"outcome">;
  readonly eventRefusals: Counter;
  readonly deliveries: Counter;
  readonly streams: Gauge;
  readonly streamsCut: Counter;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    requestSeconds: new Histogram({
      name: "mimi_request_seconds",
      help: "Time to answer a request",
      labelNames: ["route", "status"],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
      registers,
    }),
    refusals: new Counter({ name: "mimi_refusals_total", help: "Refused requests", labelNames: ["code"], registers }),
    events: new Counter({ name: "mimi_events_total", help: "Events accepted", labelNames: ["kind"], registers }),
    provisional: new Counter({
      name: "mimi_provisional_events_total",
      help: "Provisional commits and proposals by what became of them",
      labelNames: ["outcome"],
      registers,
    }),
    eventRefusals: new Counter({
      name: "mimi_event_refusals_total",
      help: "Refusals of provisional commits and proposals by members",
      registers,
    }),
    deliveries: new Counter({ name: "mimi_deliveries_total", help: "Events handed to a stream", registers }),
    streams: new Gauge({ name: "mimi_streams", help: "Event streams open", registers }),
    streamsCut: new Counter({ name: "mimi_streams_cut_total", help: "Slow consumers cut off", registers }),
  };
}
