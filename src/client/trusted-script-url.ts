interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}

interface TrustedTypesFactory {
  createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy;
}

/** A second policy of the same name is refused, also when this file is loaded twice: it is kept where both find it. */
const POLICY = Symbol.for("mimi-room/1/trusted-types");

/**
 * `url` as the sink of `new Worker` wants it under `require-trusted-types-for 'script'` (policy `mimi`); the plain string
 * where a browser has no Trusted Types.
 */
export function trustedScriptUrl(url: string): string {
  const realm = globalThis as typeof globalThis & { trustedTypes?: TrustedTypesFactory; [POLICY]?: ScriptUrlPolicy };
  if (!realm.trustedTypes) return url;
  realm[POLICY] ??= realm.trustedTypes.createPolicy("mimi", { createScriptURL: ownOriginOnly });
  return realm[POLICY].createScriptURL(url);
}

/** A blob URL begins with the origin that made it, so one comparison covers both ways to start a worker. */
function ownOriginOnly(url: string): string {
  const { origin } = new URL(url);
  if (origin !== globalThis.origin) throw new TypeError(`A worker is not started from ${origin}.`);
  return url;
}
