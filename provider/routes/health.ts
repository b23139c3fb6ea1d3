import type { Hono } from "hono";
import { Refusal } from "../refusal.js";
import { probe } from "../store/open-store.js";
import { type Environment, json, type RouteTools } from "./environment.js";

/** `GET /healthz`: the process answers. `GET /readyz`: the store does too, and can be written. `GET /metrics`: for Prometheus. */
export function healthRoutes(app: Hono<Environment>, tools: RouteTools): void {
  const { store, config, health, metrics } = tools.hub;

  app.get("/healthz", () => json({ status: "ok" }));

  app.get("/readyz", async () => {
    if (health.fault !== undefined) throw new Refusal("unavailable", `the store cannot be written: ${health.fault}`);
    try {
      await probe(store);
    } catch {
      throw new Refusal("unavailable", "the store does not answer");
    }
    return json({ status: "ok" });
  });

  app.get("/metrics", async (context) => {
    const { metricsToken } = config;
    const allowed =
      metricsToken === undefined ? context.env.local : context.req.header("authorization") === `Bearer ${metricsToken}`;
    if (!allowed) throw new Refusal("unauthenticated", "metrics are for the operator");
    return new Response(await metrics.registry.metrics(), {
      headers: { "content-type": metrics.registry.contentType },
    });
  });
}
