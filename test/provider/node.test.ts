import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { RunningProvider } from "../../provider/node.js";
import { openStore } from "../../provider/store/open-store.js";
import { utf8 } from "../../src/codec/bytes.js";
import { ApiMember } from "../support/api-member.js";
import { startTestProvider } from "../support/provider-process.js";
import { assertRefused } from "../support/refusals.js";

const SCRIPT = `export const greeting = "${"hello ".repeat(500)}";`;

describe("a provider on a machine", () => {
  let folder: string;
  let distDir: string;
  let provider: RunningProvider;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "mimi-node-"));
    distDir = join(folder, "dist");
    await mkdir(join(distDir, "app", "assets"), { recursive: true });
    await writeFile(join(distDir, "mimi-room.js"), SCRIPT);
    await writeFile(join(distDir, "mimi-room-organiser-0123456789abcdef.js"), SCRIPT);
    await writeFile(join(distDir, "mimi-room-organiser-notes.js"), "not for anybody");
    await writeFile(join(distDir, "sri.json"), "{}");
    await writeFile(join(distDir, "secret.txt"), "not for anybody");
    await writeFile(join(distDir, "app", "index.html"), "<!doctype html><title>Room</title>");
    await writeFile(join(distDir, "app", "assets", "index-1a2b.css"), "body{}");
    provider = await startTestProvider({ distDir, metricsToken: "for-the-operator" });
  });
  after(async () => {
    await provider.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("hands out the script compressed, for any site, to be asked for again by its tag", async () => {
    const raw = await get("/mimi-room.js", { "accept-encoding": "gzip, br" });
    assert.equal(raw.headers["content-encoding"], "br");
    assert.equal(brotliDecompressSync(raw.body).toString(), SCRIPT);
    assert.equal(raw.headers["access-control-allow-origin"], "*");
    assert.equal(raw.headers["cross-origin-resource-policy"], "cross-origin");
    assert.match(String(raw.headers["content-type"]), /^text\/javascript/u);
    assert.match(String(raw.headers["cache-control"]), /must-revalidate/u);
    const gzip = await get("/mimi-room.js", { "accept-encoding": "gzip" });
    assert.equal(gunzipSync(gzip.body).toString(), SCRIPT);
    const plain = await get("/mimi-room.js", { "accept-encoding": "br;q=0" });
    assert.equal(plain.headers["content-encoding"], undefined);
    const again = await get("/mimi-room.js", { "if-none-match": String(raw.headers.etag) });
    assert.equal(again.status, 304);
  });

  it("hands out the organisers' tools for ever, for any site: their name changes with their content", async () => {
    const tools = await get("/mimi-room-organiser-0123456789abcdef.js?1", { "accept-encoding": "br" });
    assert.equal(brotliDecompressSync(tools.body).toString(), SCRIPT);
    assert.equal(tools.headers["access-control-allow-origin"], "*");
    assert.equal(tools.headers["cross-origin-resource-policy"], "cross-origin");
    assert.match(String(tools.headers["content-type"]), /^text\/javascript/u);
    assert.match(String(tools.headers["cache-control"]), /immutable/u);
  });

  it("shows the room's page under a strict policy, and its parts for ever", async () => {
    for (const path of ["/", "/r/keynote", "/r/a%20room"]) {
      const page = await get(path);
      assert.equal(page.status, 200);
      const policy = String(page.headers["content-security-policy"]);
      assert.match(policy, /^default-src 'none'; script-src 'self'; /u);
      assert.match(policy, /require-trusted-types-for 'script'/u);
      assert.equal(page.headers["x-content-type-options"], "nosniff");
    }
    assert.match(String((await get("/assets/index-1a2b.css")).headers["cache-control"]), /immutable/u);
  });

  it("hands out nothing else", async () => {
    for (const path of [
      "/secret.txt",
      "/mimi-room-organiser-notes.js",
      "/mimi-room-organiser-fedcba9876543210.js",
      "/../secret.txt",
      "/app/index.html",
      "/..%2fsecret.txt",
      "/assets/",
      "/.hidden",
    ]) {
      assert.equal((await get(path)).status, 404, path);
    }
  });

  it("gives its figures to those who know the token", async () => {
    assert.equal((await get("/metrics")).status, 401);
    const figures = await get("/metrics", { authorization: "Bearer for-the-operator" });
    assert.match(figures.body.toString(), /^mimi_refusals_total/mu);
    assert.equal((await get("/healthz")).status, 200);
    assert.equal((await get("/readyz")).status, 200);
  });

  it("refuses a body of 100 MB without keeping it, whether it tells its length or not", async () => {
    const alice = await ApiMember.register(provider.url, "Alice");
    await alice.createRoom("large");
    const before = process.memoryUsage().rss;
    for (const length of [100_000_000, undefined]) {
      const { status, sent } = await flood(`${alice.path}/submitMessage`, alice.guest.token, length);
      assert.equal(status, 413);
      assert.ok(sent < 100_000_000, `${sent} octets were taken`);
    }
    assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024);
    assert.equal((await alice.say("still here")).status, 200);
  });

  it("finds everything again after a restart: rooms, seats, messages, its own key", async () => {
    const dataDir = join(folder, "data");
    const first = await startTestProvider({ dataDir, assets: false });
    const options = { dataDir, assets: false, publicUrl: first.url, port: Number(new URL(first.url).port) };
    const [alice, bob] = await Promise.all(["Alice", "Bob"].map((name) => ApiMember.register(first.url, name)));
    assert.ok(alice && bob);
    await alice.createRoom("kept");
    await bob.join(alice.room);
    await alice.catchUp();
    await bob.catchUp();
    await alice.say("before the restart");
    await bob.selfRemove();
    const directory = await (await fetch(`${first.url}/.well-known/mimi-protocol-directory`)).json();
    await first.stop();

    const second = await startTestProvider(options);
    assert.deepEqual(await (await fetch(`${second.url}/.well-known/mimi-protocol-directory`)).json(), directory);
    assert.deepEqual(
      (await bob.catchUp()).map((heard) => (heard.kind === "application" ? heard.text : heard.kind)),
      ["before the restart", "proposal"],
    );
    const carol = await ApiMember.register(second.url, "Carol");
    await carol.join(alice.room);
    await alice.catchUp();
    await carol.catchUp();
    await carol.say("after the restart");
    assert.deepEqual(await alice.catchUp(), [{ kind: "application", text: "after the restart", sender: "Carol" }]);
    await second.stop();
  });

  it("keeps nothing that a message says", async () => {
    const dataDir = join(folder, "sealed");
    const sealed = await startTestProvider({ dataDir, assets: false });
    const alice = await ApiMember.register(sealed.url, "Alice");
    await alice.createRoom("sealed");
    const secret = "the-meeting-is-at-noon-under-the-old-oak";
    for (let turn = 0; turn < 20; turn++) await alice.say(secret);
    await sealed.stop();
    for (const file of await readdir(dataDir)) {
      const bytes = await readFile(join(dataDir, file));
      assert.equal(bytes.indexOf(Buffer.from(utf8(secret))), -1, file);
      assert.equal(bytes.indexOf(Buffer.from(alice.guest.token, "base64url")), -1, `a token in ${file}`);
      assert.equal(bytes.indexOf(alice.guest.token), -1, `a token in ${file}`);
    }
    assert.ok((await readFile(join(dataDir, "provider.db"))).includes("mimi://"));
  });

  it("does not touch a database that a newer version has written, or another domain's", async () => {
    const dataDir = join(folder, "newer");
    const first = await startTestProvider({ dataDir, assets: false });
    await first.stop();
    await assert.rejects(
      startTestProvider({ dataDir, assets: false, publicUrl: "https://else.example" }),
      /belongs to/u,
    );
    const store = await openStore(first.databasePath);
    await store
      .withTables<{ kysely_migration: { name: string; timestamp: string } }>()
      .insertInto("kysely_migration")
      .values({ name: "9999-later", timestamp: "2099" })
      .execute();
    await store.destroy();
    await assert.rejects(startTestProvider({ dataDir, assets: false }), /newer version.*9999-later/u);
  });

  it("says so when its port is taken", async () => {
    const port = Number(new URL(provider.url).port);
    await assert.rejects(startTestProvider({ port, assets: false }), /EADDRINUSE/u);
  });

  it("believes a proxy about the address only when told to", async () => {
    const rates = { registrationsPerIp: { points: 1, seconds: 60 } };
    for (const [trustedProxies, statuses] of [
      [0, [200, 429]],
      [1, [200, 200]],
    ] as const) {
      const behind = await startTestProvider({ assets: false, trustedProxies, rates });
      for (const [index, status] of statuses.entries()) {
        const headers = { "x-forwarded-for": `9.9.9.9, 10.0.0.${index}` };
        const response = await fetch(`${behind.url}/v1/challenges`, { method: "POST", headers });
        if (status === 429) await assertRefused(response, 429, "rateLimited");
        else assert.equal(response.status, status);
      }
      await behind.stop();
    }
  });

  function get(path: string, headers: Record<string, string> = {}) {
    return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>((resolve, reject) => {
      const { port } = new URL(provider.url);
      const asked = request(
        { host: "127.0.0.1", port, path, headers: { connection: "close", ...headers } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        },
      );
      asked.on("error", reject).end();
    });
  }

  /** Sends 100 MB, or as much as is taken, and resolves with the answer. */
  function flood(path: string, token: string, length: number | undefined) {
    return new Promise<{ status: number; sent: number }>((resolve, reject) => {
      const chunk = Buffer.alloc(1_000_000);
      let sent = 0;
      let status = 0;
      const headers = {
        authorization: `Bearer ${token}`,
        ...(length === undefined ? {} : { "content-length": String(length) }),
      };
      const sending = request(`${provider.url}${path}`, { method: "POST", headers }, (response) => {
        status = response.statusCode ?? 0;
        response.resume();
      });
      sending.on("error", (error) => (status === 0 ? reject(error) : undefined));
      sending.on("close", () => resolve({ status, sent }));
      const more = (): void => {
        if (status !== 0) {
          sending.destroy();
          return;
        }
        if (sent >= 100_000_000) {
          sending.end();
          return;
        }
        sent += chunk.length;
        sending.write(chunk, (error) => (error ? undefined : setImmediate(more)));
      };
      more();
    });
  }
});
