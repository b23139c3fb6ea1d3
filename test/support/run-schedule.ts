import { toHex } from "../../src/codec/bytes.js";
import { newRoomUri } from "../../src/engine/commands/create-room.js";
import { epochAuthenticator } from "../../src/mls/group.js";
import { decodeGroup } from "../../src/mls/stored-group.js";
import { network } from "../../src/transport/network.js";
import type { TimelineEntry } from "../../src/worker/engine-api.js";
import type { Schedule } from "./faults.js";
import { NonceAudit } from "./nonce-audit.js";
import { Person } from "./person.js";
import { VirtualClock } from "./virtual-clock.js";

/** A schedule that has not come to its end by then never will, in real milliseconds. */
const PATIENCE = 90_000;

/** What a schedule came to, for the figures. */
export interface Played {
  readonly said: number;
  readonly ciphertexts: number;
  readonly rejoined: number;
  readonly faults: number;
}

/**
 * Plays a schedule at the real provider, then mends the network, and looks: everybody is in the room and online, all that
 * was said is shown once to everybody who was in the room then, in one order; nobody is told that the hub shows people
 * different things; all are in one epoch; no key was used twice. Throws Error that says what was not so.
 */
export async function playSchedule(schedule: Schedule, provider: string, label: string): Promise<Played> {
  const clock = new VirtualClock();
  const room = await newRoomUri(network, provider);
  const changes = new Set<() => void>();
  const changed = () => {
    for (const change of [...changes]) change();
  };
  const people = schedule.map(
    (part, n) => new Person({ name: `${label}-${n}`, address: { provider, room }, part, clock, changed }),
  );
  const until = (what: string, holds: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const done = (then: () => void) => {
        clearTimeout(patience);
        clearInterval(looking);
        changes.delete(look);
        then();
      };
      const look = () => holds() && done(resolve);
      const patience = setTimeout(() => done(() => reject(new Error(`waited in vain until ${what}`))), PATIENCE);
      const looking = setInterval(look, 50);
      changes.add(look);
      look();
    });
  let giveUp = () => {};
  const tooLong = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error("it does not end")), PATIENCE);
    giveUp = () => clearTimeout(timer);
  });
  try {
    await Promise.race([act(people, schedule), tooLong]);
    giveUp();
    await settle(people, until);
    const timelines = await check(people);
    // And it is a room that goes on.
    await Promise.all(people.map((person) => person.say()));
    await settle(people, until);
    await check(people);
    return { ...(await audited(people)), rejoined: sum(people, ({ rejoined }) => rejoined), said: timelines };
  } catch (error) {
    throw new Error(`${String(error)}\n${people.map(describePerson).join("\n")}`);
  } finally {
    giveUp();
    for (const person of people) {
      person.stop();
      indexedDB.deleteDatabase(person.database);
    }
  }
}

async function act(people: readonly Person[], schedule: Schedule): Promise<void> {
  const [first, ...others] = people;
  await first?.start();
  await first?.create();
  await Promise.all(others.map((person) => person.start()));
  await Promise.all(
    people.map(async (person, n) => {
      for (const action of schedule[n]?.actions ?? []) await person.do(action);
    }),
  );
  for (const { network } of people) network.heal();
  await Promise.all(people.map((person) => person.enter()));
}

/** Waits until nothing is under way any more. A person whose state names a problem tries again; any other just waits. */
async function settle(people: readonly Person[], until: (what: string, holds: () => boolean) => Promise<void>) {
  const retrying = new Set<Person>();
  await until("all is settled", () => {
    for (const person of people) {
      const { phase, problem } = person.state;
      if (retrying.has(person) || (!problem && phase !== "left")) continue;
      retrying.add(person);
      const again = person.state.phase === "joined" ? person.again() : person.enter();
      again.catch(() => undefined).finally(() => retrying.delete(person));
    }
    const last = Math.max(...people.map(({ disk }) => disk.latest));
    const places = new Set(people.map(({ disk }) => `${disk.group ? epochOf(disk.group) : ""} ${disk.cursor}`));
    return (
      places.size === 1 &&
      retrying.size === 0 &&
      people.every((person) => person.disk.cursor >= last && isSettled(person))
    );
  });
}

function isSettled({ network, disk, state: { phase, connection, problem } }: Person): boolean {
  const online = phase === "joined" && connection === "online" && !problem;
  return online && disk.unsettled.length === 0 && network.isQuiet;
}

/** Resolves with how many messages were said and shown. */
async function check(people: readonly Person[]): Promise<number> {
  const authenticators = new Set(
    people.map(({ disk }) => disk.group && toHex(epochAuthenticator(decodeGroup(disk.group)))),
  );
  if (authenticators.size !== 1) throw new Error("the epoch authenticators differ");

  const log = new Map<string, number>();
  for (const { seen } of people) {
    for (const [text, order] of seen) {
      if ((log.get(text) ?? order) !== order) throw new Error(`${text} stands at ${order} and at ${log.get(text)}`);
      log.set(text, order);
    }
  }
  const inOrder = [...log].sort(([, a], [, b]) => a - b);
  for (const person of people) {
    for (const { text, life } of person.said) {
      if (life === person.disk.lives && !log.has(text)) throw new Error(`${text} was said and never shown`);
    }
    const timeline = await person.timeline();
    if (timeline.some(({ content }) => content.kind === "diverged")) {
      throw new Error(`${person.name} is told of a hub that shows people different things, and it does not`);
    }
    const unsent = timeline.filter(({ status }) => status !== "sent");
    if (unsent.length > 0) throw new Error(`${person.name} has not sent ${JSON.stringify(unsent)}`);
    const since = person.since(timeline);
    const shown = textsOf(timeline.filter(({ order }) => order > since));
    const expected = inOrder.filter(([, order]) => order > since).map(([text]) => text);
    if (shown.join("\n") !== expected.join("\n")) {
      throw new Error(`${person.name} is shown ${JSON.stringify(shown)} where ${JSON.stringify(expected)} was said`);
    }
  }
  await checkNotices(people);
  return log.size;
}

/** Who came and went is told the same to any two who were there. */
async function checkNotices(people: readonly Person[]): Promise<void> {
  const timelines = await Promise.all(people.map((person) => person.timeline()));
  const since = Math.max(...people.map((person, n) => person.since(timelines[n] ?? [])));
  const told = new Set(
    timelines.map((timeline) =>
      timeline
        .filter(({ order, content }) => content.kind !== "text" && order >= since + 1)
        .map(({ id, content, sender }) => `${id} ${content.kind} ${sender.userUri}`)
        .join("\n"),
    ),
  );
  if (told.size !== 1) throw new Error(`the notices differ: ${[...told].join("\n---\n")}`);
}

function textsOf(timeline: readonly TimelineEntry[]): string[] {
  return timeline.flatMap(({ content }) => (content.kind === "text" ? [content.text] : []));
}

async function audited(people: readonly Person[]): Promise<{ ciphertexts: number; faults: number }> {
  const audit = new NonceAudit();
  for (const { disk, network } of people) {
    for (const group of disk.groups) audit.group(group);
    for (const { path, body } of network.sent) if (path.endsWith("/submitMessage")) audit.submission(body);
  }
  return { ciphertexts: await audit.check(), faults: sum(people, ({ faults }) => faults.length) };
}

function epochOf(bytes: Uint8Array): string {
  const { groupId, epoch } = decodeGroup(bytes);
  return `${toHex(groupId)} ${epoch}`;
}

function sum<T>(of: readonly T[], what: (one: T) => number): number {
  return of.reduce((total, one) => total + what(one), 0);
}

function describePerson(person: Person): string {
  const { name, disk, faults, said, network } = person;
  const { phase, connection, problem } = person.state;
  return JSON.stringify({
    name,
    state: { phase, connection, problem },
    cursor: disk.cursor,
    lives: disk.lives,
    unsettled: disk.unsettled,
    said,
    quiet: network.isQuiet,
    faults: faults.slice(-6),
  });
}
