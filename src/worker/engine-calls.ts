import type { Engine } from "../engine/engine.js";

/** The calls that any tab may make and the leading one carries out. */
export type EngineCalls = Pick<
  Engine,
  "open" | "join" | "send" | "retry" | "discard" | "leave" | "reconnect" | "older" | "recoveryKit" | "restore"
>;
export type CallName = keyof EngineCalls;
export type CallParameters<Name extends CallName> = Parameters<EngineCalls[Name]>;
export type CallResult<Name extends CallName> = Awaited<ReturnType<EngineCalls[Name]>>;

type Runner = {
  readonly [Name in CallName]: (engine: EngineCalls, parameters: CallParameters<Name>) => Promise<CallResult<Name>>;
};

const RUN: Runner = {
  open: (engine, parameters) => engine.open(...parameters),
  join: (engine, parameters) => engine.join(...parameters),
  send: (engine, parameters) => engine.send(...parameters),
  retry: (engine, parameters) => engine.retry(...parameters),
  discard: (engine, parameters) => engine.discard(...parameters),
  leave: (engine, parameters) => engine.leave(...parameters),
  reconnect: (engine, parameters) => engine.reconnect(...parameters),
  older: (engine, parameters) => engine.older(...parameters),
  recoveryKit: (engine, parameters) => engine.recoveryKit(...parameters),
  restore: (engine, parameters) => engine.restore(...parameters),
};

/** Carries out a call. Every one of them may be carried out twice: a tab repeats what a dead leader did not answer. */
export function runCall<Name extends CallName>(
  engine: EngineCalls,
  name: Name,
  parameters: CallParameters<Name>,
): Promise<CallResult<Name>> {
  return RUN[name](engine, parameters);
}
