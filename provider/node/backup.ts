import { access, chmod, copyFile, link, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkDatabase, copyDatabase, takeIn } from "../store/database-file.js";
import { holdLock } from "../store/process-lock.js";
import { DATABASE_FILE, LOCK_FILE, RESTORED_FILE } from "./data-dir.js";
import { makePrivateFile } from "./private-file.js";

const ONLY_OWNER = 0o600;
/** What SQLite keeps beside a database that is open, or was when its process died. */
const LOG = "-wal";
const BESIDE = [LOG, "-shm"];

/**
 * Writes a backup of the database in `dataDir` to the new file `file`, while the provider runs or not. It is whole, on the
 * disk, and has been read back, when this resolves with its octets. It holds the provider's private key.
 *
 * @throws Error when `file` is there already, there is no database, or what was written is damaged.
 */
export async function backUp(dataDir: string, file: string): Promise<{ readonly octets: number }> {
  if (await exists(file)) throw new Error(`${file} is there already: a backup never takes the place of another`);
  const database = join(dataDir, DATABASE_FILE);
  if (!(await exists(database))) throw new Error(`there is no database in ${dataDir}`);
  const part = `${file}.part`;
  await rm(part, { force: true });
  try {
    await makePrivateFile(part);
    copyDatabase(database, part);
    checkDatabase(part);
    await sync(part);
    // unlike a rename, a link does not replace what somebody else has put there meanwhile
    await link(part, file);
  } finally {
    await rm(part, { force: true });
  }
  await sync(dirname(file));
  return { octets: (await stat(file)).size };
}

/**
 * Puts the backup `file` in the place of the database in `dataDir`. The database that was there is kept beside it, under
 * the name that this resolves with; undefined when there was none. Interrupted at any point, it can be run again.
 *
 * @throws Error when a provider runs on `dataDir`, or `file` is damaged, no provider's, or a newer version's.
 */
export async function restore(
  dataDir: string,
  file: string,
  now: Date,
): Promise<{ readonly kept: string | undefined }> {
  if (!(await exists(file))) throw new Error(`${file}: there is no such file`);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const release = holdLock(join(dataDir, LOCK_FILE));
  try {
    const database = join(dataDir, DATABASE_FILE);
    const fresh = join(dataDir, RESTORED_FILE);
    try {
      await prepare(file, fresh);
    } catch (error) {
      // Nothing was changed yet, and nothing says that it was begun.
      await removeCopy(fresh);
      throw error;
    }
    const kept = await keepAside(database, now);
    await rename(fresh, database);
    await sync(dataDir);
    return { kept };
  } finally {
    release();
  }
}

/** Makes the checked copy that is to take the database's place. It is what is checked: looking into the backup would leave files beside it. */
async function prepare(file: string, fresh: string): Promise<void> {
  await removeCopy(fresh);
  await copyFile(file, fresh);
  // A database that was kept aside has a log of what it has not taken in yet.
  if (await exists(file + LOG)) await copyFile(file + LOG, fresh + LOG);
  await chmod(fresh, ONLY_OWNER);
  takeIn(fresh);
  checkDatabase(fresh);
  await sync(fresh);
}

async function removeCopy(fresh: string): Promise<void> {
  for (const end of ["", ...BESIDE]) await rm(fresh + end, { force: true });
}

/** Gives the database that is there a second name, with the log of what it has not taken in yet: the new one must not meet that. */
async function keepAside(database: string, now: Date): Promise<string | undefined> {
  if (!(await exists(database))) return undefined;
  const kept = `${database}.before-${now.toISOString().replaceAll(/[:.]/gu, "-")}`;
  await link(database, kept);
  for (const end of BESIDE) {
    if (await exists(database + end)) await rename(database + end, kept + end);
  }
  await sync(dirname(database));
  return kept;
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** Resolves when what was written to a file, or the names in a folder, are on the disk. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
