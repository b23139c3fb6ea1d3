/** What stands in a provider's data directory. */
export const DATABASE_FILE = "provider.db";
/** Held by whoever works on the database alone: a running provider, or a restore. */
export const LOCK_FILE = "provider.lock";
