import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createDemoRoom, ensureDemoRoom, newOwnerKey } from "../demo/demo-room.js";
import { type RunningHost, type ShownPreset, startHostServer } from "../demo/host-server.js";
import { presetRooms } from "../demo/preset-rooms.js";
import { type ProviderOptions, startProvider } from "../provider/node.js";
import { optionsFrom } from "./environment.js";

const ROOM_ID = "rivers";
const ROOM_NAME = "Rivers that come back";

// What `npm start` runs once everything is installed and built: the provider and, unless DEMO=0, a site that embeds a room.
try {
  await main(optionsFrom(process.env));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function main(options: ProviderOptions): Promise<void> {
  const provider = await startProvider(options);
  let host: RunningHost | undefined;
  const stop = once(async () => {
    await host?.stop();
    await provider.stop();
  });
  let signals = 0;
  const end = (): void => {
    signals += 1;
    // whoever asks twice does not want to wait for what is under way
    if (signals > 1) process.exit(1);
    void stop().then(() => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
  try {
    if (process.env.DEMO === "0") return console.log(`\n  Provider  ${provider.url}\n`);
    // The provider is spoken to where it listens: PUBLIC_URL may lead over a proxy that is not up yet.
    const { userKey, isNew } = await ownerKey(options);
    const demo = { roomId: ROOM_ID, name: ROOM_NAME, userKey };
    const room = await (isNew ? createDemoRoom : ensureDemoRoom)(provider.localUrl, demo);
    host = await startHostServer({
      port: options.port === 0 ? 0 : options.port + 1,
      ...(options.host === undefined ? {} : { host: options.host }),
      provider: provider.url,
      localProvider: provider.localUrl,
      room,
      presets: await presetsAt(provider.localUrl, userKey),
    });
    const join = `${provider.url}/r/${ROOM_ID}`;
    console.log(`
  A site with a room    ${host.url}
  The room's own page   ${join}
  A room each preset    ${host.url}/rooms/${presetRooms[0]?.id}
  As its organiser      ${join}#owner=${userKey}
  Make another room     ${provider.url}

  The organiser's address is a key: give it to nobody. Ctrl-C stops.
`);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A room for each preset, of the same organiser, made unless it is there. */
async function presetsAt(provider: string, userKey: string): Promise<ShownPreset[]> {
  const shown: ShownPreset[] = [];
  for (const { id, name, means, policy } of presetRooms) {
    shown.push({ id, name, means, room: await ensureDemoRoom(provider, { roomId: id, name, policy, userKey }) });
  }
  return shown;
}

/** The key of the demo room's owner: on disk before the room is made, so that no start leaves a room without its owner. */
async function ownerKey({ dataDir }: ProviderOptions): Promise<{ userKey: string; isNew: boolean }> {
  const path = join(dataDir, "organiser.json");
  const kept = await readFile(path, "utf8").catch(() => undefined);
  if (kept !== undefined) return { userKey: ownerKeyFrom(JSON.parse(kept), path), isNew: false };
  const userKey = await newOwnerKey();
  await writeFile(`${path}.new`, `${JSON.stringify({ roomId: ROOM_ID, userKey }, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return { userKey, isNew: true };
}

function ownerKeyFrom(value: unknown, path: string): string {
  if (typeof value === "object" && value !== null && "userKey" in value && typeof value.userKey === "string") {
    return value.userKey;
  }
  throw new Error(`${path} is not what an earlier start has written`);
}

function once(work: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
