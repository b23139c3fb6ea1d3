import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ensureDemoRoom, newOwnerKey } from "../../demo/demo-room.js";
import { startHostServer } from "../../demo/host-server.js";
import { presetRooms } from "../../demo/preset-rooms.js";
import type { RunningProvider } from "../../provider/node.js";
import { startTestProvider } from "../support/provider-process.js";

describe("the demo's rooms of the presets", () => {
  let provider: RunningProvider;
  let userKey: string;
  before(async () => {
    [provider, userKey] = await Promise.all([startTestProvider({ assets: false }), newOwnerKey()]);
  });
  after(() => provider.stop());

  for (const { id, name, policy } of presetRooms) {
    it(`are made once, and found again: ${name}`, async () => {
      const room = await ensureDemoRoom(provider.url, { roomId: id, name, policy, userKey });
      assert.equal(await ensureDemoRoom(provider.url, { roomId: id, name, policy, userKey }), room);
    });
  }

  it("stand on a page each, with the way to the others", async () => {
    const presets = presetRooms.map(({ id, name, means }) => ({ id, name, means, room: `mimi://a.example/r/${id}` }));
    const host = await startHostServer({ port: 0, provider: provider.url, room: "mimi://a.example/r/one", presets });
    for (const { id, name, room } of presets) {
      const response = await fetch(`${host.url}/rooms/${id}`);
      const html = await response.text();
      assert.equal(response.status, 200);
      assert.ok(response.headers.get("content-security-policy")?.includes("default-src 'none'"));
      assert.ok(html.includes(`room="${room}"`) && html.includes(`<h1>${name}</h1>`), id);
      assert.equal(html.split('<a href="/rooms/').length - 1, presets.length);
    }
    assert.equal((await fetch(`${host.url}/rooms/preset-unheard-of`)).status, 404);
    await host.stop();
  });
});
