import type { EnginePorts } from "../engine/ports.js";

/** The effects of the worker layer on the world beside those of the engine. */
export interface WorkerPorts {
  /** Those of the engine; the seat adds what it is told itself. */
  readonly engine: Omit<EnginePorts, "onSuperseded">;
  readonly requestLock: RequestLock;
  readonly openChannel: OpenChannel;
  /** The number of this code among all that was released (release.ts). */
  readonly release: number;
}

/**
 * Asks for an exclusive lock. `held` runs when it is given, and holds it until its promise resolves. Resolves when the lock was
 * given back; rejects with an AbortError when it was stolen, or `signal` aborted before it was given. With `ifAvailable`
 * it resolves to false at once when somebody else has it; with `steal` it takes it from whoever has it.
 */
export type RequestLock = (
  name: string,
  options: { readonly ifAvailable?: true; readonly steal?: true; readonly signal?: AbortSignal },
  held: () => Promise<void>,
) => Promise<boolean>;

/** A channel to the other tabs of this origin; a tab does not hear itself. */
export interface TabChannelPort {
  post(message: unknown): void;
  close(): void;
}

export type OpenChannel = (name: string, heard: (message: unknown) => void) => TabChannelPort;
