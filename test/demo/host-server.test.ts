import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startHostServer } from "../../demo/host-server.js";

describe("a site that embeds a room", () => {
  it("outlives a provider that is not there", async () => {
    const host = await startHostServer({ port: 0, provider: "http://127.0.0.1:1", room: "mimi://a.example/r/one" });
    for (let turn = 0; turn < 2; turn++) assert.equal((await fetch(host.url)).status, 500);
    assert.equal((await fetch(`${host.url}/host.css`)).status, 200);
    await host.stop();
  });

  it("collects reports only when it was told to", async () => {
    const host = await startHostServer({ port: 0, provider: "http://127.0.0.1:1", room: "mimi://a.example/r/one" });
    const response = await fetch(`${host.url}/csp-reports`, { method: "POST", body: "{}" });
    assert.equal(response.status, 404);
    assert.deepEqual(host.reports, []);
    await host.stop();
  });
});
