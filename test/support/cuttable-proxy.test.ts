import assert from "node:assert/strict";
import { createServer, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { type CuttableProxy, startCuttableProxy } from "./cuttable-proxy.js";

describe("the road between a browser and everything else", () => {
  let server: Server;
  let origin: string;
  let road: CuttableProxy;
  let served = 0;

  before(async () => {
    server = createServer((incoming, outgoing) => {
      served += 1;
      incoming.pipe(outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    road = await startCuttableProxy();
  });

  after(async () => {
    await road.stop();
    server.close();
  });

  /** Posts through the proxy; resolves with the body of the answer. */
  const post = (target: string, body: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(road.url);
      const outgoing = request({ hostname, port, method: "POST", path: target, agent: false }, (answer) => {
        let text = "";
        answer.on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () => resolve(text));
        answer.on("error", reject);
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });

  it("carries requests and remembers where they went", async () => {
    assert.equal(await post(`${origin}/echo?a=1`, "hello"), "hello");
    assert.deepEqual(road.seen.at(-1), { method: "POST", origin, path: "/echo?a=1" });
  });

  it("loses the answer to a request that was served", async () => {
    const before = served;
    const lost = road.loseReply(({ path }) => path === "/send");
    await assert.rejects(post(`${origin}/send`, "once"));
    assert.equal(await lost, 200);
    assert.equal(served, before + 1);
    assert.equal(await post(`${origin}/send`, "twice"), "twice");
  });

  it("carries tunnels", async () => {
    const { hostname, port } = new URL(road.url);
    const tunnel = connect(Number(port), hostname);
    tunnel.write(`CONNECT ${new URL(origin).host} HTTP/1.1\r\n\r\n`);
    const text = await new Promise<string>((resolve) => {
      let received = "";
      tunnel.on("data", (chunk: Buffer) => {
        received += chunk;
        if (received.endsWith("\r\n\r\n") && !received.includes("GET")) {
          tunnel.write("POST /tunnelled HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
        }
      });
      tunnel.on("close", () => resolve(received));
    });
    assert.match(text, /hi/);
    assert.equal(road.seen.at(-1)?.origin, origin.replace("http:", "tunnel:"));
  });

  it("is cut, and restored", async () => {
    road.cut();
    await assert.rejects(post(`${origin}/echo`, "nobody"));
    road.restore();
    assert.equal(await post(`${origin}/echo`, "again"), "again");
  });

  it("leads to this machine only", async () => {
    await assert.rejects(post("http://elsewhere.example/", "x"));
    assert.equal(road.seen.at(-1)?.origin, "http://elsewhere.example");
  });
});
