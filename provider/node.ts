import { createHash } from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { getRequestListener } from "@hono/node-server";
import { WebSocket, WebSocketServer } from "ws";
import { createCrypto } from "../src/mls/crypto.js";
import { type App, createApp } from "./app.js";
import { systemClock } from "./clock.js";
import { defaultLimits, defaultRates, type Limits, type Rates } from "./config.js";
import type { EventSocket } from "./hub/event-socket.js";
import { createLog, type Logger } from "./log.js";
import { Refusal } from "./refusal.js";
import type { Asset, Assets } from "./routes/assets.js";
import type { Peer } from "./routes/environment.js";
import { openStore } from "./store/open-store.js";

export interface ProviderOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** The address to listen on; the loopback one unless given. */
  readonly host?: string;
  /** Where the database is kept; made when it is not there. */
  readonly dataDir: string;
  /** Where browsers reach the provider, without a trailing slash; `http://localhost:{port}` unless given. */
  readonly publicUrl?: string;
  /** Where the built files are. */
  readonly distDir?: string;
  /** How many proxies stand in front and add to X-Forwarded-For; 0 unless given: the header is not believed. */
  readonly trustedProxies?: number;
  readonly metricsToken?: string;
  /** Pino's level; `info` unless given. */
  readonly logLevel?: string;
  readonly limits?: Partial<Limits>;
  readonly rates?: Partial<Rates>;
}

export interface RunningProvider {
  /** Where browsers reach it. */
  readonly url: string;
  /** Where this machine reaches it, without whatever stands in front. */
  readonly localUrl: string;
  readonly databasePath: string;
  /** Ends: no new connections, those that are there are answered and closed, the database is closed. */
  stop(): Promise<void>;
}

const EVENTS_PATH = "/v1/events";
const MAX_FRAME_OCTETS = 64 * 1024;
const DRAIN_MS = 5000;
/** How long a connection may neither take nor give anything; event streams have their own heartbeat. */
const SILENT_MS = 120_000;
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;

/** Starts a provider on this machine. Rejects when the port is taken or the database cannot be used. */
export async function startProvider(options: ProviderOptions): Promise<RunningProvider> {
  const { port, host = "127.0.0.1", dataDir, trustedProxies = 0, metricsToken } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const databasePath = join(dataDir, "provider.db");
  const store = await openStore(databasePath);
  const server = createServer({
    requestTimeout: 60_000,
    headersTimeout: 15_000,
    keepAliveTimeout: 65_000,
    // the app's own answer to a request without one has a code
    requireHostHeader: false,
  });
  server.setTimeout(SILENT_MS);
  let app: App | undefined;
  try {
    // A free port has to be bound to be known; else nobody can connect before the app is there to answer.
    const bound = port === 0 && options.publicUrl === undefined ? await listen(server, port, host) : port;
    const url = options.publicUrl ?? `http://localhost:${bound}`;
    const log = createLog(options.logLevel ?? "info");
    app = await createApp({
      store,
      crypto: createCrypto(),
      clock: systemClock,
      log,
      config: {
        publicUrl: url,
        limits: { ...defaultLimits, ...options.limits },
        rates: { ...defaultRates, ...options.rates },
        ...(metricsToken === undefined ? {} : { metricsToken }),
      },
      ...(options.distDir === undefined ? {} : { assets: builtFiles(options.distDir) }),
    });
    const sockets = serve(server, app, log, (request) => peerOf(request, trustedProxies));
    const actual = server.listening ? bound : await listen(server, port, host);
    const reached = host === "0.0.0.0" || host === "::" ? "localhost" : host;
    const localUrl = `http://${isIPv6(reached) ? `[${reached}]` : reached}:${actual}`;
    log.info({ url }, "provider started");
    const stop = async (): Promise<void> => {
      app?.close();
      await close(server, sockets);
      await store.destroy();
      log.info("provider stopped");
    };
    return { url, localUrl, databasePath, stop };
  } catch (error) {
    app?.close();
    server.close();
    await store.destroy();
    throw error;
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function serve(server: Server, app: App, log: Logger, peer: (request: IncomingMessage) => Peer): WebSocketServer {
  const logged = (refusal: Refusal): Refusal => {
    log.warn({ code: refusal.code, reason: refusal.message }, "refused");
    return refusal;
  };
  const answer = getRequestListener((request, { incoming }) => app.fetch(request, peer(incoming as IncomingMessage)), {
    overrideGlobalObjects: false,
    // what is no request comes here, and never to the app
    errorHandler: () => logged(new Refusal("malformed", "not a request: its host or its address is none")).toResponse(),
  });
  server.on("request", (incoming, outgoing) => void answer(incoming, outgoing));
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_FRAME_OCTETS });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const refusal =
      error.code === "HPE_HEADER_OVERFLOW"
        ? new Refusal("tooLarge", "more header fields than anybody needs")
        : new Refusal("malformed", "not a request, or not all of one in time");
    void refuse(socket, logged(refusal));
  });
  sockets.on("wsClientError", (error, socket) => void refuse(socket, logged(new Refusal("malformed", error.message))));
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // from here on nobody else listens, and an error that nobody listens to ends the process
    socket.on("error", () => socket.destroy());
    if (request.url?.split("?", 1)[0] !== EVENTS_PATH) {
      void refuse(socket, logged(new Refusal("noSuchRoute", "no such event stream")));
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) =>
      connect(app, opened, request.headers.origin, peer(request)),
    );
  });
  return sockets;
}

/** Answers a connection that never became a request, and ends it. */
async function refuse(socket: Duplex, refusal: Refusal): Promise<void> {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = await refusal.toResponse().text();
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ""}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Access-Control-Allow-Origin: *",
    "Connection: close",
  ];
  socket.once("finish", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function connect(app: App, socket: WebSocket, origin: string | undefined, peer: Peer): void {
  socket.on("error", () => socket.terminate());
  const stream = app.openEventStream(eventSocket(socket), origin, peer);
  if (stream === undefined) {
    socket.close(TRY_AGAIN_LATER, "unavailable");
    return;
  }
  socket.on("message", (data, isBinary) => stream.received(isBinary ? undefined : data.toString()));
  socket.on("pong", () => stream.alive());
  socket.on("close", () => stream.closed());
}

function eventSocket(socket: WebSocket): EventSocket {
  return {
    send(data) {
      if (socket.readyState === WebSocket.OPEN) socket.send(data);
    },
    // a ping stands behind everything that was sent before it
    flushed: () =>
      new Promise((resolve) => {
        if (socket.readyState === WebSocket.OPEN) socket.ping(undefined, undefined, () => resolve());
        else resolve();
      }),
    get backlog() {
      return socket.bufferedAmount;
    },
    close: (code, reason) => socket.close(code, reason),
    cut: () => socket.terminate(),
    ping() {
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    },
  };
}

async function close(server: Server, sockets: WebSocketServer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets.clients) socket.close(GOING_AWAY, "the provider is stopping");
  server.closeIdleConnections();
  const cut = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
  }, DRAIN_MS);
  await closed;
  clearTimeout(cut);
}

/** Who is at the other end. Each trusted proxy has added one address at the end of X-Forwarded-For. */
function peerOf(request: IncomingMessage, trustedProxies: number): Peer {
  const direct = request.socket.remoteAddress ?? "";
  const forwarded = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((hop) => hop.trim());
  const claimed = trustedProxies > 0 ? forwarded.at(-trustedProxies) : undefined;
  const local = request.headers["x-forwarded-for"] === undefined && /^(?:127\.|::1$|::ffff:127\.)/u.test(direct);
  return { ip: networkOf(claimed || direct), local };
}

/** One household or phone has a whole /64 of IPv6 addresses to ask from. */
function networkOf(address: string): string {
  // a zone ("%eth0") is the machine's own affair, and no part of a URL
  const ip = address.replace(/%.*$/su, "");
  if (!isIPv6(ip) || ip.startsWith("::ffff:")) return ip;
  const groups = new URL(`http://[${ip}]`).hostname.slice(1, -1).split("::");
  const head = groups[0]?.split(":") ?? [];
  return head.concat(Array<string>(8).fill("0")).slice(0, 4).join(":");
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json; charset=utf-8",
  webmanifest: "application/manifest+json",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
};

const EMBEDDED = ["/mimi-room.js", "/mimi-worker.js", "/sri.json"];

/** The built files, compressed once, when first asked for or when the file has changed. */
function builtFiles(distDir: string): Assets {
  const kept = new Map<string, { readonly stamp: string; readonly asset: Promise<Asset> }>();
  const assets: Assets = async (path) => {
    const name = path === "/" ? "/index.html" : path;
    // no segment begins with a dot, so no path leads out of the folder
    if (!/^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*){1,4}$/u.test(name)) return undefined;
    const file = join(distDir, EMBEDDED.includes(name) ? "" : "app", name);
    const status = await stat(file).catch(() => undefined);
    if (!status?.isFile()) return undefined;
    const stamp = `${status.mtimeMs} ${status.size}`;
    const known = kept.get(name);
    if (known?.stamp === stamp) return await known.asset;
    const asset = readAsset(file, name.startsWith("/assets/"));
    kept.set(name, { stamp, asset });
    asset.catch(() => kept.delete(name));
    return await asset;
  };
  for (const path of ["/", ...EMBEDDED]) assets(path).catch(() => undefined);
  return assets;
}

async function readAsset(file: string, immutable: boolean): Promise<Asset> {
  const identity = await readFile(file);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: identity.length };
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(identity, { params }),
    promisify(gzip)(identity, { level: 9 }),
  ]);
  const pays = (bytes: Buffer) => bytes.length < identity.length * 0.95;
  return {
    contentType: CONTENT_TYPES[file.slice(file.lastIndexOf(".") + 1)] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(identity).digest("base64url").slice(0, 22)}"`,
    encodings: { identity, ...(pays(br) ? { br } : {}), ...(pays(gz) ? { gzip: gz } : {}) },
    immutable,
  };
}
