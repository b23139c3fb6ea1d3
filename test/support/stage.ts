/** What an end-to-end test plays on: a provider, a room in it, and a site of another origin that embeds the room. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureDemoRoom, newOwnerKey } from "../../demo/demo-room.js";
import { startHostServer } from "../../demo/host-server.js";
import { startTestProvider, type TestProviderOptions } from "./provider-process.js";

export interface Stage {
  /** The provider's origin. */
  readonly provider: string;
  /** The page of the site that embeds the room. */
  readonly site: string;
  /** The user key of the room's owner: PKCS #8, base64url. */
  readonly ownerKey: string;
  /** The room's URI. */
  readonly room: string;
  /** The policy reports that browsers sent to the site. */
  readonly reports: readonly string[];
  /** Every octet that the provider has on disk, read as Latin-1. */
  keptBytes(): string;
  stop(): Promise<void>;
}

/** Starts everything on free loopback ports; the room is empty. `options` are the provider's. */
export async function startStage(options: TestProviderOptions = {}): Promise<Stage> {
  const provider = await startTestProvider({ logLevel: process.env.MIMI_LOG ?? "silent", ...options });
  const ownerKey = await newOwnerKey();
  const demo = { roomId: "rivers", name: "Rivers that come back", userKey: ownerKey };
  const room = await ensureDemoRoom(provider.url, demo);
  const host = await startHostServer({ port: 0, provider: provider.url, room, collectReports: true });
  return {
    provider: provider.url,
    site: `${host.url}/`,
    ownerKey,
    room,
    reports: host.reports,
    keptBytes() {
      const directory = dirname(provider.databasePath);
      return readdirSync(directory)
        .map((name) => readFileSync(join(directory, name), "latin1"))
        .join("");
    },
    async stop() {
      await host.stop();
      await provider.stop();
    },
  };
}
