/** The effects that transport has on the world, one port each, so that a test can stop the world at any of them. */

/** HTTP. The platform's `fetch` has this shape. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What happens on a socket. `closed` comes once, also when the connection never opened. */
export interface SocketEvents {
  opened(): void;
  text(frame: string): void;
  binary(frame: Uint8Array): void;
  closed(code: number): void;
}

export interface Socket {
  send(frame: string): void;
  close(): void;
}

export type OpenSocket = (url: string, events: SocketEvents) => Socket;

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `then` once, after `milliseconds`; the result cancels it. */
  after(milliseconds: number, then: () => void): () => void;
}

/** `length` random octets, good enough for keys. */
export type Random = (length: number) => Uint8Array;
