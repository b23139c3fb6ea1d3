import type { ProviderOptions } from "../provider/node.js";
import { BOUNDS } from "../src/mls/bounds.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** The provider's options as environment variables give them (docs/operating.md). Throws Error naming a bad variable. */
export function optionsFrom(environment: Environment): ProviderOptions {
  const host = environment.HOST;
  const publicUrl = publicUrlFrom(environment.PUBLIC_URL);
  const metricsToken = environment.METRICS_TOKEN;
  return {
    port: wholeFrom(environment, "PORT", 8787),
    dataDir: environment.DATA_DIR ?? "./data",
    distDir: "./dist",
    logLevel: environment.LOG_LEVEL ?? "warn",
    trustedProxies: wholeFrom(environment, "TRUST_PROXY", 0),
    limits: {
      // whoever joins carries the SelfRemove of everybody who is about to leave (docs/adr/0012-bounds.md)
      ...limitFrom(environment, "MAX_MEMBERS", "membersPerRoom", BOUNDS.proposals),
      ...limitFrom(environment, "MAX_ROOMS", "rooms"),
      ...limitFrom(environment, "MAX_STREAMS", "streams"),
      ...limitFrom(environment, "MAX_MESSAGE_BYTES", "messageBytes"),
    },
    rates: {
      ...rateFrom(environment, "RATE_REQUESTS_PER_MINUTE", "requestsPerIp", 60),
      ...rateFrom(environment, "RATE_REGISTRATIONS_PER_MINUTE", "registrationsPerIp", 60),
      ...rateFrom(environment, "RATE_ROOMS_PER_HOUR", "roomsPerIp", 3600),
      ...rateFrom(environment, "RATE_MESSAGES_PER_10_SECONDS", "messagesPerClient", 10),
      ...rateFrom(environment, "RATE_UPDATES_PER_10_SECONDS", "updatesPerClient", 10),
    },
    ...(host === undefined ? {} : { host }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(metricsToken === undefined ? {} : { metricsToken }),
  };
}

function limitFrom<K extends string>(
  environment: Environment,
  name: string,
  limit: K,
  most = Number.POSITIVE_INFINITY,
): { [P in K]?: number } {
  if (environment[name] === undefined) return {};
  const value: { [P in K]?: number } = {};
  const wanted = wholeFrom(environment, name, 0);
  if (wanted > most) throw new Error(`${name}: ${wanted} is more than ${most}`);
  value[limit] = wanted;
  return value;
}

function rateFrom<K extends string>(
  environment: Environment,
  name: string,
  rate: K,
  seconds: number,
): { [P in K]?: { points: number; seconds: number } } {
  if (environment[name] === undefined) return {};
  const value: { [P in K]?: { points: number; seconds: number } } = {};
  value[rate] = { points: wholeFrom(environment, name, 0), seconds };
  return value;
}

function wholeFrom(environment: Environment, name: string, otherwise: number): number {
  const text = environment[name];
  if (text === undefined || text === "") return otherwise;
  if (!/^[0-9]{1,12}$/u.test(text)) throw new Error(`${name}: ${JSON.stringify(text)} is no whole number`);
  return Number(text);
}

function publicUrlFrom(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  const url = new URL(text);
  if ((url.protocol !== "https:" && url.protocol !== "http:") || url.pathname !== "/" || url.search || url.hash) {
    throw new Error(`PUBLIC_URL: ${JSON.stringify(text)} is no http(s) address of a host`);
  }
  return url.origin;
}
