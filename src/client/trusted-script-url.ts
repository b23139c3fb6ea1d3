interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}

interface TrustedTypesFactory {
  createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy;
}

/** A second policy of the same name is refused, also when this file is loaded twice: it is kept where both find it. */
const POLICY = Symbol.for("mimi-room/1/trusted-types");

/**
 * `url` as the sinks of `new Worker` and of a script element want it under `require-trusted-types-for 'script'` (policy `mimi`); the plain string
 * where a browser has no Trusted Types.
 */
export function trustedScriptUrl(url: string): string {
  const realm = globalThis as typeof globalThis & { trustedTypes?: TrustedTypesFactory; [POLICY]?: ScriptUrlPolicy };
  if (!realm.trustedTypes) return url;
  realm[POLICY] ??= realm.trustedTypes.createPolicy("mimi", { createScriptURL: knownOriginOnly });
  return realm[POLICY].createScriptURL(url);
}

/**
 * A blob URL begins with the origin that made it, so one comparison covers both ways to start a worker. Where this script is from,
 * its other parts are from as well.
 */
function knownOriginOnly(url: string): string {
  const { origin } = new URL(url);
  const known = [globalThis.origin, new URL(import.meta.url).origin];
  if (!known.includes(origin)) throw new TypeError(`No script is run from ${origin}.`);
  return url;
}
