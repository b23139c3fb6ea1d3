/**
 * The road between one browser profile and everything else: a forward HTTP proxy on loopback that a test can cut, and
 * that sees every request which leaves the profile.
 */
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** A request that left the profile; a tunnel (WebSocket, TLS) shows its origin only. */
export interface SeenRequest {
  readonly method: string;
  /** `http://host:port`, or `tunnel://host:port` for a CONNECT. */
  readonly origin: string;
  readonly path: string;
}

export type RequestMatch = (request: { readonly method: string; readonly path: string }) => boolean;

export interface CuttableProxy {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly seen: readonly SeenRequest[];
  /** Closes every connection and refuses new ones until {@link restore}. */
  cut(): void;
  restore(): void;
  /**
   * The next request that matches is forwarded; when its whole answer has arrived here, the browser's connection is
   * closed instead. Resolves with the status of the answer that was lost.
   */
  loseReply(match: RequestMatch): Promise<number>;
  stop(): Promise<void>;
}

interface Trap {
  readonly match: RequestMatch;
  sprung(status: number): void;
}

/** Starts a proxy on a free loopback port. */
export async function startCuttableProxy(): Promise<CuttableProxy> {
  const sockets = new Set<Duplex>();
  const seen: SeenRequest[] = [];
  const traps: Trap[] = [];
  let isCut = false;

  const keep = <T extends Duplex>(socket: T): T => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
    return socket;
  };

  const note = (method: string, url: URL, origin = url.origin): void => {
    seen.push({ method, origin, path: url.pathname + url.search });
  };

  const server = createServer((incoming, outgoing) => {
    const url = targetOf(incoming);
    if (url === undefined) {
      outgoing.writeHead(400).end();
      return;
    }
    const method = incoming.method ?? "GET";
    note(method, url);
    if (!isLoopback(url)) {
      outgoing.destroy();
      return;
    }
    const trapped = traps.findIndex((trap) => trap.match({ method, path: url.pathname }));
    const [trap] = trapped < 0 ? [] : traps.splice(trapped, 1);
    relay(incoming, outgoing, url, trap);
  });

  server.on("connection", (socket: Socket) => {
    if (isCut) socket.destroy();
    else keep(socket);
  });

  server.on("connect", (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    const target = new URL(`http://${incoming.url ?? ""}`);
    note("CONNECT", target, `tunnel://${target.host}`);
    if (!isLoopback(target)) {
      client.destroy();
      return;
    }
    const upstream = keep(connect(Number(target.port || 80), target.hostname));
    upstream.once("connect", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      joinSockets(client, upstream);
    });
    upstream.once("close", () => client.destroy());
  });

  server.on("upgrade", (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    const url = targetOf(incoming);
    if (url === undefined || !isLoopback(url)) {
      client.destroy();
      return;
    }
    note("CONNECT", url, `tunnel://${url.host}`);
    const upstream = keep(connect(Number(url.port || 80), url.hostname));
    upstream.once("connect", () => {
      const headers = pairs(incoming.rawHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
      upstream.write(`${incoming.method} ${url.pathname}${url.search} HTTP/1.1\r\n${headers.join("")}\r\n`);
      upstream.write(head);
      joinSockets(client, upstream);
    });
    upstream.once("close", () => client.destroy());
  });

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    restore() {
      isCut = false;
    },
    loseReply: (match) => new Promise((resolve) => traps.push({ match, sprung: resolve })),
    async stop() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A proxy request names its target whole: `GET http://host/path HTTP/1.1` (RFC 9112, 3.2.2). */
function targetOf(incoming: IncomingMessage): URL | undefined {
  const target = incoming.url ?? "";
  if (/^(http|ws):\/\//i.test(target)) return new URL(target.replace(/^ws:/i, "http:"));
  return undefined;
}

/** Only this machine is at the end of the road: what a browser asks its maker is seen and goes nowhere. */
function isLoopback(url: URL): boolean {
  return url.hostname === "localhost" || url.hostname === "127.0.0.1";
}

function relay(incoming: IncomingMessage, outgoing: ServerResponse, url: URL, trap: Trap | undefined): void {
  const headers = pairs(incoming.rawHeaders).filter(([name]) => !/^(proxy-|connection$|keep-alive$)/i.test(name));
  const upstream = forward(url, { method: incoming.method ?? "GET", headers: headers.flat(), agent: false });
  upstream.once("error", () => outgoing.destroy());
  upstream.once("response", (answer) => {
    if (trap !== undefined) {
      answer.resume();
      answer.once("end", () => {
        outgoing.destroy();
        trap.sprung(answer.statusCode ?? 0);
      });
      return;
    }
    // A browser repeats by itself what a kept connection lost, so no connection is kept: a lost answer stays lost.
    const raw = pairs(answer.rawHeaders).filter(([name]) => !/^(connection|keep-alive)$/i.test(name));
    outgoing.writeHead(answer.statusCode ?? 502, [...raw.flat(), "Connection", "close"]);
    answer.pipe(outgoing);
    answer.once("error", () => outgoing.destroy());
  });
  incoming.pipe(upstream);
}

function joinSockets(left: Duplex, right: Duplex): void {
  left.pipe(right);
  right.pipe(left);
  left.once("close", () => right.destroy());
}

function pairs(raw: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) result.push([raw[index] ?? "", raw[index + 1] ?? ""]);
  return result;
}
