import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";
import { join } from "node:path";
import { createCrypto } from "../src/mls/crypto.js";
import { type App, createApp } from "./app.js";
import { systemClock } from "./clock.js";
import { defaultLimits, defaultRates, type Limits, type Rates } from "./config.js";
import { createLog } from "./log.js";
import { builtFiles } from "./node/built-files.js";
import { DATABASE_FILE, LOCK_FILE, RESTORED_FILE } from "./node/data-dir.js";
import { FrontDoor } from "./node/front-door.js";
import { peerOf } from "./node/peer-of.js";
import { makePrivateFile } from "./node/private-file.js";
import { openStore } from "./store/open-store.js";
import { holdLock } from "./store/process-lock.js";

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

/** How long a connection may neither take nor give anything; event streams have their own heartbeat. */
const SILENT_MS = 120_000;
/** Connections beside the event streams: requests, and what is being opened or closed. */
const SPARE_CONNECTIONS = 2000;

/** Starts a provider on this machine. Rejects when the port is taken or the database cannot be used. */
export async function startProvider(options: ProviderOptions): Promise<RunningProvider> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const release = holdLock(join(options.dataDir, LOCK_FILE));
  try {
    const provider = await open(options, release);
    return provider;
  } catch (error) {
    release();
    throw error;
  }
}

async function open(options: ProviderOptions, release: () => void): Promise<RunningProvider> {
  const { port, host = "127.0.0.1", dataDir, trustedProxies = 0, metricsToken } = options;
  const databasePath = join(dataDir, DATABASE_FILE);
  if (existsSync(join(dataDir, RESTORED_FILE))) {
    throw new Error(`a restore was interrupted: run it again, or remove ${join(dataDir, RESTORED_FILE)}`);
  }
  await makePrivateFile(databasePath);
  const store = await openStore(databasePath);
  const limits = { ...defaultLimits, ...options.limits };
  const server = createServer({
    requestTimeout: 60_000,
    headersTimeout: 15_000,
    keepAliveTimeout: 65_000,
    // the app's own answer to a request without one has a code
    requireHostHeader: false,
  });
  server.setTimeout(SILENT_MS);
  server.maxConnections = limits.streams + SPARE_CONNECTIONS;
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
        limits,
        rates: { ...defaultRates, ...options.rates },
        ...(metricsToken === undefined ? {} : { metricsToken }),
      },
      ...(options.distDir === undefined ? {} : { assets: builtFiles(options.distDir) }),
    });
    const door = new FrontDoor(server, app, log, (request) => peerOf(request, trustedProxies));
    const actual = server.listening ? bound : await listen(server, port, host);
    const reached = host === "0.0.0.0" || host === "::" ? "localhost" : host;
    const localUrl = `http://${isIPv6(reached) ? `[${reached}]` : reached}:${actual}`;
    log.info({ url }, "provider started");
    const stop = async (): Promise<void> => {
      app?.close();
      await door.close();
      await store.destroy();
      release();
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
