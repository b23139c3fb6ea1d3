import { open } from "node:fs/promises";

const ONLY_OWNER = 0o600;

/**
 * Makes an empty file that only its owner may read or write; one that is there stays as it is. A database holds a private key, and
 * SQLite would make it for everybody to read.
 */
export async function makePrivateFile(path: string): Promise<void> {
  try {
    const handle = await open(path, "ax", ONLY_OWNER);
    await handle.close();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}
