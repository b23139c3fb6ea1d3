/**
 * A provider with 500 connected clients that is killed and started again: how long from the moment that it listens until
 * each client is online and has a message that was sent right after, and how many connections come in one second at most;
 * beside clients whose waits have no jitter, in the same run.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ok } from "../demo/guest.js";
import { encodeGroup, publicLength } from "../src/mls/stored-group.js";
import { ApiMember } from "../test/support/api-member.js";
import { percentile, printFigure } from "./figure.js";
import type { ClientSeat, Recovery } from "./recovery/clients.js";
import { type Child, now, startChild } from "./support/child.js";

const CLIENTS = Number(process.env.MIMI_RECOVERY_CLIENTS ?? 500);
/** How long the provider is away, in milliseconds. */
const AWAY = 3_000;

interface Run {
  /** Milliseconds from the provider's listening on, of each client. */
  readonly times: readonly number[];
  /** The most connections within one second. */
  readonly peak: number;
}

const dataDir = await mkdtemp(join(tmpdir(), "mimi-recovery-"));
const clients = startChild(new URL("recovery/clients.ts", import.meta.url));
let provider = startProvider();
try {
  const { url } = await provider.ask<{ url: string }>({ kind: "start", at: { dataDir, port: 0 } });
  const { speaker, seats } = await seatClients(url);
  // What a client in this room keeps on disk, and what of it a message changes.
  const group = speaker.joined();
  const [kept, known] = [encodeGroup(group).length, publicLength(group)];
  const random = await interrupt(speaker, seats, url, true);
  const even = await interrupt(speaker, seats, url, false);

  const how = `${CLIENTS} clients, ${AWAY / 1000} s away, from listening until online and a message heard`;
  for (const [name, share] of [["p50", 0.5] as const, ["p99", 0.99] as const, ["max", 1] as const]) {
    printFigure({ name: `recovery, ${name}`, unit: "ms", value: percentile(random.times, share), how });
  }
  printFigure({ name: "recovery, connections per second at most", unit: "per s", value: random.peak, how });
  printFigure({ name: "without jitter: recovery, max", unit: "ms", value: percentile(even.times, 1), how });
  printFigure({ name: "without jitter: connections per second at most", unit: "per s", value: even.peak, how });
  printFigure({ name: "peak, against no jitter", unit: "×", value: random.peak / even.peak, limit: 0.6, how });
  const stored = `encoded group in a room of ${CLIENTS}`;
  printFigure({ name: "group on disk", unit: "KiB", value: kept / 1024, how: stored });
  printFigure({ name: "of it written with a message", unit: "KiB", value: (kept - known) / 1024, how: stored });
} finally {
  await Promise.all([provider.stop(), clients.stop()]);
  await rm(dataDir, { recursive: true, force: true });
}

function startProvider(): Child {
  return startChild(new URL("support/provider.ts", import.meta.url));
}

/** Seats the clients by real joins. The last one in speaks: only it knows the last epoch. */
async function seatClients(url: string): Promise<{ speaker: ApiMember; seats: string[] }> {
  let speaker = await ApiMember.register(url, "Client 1");
  await speaker.createRoom("rivers");
  const { room } = speaker;
  const seats = [speaker.guest.token];
  while (seats.length < CLIENTS) {
    speaker = await ApiMember.register(url, `Client ${seats.length + 1}`);
    await speaker.join(room);
    seats.push(speaker.guest.token);
    if (seats.length % 50 === 0) console.log(`${seats.length} seated`);
  }
  await speaker.catchUp();
  return { speaker, seats };
}

/** Kills the provider under all clients and starts it again. */
async function interrupt(speaker: ApiMember, tokens: readonly string[], url: string, jitter: boolean): Promise<Run> {
  const { room } = speaker;
  const seats: ClientSeat[] = tokens.map((token) => ({ token, after: speaker.cursor }));
  await clients.ask({ kind: "follow", provider: url, room, seats, jitter });
  // All were there for a message, and are told that they left when the provider is gone.
  await clients.ask({ kind: "await", cursor: await say(speaker) });
  await clients.ask({ kind: "forget" });
  await provider.kill();
  await new Promise((resolve) => setTimeout(resolve, AWAY));
  provider = startProvider();
  const again = { dataDir, port: Number(new URL(url).port), publicUrl: url };
  const { listens } = await provider.ask<{ listens: number }>({ kind: "start", at: again });
  const cursor = await say(speaker);
  const { recovered, opened } = await clients.ask<Recovery>({ kind: "await", cursor });
  return { times: recovered.map((at) => at - listens), peak: busiestSecond(opened) };
}

/** Says something; resolves with its cursor. The provider may have gone since the last request on this connection. */
async function say(speaker: ApiMember): Promise<number> {
  const body = await speaker.messageBody(`at ${now()}`);
  const submit = async () => ok(await speaker.submit(body));
  const accepted = await submit().catch(submit);
  const { cursor } = (await accepted.json()) as { cursor: number };
  speaker.cursor = cursor;
  return cursor;
}

/** The most of the times, which ascend, that lie within one second. */
function busiestSecond(times: readonly number[]): number {
  let first = 0;
  return times.reduce((most, time, last) => {
    while ((times[first] ?? time) <= time - 1000) first += 1;
    return Math.max(most, last - first + 1);
  }, 0);
}
