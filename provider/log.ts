import { type DestinationStream, type Logger, type LoggerOptions, pino, stdTimeFunctions } from "pino";

export type { Logger } from "pino";

/**
 * A structured log, on standard output unless it is given another `destination`. Nothing secret goes into a line: callers give room URIs, codes and numbers, never
 * a token, a body, a nickname or an address.
 *
 * @param level `trace`, `debug`, `info`, `warn`, `error` or `silent`.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    // a second fence, should a careless caller hand over a request
    redact: { paths: ["token", "authorization", "body", "*.token", "*.authorization", "*.body"], remove: true },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
