import type { Page } from "../browser-page.js";

/** Which of the octets (in hex) stand in a record of a database that the page may open. */
export function octetsInDatabases(page: Page, patterns: readonly string[]): Promise<string[]> {
  return page.evaluate(async (_dom, patterns) => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const found = new Set<string>();
    const search = (value: unknown): void => {
      if (value instanceof Uint8Array) {
        // A view may be kept with all of the buffer that it is of.
        const hex = Array.from(new Uint8Array(value.buffer), (octet) => octet.toString(16).padStart(2, "0")).join("");
        for (const pattern of patterns) if (hex.includes(pattern)) found.add(pattern);
      } else if (typeof value === "object" && value !== null) Object.values(value).forEach(search);
    };
    for (const { name } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name ?? ""));
      for (const store of database.objectStoreNames) {
        search(await settled(database.transaction(store).objectStore(store).getAll()));
      }
      database.close();
    }
    return [...found];
  }, patterns);
}
