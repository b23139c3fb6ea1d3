import type { Engine } from "../engine/engine.js";

/** The calls that any tab may make and the leading one carries out. */
export type EngineCalls = Pick<
  Engine,
  | "open"
  | "join"
  | "send"
  | "retry"
  | "discard"
  | "leave"
  | "reconnect"
  | "rename"
  | "accept"
  | "moderation"
  | "kick"
  | "changeStanding"
  | "settings"
  | "explain"
  | "changeSettings"
  | "older"
  | "recoveryKit"
  | "restore"
>;
export type CallName = keyof EngineCalls;
export type CallParameters<Name extends CallName> = Parameters<EngineCalls[Name]>;
export type CallResult<Name extends CallName> = Awaited<ReturnType<EngineCalls[Name]>>;

/** Carries out a call. Every one of them may be carried out twice: a tab repeats what a dead leader did not answer. */
export function runCall<Name extends CallName>(
  engine: EngineCalls,
  name: Name,
  parameters: CallParameters<Name>,
): Promise<CallResult<Name>> {
  return Reflect.apply(engine[name], engine, parameters);
}
