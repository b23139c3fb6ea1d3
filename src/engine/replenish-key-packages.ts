import { toHex } from "../codec/bytes.js";
import { keyPackageUpload } from "../codec/hub-messages.js";
import { encode } from "../codec/tls.js";
import { KEY_PACKAGE_LIFETIME, lifetimeAt, makeKeyPackage } from "../mls/key-package.js";
import type { IdentityRecord, KeyPackageRecord } from "../storage/records.js";
import type { EngineContext } from "./context.js";
import { leafIdentityOf } from "./identity.js";
import type { Memory } from "./memory.js";

/** With fewer left than this, more are made. */
const FEWEST = 5;
/** So many there are then. */
const ENOUGH = 10;
/** A provider keeps so many of a client, its last resort aside. */
const MOST = 20;
/** What expires sooner, in milliseconds, counts as used up: a quarter of its life. */
const NEAR_END = KEY_PACKAGE_LIFETIME / 4;

/** Whether somebody could add this client to another room: a guest is one room's. */
export function needsKeyPackages({ seat, identity }: Memory): boolean {
  return seat !== undefined && identity?.recoverable === true;
}

/**
 * Sees to it that the provider has KeyPackages of this client (RFC 9420, 16.8). Private parts are on disk before their
 * KeyPackage is sent; what is on disk and not at the provider is sent again as it is. What has expired is deleted. Throws
 * Unreachable, ProviderRefusal.
 */
export async function replenishKeyPackages(context: EngineContext): Promise<void> {
  const identity = await forgetExpired(context);
  if (!identity) return;
  const published = await context.access.with((token) => context.provider.keyPackages(token));
  const there = new Set(published.references.map(toHex));
  const made = await makeWhatLacks(context, identity);

  const { clientUri } = identity;
  const kept = await context.step(async (memory) => {
    // The seat was left, or is another's by now: nobody could open a Welcome to these.
    if (!needsKeyPackages(memory) || memory.identity?.clientUri !== clientUri) return { result: [] };
    const result = [...memory.keyPackages, ...made];
    return made.length > 0 ? { change: { keyPackages: made }, result } : { result };
  });
  const now = context.ports.clock.now();
  const missing = kept.filter(({ reference, notBefore }) => !there.has(reference) && notBefore <= now);
  if (missing.length === 0) return;
  const keyPackages = missing.filter(({ lastResort }) => !lastResort).slice(0, Math.max(0, MOST - published.count));
  const upload = {
    keyPackages: keyPackages.map(({ message }) => message),
    lastResort: missing.findLast(({ lastResort }) => lastResort)?.message,
  };
  await context.access.with((token) => context.provider.publishKeyPackages(token, encode(keyPackageUpload, upload)));
}

/** Deletes what nobody may use any more. Resolves with whom KeyPackages are for, if they are for anybody. */
async function forgetExpired(context: EngineContext): Promise<IdentityRecord | undefined> {
  const now = context.ports.clock.now();
  return context.step(async (memory) => {
    const { identity, keyPackages } = memory;
    if (!identity || !needsKeyPackages(memory)) return { result: undefined };
    const gone = keyPackages.filter(({ notAfter, clientUri }) => notAfter <= now || clientUri !== identity.clientUri);
    if (gone.length === 0) return { result: identity };
    return { change: { keyPackagesGone: gone.map(({ reference }) => reference) }, result: identity };
  });
}

/** New KeyPackages where too few are left that are good for some time. */
async function makeWhatLacks(
  { crypto, memory, ports }: EngineContext,
  identity: IdentityRecord,
): Promise<KeyPackageRecord[]> {
  const now = ports.clock.now();
  const lasting = memory.keyPackages.filter(({ notBefore, notAfter }) => notBefore <= now && notAfter - now > NEAR_END);
  const single = lasting.filter(({ lastResort }) => !lastResort).length;
  const lacking = Array.from({ length: single < FEWEST ? ENOUGH - single : 0 }, () => false);
  if (!lasting.some(({ lastResort }) => lastResort)) lacking.push(true);
  if (lacking.length === 0) return [];
  const leaf = await leafIdentityOf(identity, crypto, memory.acceptance);
  const made: KeyPackageRecord[] = [];
  for (const lastResort of lacking) {
    const lifetime = lifetimeAt(now);
    const { message, reference, privateParts } = await makeKeyPackage(crypto, { identity: leaf, lifetime, lastResort });
    const { clientUri } = identity;
    made.push({ reference: toHex(reference), clientUri, lastResort, ...lifetime, message, ...privateParts });
  }
  return made;
}
