/** A message-oriented connection, as an event stream needs it; provider/node.ts makes one of a WebSocket. */
export interface EventSocket {
  send(data: string | Uint8Array): void;
  /** Resolves when what was sent so far has been handed to the network, or the connection is gone. */
  flushed(): Promise<void>;
  /** Octets that wait to be sent. */
  readonly backlog: number;
  /** Closes after what was sent. */
  close(code: number, reason: string): void;
  /** Cuts the connection at once. */
  cut(): void;
  /** Asks for a sign of life; the answer comes as {@link EventStreamInput.alive}. */
  ping(): void;
}

/** What happens on a connection. */
export interface EventStreamInput {
  /** A text frame came; undefined: a binary one, which nobody here understands. */
  received(text: string | undefined): void;
  alive(): void;
  /** The connection is gone. */
  closed(): void;
}
