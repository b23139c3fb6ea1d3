/**
 * One provider process with 500 connected occupants, real seats of one room, beside a bare `ws` broadcast to as many
 * sockets. The occupants are sockets of a third process; a message is submitted by a real member.
 */
import { ok } from "../demo/guest.js";
import { ApiMember } from "../test/support/api-member.js";
import type { Delays, Seat } from "./fan-out/crowd.js";
import { printFigure } from "./figure.js";
import { type Child, now, startChild, type Usage } from "./support/child.js";

const OCCUPANTS = 500;
/** Messages a second while delays are measured, and how many. */
const PACE = 20;
const PACED = 200;
/** Messages sent as fast as they are acknowledged. */
const RUSHED = 200;
/** Octets of what is said: a message of a few words, padded by the protocol. */
const SAID = 120;

/** Sends a message to everybody; resolves with the number by which the crowd knows it. */
type Send = () => Promise<number>;

interface Run {
  readonly cpuPer100k: number;
  readonly delays: Delays;
  readonly rate: number;
  readonly memory: number;
}

const provider = startChild(new URL("support/provider.ts", import.meta.url));
const crowd = startChild(new URL("fan-out/crowd.ts", import.meta.url));
const bare = startChild(new URL("fan-out/bare-broadcast.ts", import.meta.url));
const bareCrowd = startChild(new URL("fan-out/crowd.ts", import.meta.url));
try {
  const { send, octets } = await seatCrowd();
  const ours = await measure(provider, crowd, send);
  await crowd.stop();

  const { url } = await bare.ask<{ url: string }>({ kind: "start" });
  await bareCrowd.ask({ kind: "listen", url, count: OCCUPANTS });
  let number = 0;
  const theirs = await measure(bare, bareCrowd, async () => {
    number += 1;
    await bare.ask({ kind: "broadcast", number, octets });
    return number;
  });

  const what = `${OCCUPANTS} occupants`;
  const paced = `${PACED} messages at ${PACE} a second`;
  printFigure({
    name: `deliveries, ${what}`,
    unit: "per s",
    value: ours.rate,
    how: `${RUSHED} messages, one after another`,
  });
  printFigure({ name: `delivery p50, ${what}`, unit: "ms", value: ours.delays.p50, how: paced });
  printFigure({ name: `delivery p99, ${what}`, unit: "ms", value: ours.delays.p99, how: paced });
  printFigure({ name: `memory, ${what}`, unit: "MiB", value: ours.memory });
  printFigure({ name: "processor, 100,000 deliveries", unit: "s", value: ours.cpuPer100k, limit: 2.5 });
  printFigure({ name: "bare ws: deliveries", unit: "per s", value: theirs.rate });
  printFigure({ name: "bare ws: processor, 100,000 deliveries", unit: "s", value: theirs.cpuPer100k });
  printFigure({ name: "processor, against bare ws", unit: "×", value: ours.cpuPer100k / theirs.cpuPer100k });
} finally {
  await Promise.all([provider, crowd, bare, bareCrowd].map((child) => child.stop()));
}

/** Seats the occupants by real joins and connects them. The last one in speaks: only it knows the last epoch. */
async function seatCrowd(): Promise<{ send: Send; octets: number }> {
  const { url } = await provider.ask<{ url: string }>({ kind: "start" });
  let speaker = await ApiMember.register(url, "Occupant 1");
  await speaker.createRoom("rivers");
  const { room } = speaker;
  const tokens = [speaker.guest.token];
  while (tokens.length < OCCUPANTS) {
    speaker = await ApiMember.register(url, `Occupant ${tokens.length + 1}`);
    await speaker.join(room);
    tokens.push(speaker.guest.token);
    if (tokens.length % 50 === 0) console.log(`${tokens.length} seated`);
  }
  await speaker.catchUp();
  const seats: Seat[] = tokens.map((token) => ({ token, after: speaker.cursor }));
  await crowd.ask({ kind: "follow", provider: url, room, seats });

  // Encrypted beforehand: what is measured is the provider.
  const bodies: Uint8Array[] = [];
  while (bodies.length < PACED + RUSHED) bodies.push(await speaker.messageBody("x".repeat(SAID)));
  const send = async (): Promise<number> => {
    const accepted = ok(await speaker.submit(bodies.shift() ?? new Uint8Array()));
    return ((await accepted.json()) as { cursor: number }).cursor;
  };
  return { send, octets: bodies[0]?.length ?? 0 };
}

async function measure(server: Child, listeners: Child, send: Send): Promise<Run> {
  const before = await server.ask<Usage>({ kind: "usage" });
  const starts = await pacedSends(send);
  await listeners.ask({ kind: "await", numbers: starts.map(([number]) => number) });
  const after = await server.ask<Usage>({ kind: "usage" });
  const delays = await listeners.ask<Delays>({ kind: "delays", starts });

  const began = now();
  const numbers: number[] = [];
  for (let index = 0; index < RUSHED; index += 1) numbers.push(await send());
  const { at } = await listeners.ask<{ at: number }>({ kind: "await", numbers });
  const { memory } = await server.ask<Usage>({ kind: "usage" });
  return {
    cpuPer100k: ((after.cpu - before.cpu) / delays.deliveries) * 100_000,
    delays,
    rate: (RUSHED * OCCUPANTS) / ((at - began) / 1000),
    memory,
  };
}

/** Sends at an even pace, whatever the answers take. */
async function pacedSends(send: Send): Promise<(readonly [number, number])[]> {
  const sends: Promise<readonly [number, number]>[] = [];
  const begin = now();
  for (let index = 0; index < PACED; index += 1) {
    const due = begin + (index * 1000) / PACE;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - now())));
    const start = now();
    sends.push(send().then((number) => [number, start] as const));
  }
  return Promise.all(sends);
}
