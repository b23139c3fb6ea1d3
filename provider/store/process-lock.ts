import Database from "libsql";
import { storeFaultOf } from "./store-fault.js";

/**
 * Takes the lock that `path` stands for, for this process alone; the result gives it back. An exclusive lock of SQLite on a
 * file that is otherwise empty: the operating system takes it away from a process that dies, however it dies.
 *
 * @param path A file, made when it is not there, and left there.
 * @throws Error when somebody else holds it.
 */
export function holdLock(path: string): () => void {
  const database = new Database(path);
  try {
    database.exec("PRAGMA busy_timeout = 0");
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (storeFaultOf(error) !== "busy") throw error;
    throw new Error(
      `another provider is running on this data directory, or a restore (${path} is locked): stop it first`,
    );
  }
  return () => database.close();
}
