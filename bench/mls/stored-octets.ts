interface Block {
  readonly path: string;
  readonly data: Uint8Array;
}

/** Milliseconds between two looks, and how many there are at most. */
const LOOK = 200;
const LOOKS = 15;

/** By how many octets the database has grown after `before`: it is written some time after the work is done. */
export async function grownOctets(name: string, before: number): Promise<number> {
  let now = before;
  for (let look = 0; look < LOOKS; look += 1) {
    const earlier = now;
    await new Promise((resolve) => setTimeout(resolve, LOOK));
    now = await storedOctets(name);
    if (now > before && now === earlier) break;
  }
  return now - before;
}

/** How many octets a database of core-crypto's takes: SQLite, whose file it keeps in IndexedDB by blocks. */
export async function storedOctets(name: string): Promise<number> {
  const database = await result(indexedDB.open("core-crypto"));
  const blocks: Block[] = await result(database.transaction("blocks").objectStore("blocks").getAll());
  database.close();
  return blocks.filter(({ path }) => path.includes(name)).reduce((sum, { data }) => sum + data.length, 0);
}

function result<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
