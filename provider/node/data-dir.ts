/** What stands in a provider's data directory. */
export const DATABASE_FILE = "provider.db";
/** Held by whoever works on the database alone: a running provider, or a restore. */
export const LOCK_FILE = "provider.lock";
/** A restore's copy that has not taken the database's place yet: what is there then may lack what its log held. */
export const RESTORED_FILE = "provider.db.restored";
