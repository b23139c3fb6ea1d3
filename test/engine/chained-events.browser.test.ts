import { expect } from "@open-wc/testing";
import { fromHex, toHex } from "../../src/codec/bytes.js";
import { eventReference, NO_REFERENCE, readReference } from "../../src/codec/event-reference.js";
import { type RoomEvent, roomEvent, submitMessageRequest } from "../../src/codec/hub-messages.js";
import { decode, encode } from "../../src/codec/tls.js";
import { encodeContent } from "../../src/content/encode-content.js";
import { textContent } from "../../src/content/text-content.js";
import { sha256 } from "../../src/engine/sha256.js";
import { peekMessage } from "../../src/mls/peek.js";
import { protectMessage } from "../../src/mls/protect.js";
import { mlsMessage } from "../../src/mls/wire/message.js";
import { ApiMember } from "../support/api-member.js";
import { Network } from "../support/engine-network.js";
import { type Guest, joinAs, makeRoom, say, startEngine } from "../support/engine-world.js";

/** A guest of a hub that shows it what the test says. */
interface Misled extends Guest {
  readonly network: Network;
}

async function misled(nickname: string, address: Guest["address"], browser?: string): Promise<Misled> {
  const network = new Network();
  const guest = await joinAs(nickname, address, { ports: network, ...(browser ? { browser } : {}) });
  return { ...guest, network };
}

async function online(...guests: readonly Guest[]): Promise<void> {
  for (const { told } of guests) {
    await told.until(
      "online with everybody",
      ({ state }) => state?.connection === "online" && state.occupants.length === guests.length,
    );
  }
}

/** Says it, and waits until those have heard it. */
async function sayTo(speaker: Guest, text: string, ...hearers: readonly Guest[]): Promise<void> {
  await say(speaker, text);
  await speaker.told.settled();
  for (const { told } of hearers) await told.until(`${text} is heard`, ({ texts }) => texts.includes(text));
}

/** From now on the hub shows one who is misled something that was said before, in the place of each event that `drops` names. */
function dropping({ network }: Misled, drops: (event: RoomEvent, n: number) => boolean, instead: Uint8Array): void {
  let n = 0;
  network.tamperEvents((event, frame) => [
    drops(event, n++) ? encode(roomEvent, { ...event, message: instead }) : frame,
  ]);
}

/** The first event from now on. */
const first = (_: RoomEvent, n: number): boolean => n === 0;

/** The MLSMessage of what is said next, as one who is misled is shown it. */
async function nextMessage(guest: Misled, speaker: Guest, text: string): Promise<Uint8Array> {
  let message: Uint8Array | undefined;
  guest.network.tamperEvents((event, frame) => {
    message = event.message;
    return [frame];
  });
  await sayTo(speaker, text, guest);
  if (!message) throw new Error("no event came");
  return message;
}

const isDiverged = ({ content }: { readonly content: { readonly kind: string } }) => content.kind === "diverged";

function warnings({ told }: Guest): number {
  return told.timeline.filter(isDiverged).length;
}

function warned({ told }: Guest): Promise<void> {
  return told.until("it says that the host shows different things", ({ timeline }) => timeline.some(isDiverged));
}

function stop(...guests: readonly Guest[]): void {
  for (const { engine } of guests) engine.stop();
}

describe("A hub that does not show everybody the same", () => {
  it("is noticed when it drops a message, by the next of somebody who had seen it", async () => {
    const olga = await makeRoom();
    const adam = await misled("Adam", olga.address);
    const beth = await joinAs("Beth", olga.address);
    await online(olga, adam, beth);
    const former = await nextMessage(adam, olga, "before");
    dropping(adam, first, former);

    await sayTo(olga, "not for Adam", beth);
    await sayTo(beth, "what do you think?", adam, olga);
    await warned(adam);
    const line = adam.told.timeline.find(isDiverged);
    expect(line?.sender.nickname).to.equal("Beth");
    // It stands below the message that showed it, and takes nothing away.
    expect(adam.told.timeline.slice(-2).map(({ content }) => content.kind)).to.deep.equal(["text", "diverged"]);
    expect(adam.told.texts).to.deep.equal(["before", "what do you think?"]);

    await sayTo(olga, "and you?", adam);
    await sayTo(adam, "about what?", olga, beth);
    expect([olga, adam, beth].map(warnings)).to.deep.equal([0, 1, 0]);
    expect(adam.engine.state.problem).to.equal(undefined);
    stop(olga, adam, beth);
  });

  it("is noticed by the others when the one whom it misled speaks", async () => {
    const olga = await makeRoom();
    const adam = await misled("Adam", olga.address);
    const beth = await joinAs("Beth", olga.address);
    await online(olga, adam, beth);
    const former = await nextMessage(adam, olga, "before");
    dropping(adam, first, former);
    await sayTo(olga, "not for Adam", beth);
    await adam.told.until("something is dropped", () => adam.faults.length > 0);
    await sayTo(adam, "so quiet here", olga, beth);
    await Promise.all([warned(olga), warned(beth)]);
    expect([olga, adam, beth].map(warnings)).to.deep.equal([1, 0, 1]);
    stop(olga, adam, beth);
  });

  it("is noticed when it turns question and answer around", async () => {
    const olga = await makeRoom();
    const adam = await misled("Adam", olga.address);
    const beth = await joinAs("Beth", olga.address);
    await online(olga, adam, beth);
    let held: RoomEvent | undefined;
    adam.network.tamperEvents((event) => {
      if (!held) {
        held = event;
        return [];
      }
      const [question, answer] = [held, event];
      adam.network.tamperEvents((_, frame) => [frame]);
      return [
        encode(roomEvent, { ...question, message: answer.message }),
        encode(roomEvent, { ...answer, message: question.message }),
      ];
    });
    await sayTo(olga, "Shall we leave now?", beth);
    await sayTo(beth, "No!", olga, adam);
    await adam.told.until("both are heard", ({ texts }) => texts.length === 2);
    await warned(adam);
    expect(adam.told.texts).to.deep.equal(["No!", "Shall we leave now?"]);
    await sayTo(adam, "So what?", olga, beth);
    await Promise.all([warned(olga), warned(beth)]);
    stop(olga, adam, beth);
  });

  it("is noticed when it shows two halves of a room different things, as soon as they hear of each other", async () => {
    const olga = await makeRoom();
    const adam = await misled("Adam", olga.address);
    const beth = await misled("Beth", olga.address);
    const cleo = await joinAs("Cleo", olga.address);
    await online(olga, adam, beth, cleo);
    const former = await nextMessage(adam, olga, "before");
    await beth.told.until("before is heard", ({ texts }) => texts.includes("before"));
    dropping(adam, first, former);
    dropping(beth, (_, n) => n === 1, former);
    await sayTo(olga, "only for Beth", beth, cleo);
    await sayTo(cleo, "only for Adam", adam);
    await beth.told.until("something is dropped", () => beth.faults.length > 0);
    await sayTo(adam, "I am Adam", beth);
    await warned(beth);
    await sayTo(beth, "I am Beth", adam);
    await warned(adam);
    expect([adam, beth].map(warnings)).to.deep.equal([1, 1]);
    stop(olga, adam, beth, cleo);
  });

  it("is noticed by a commit as well", async () => {
    const olga = await makeRoom();
    const adam = await misled("Adam", olga.address);
    const beth = await joinAs("Beth", olga.address);
    await online(olga, adam, beth);
    const former = await nextMessage(adam, olga, "before");
    dropping(adam, ({ message }) => peekMessage(message).contentType === "application", former);
    await sayTo(beth, "not for Adam", olga);
    await olga.engine.rename("Called otherwise");
    await warned(adam);
    expect(adam.told.timeline.slice(-2).map(({ content }) => content.kind)).to.deep.equal(["renamed", "diverged"]);
    stop(olga, adam, beth);
  });

  it("is told of once, also by an engine that was started again", async () => {
    const olga = await makeRoom();
    const adam = await misled("Adam", olga.address, "started again");
    const beth = await joinAs("Beth", olga.address);
    await online(olga, adam, beth);
    const former = await nextMessage(adam, olga, "before");
    dropping(adam, first, former);
    await sayTo(olga, "not for Adam", beth);
    await sayTo(beth, "one", adam, olga);
    await warned(adam);
    stop(adam);
    const network = new Network();
    const again = { ...(await startEngine(olga.address, { browser: "started again", ports: network })), network };
    await again.engine.open();
    await online(olga, beth, again);
    await sayTo(olga, "two", again, beth);
    dropping(again, first, former);
    await sayTo(olga, "not for Adam either", beth);
    await sayTo(beth, "three", again);
    await sayTo(olga, "four", again);
    expect(again.told.timeline.filter(isDiverged)).to.deep.equal([]);
    const lines = await again.engine.older(Number.MAX_SAFE_INTEGER, 50);
    expect(lines.filter(isDiverged)).to.have.lengthOf(1);
    stop(olga, again, beth);
  });
});

describe("What a member sends says what it had read", () => {
  it("by cursor and hash, in every message and commit; who joins had read nothing", async () => {
    const network = new Network();
    const olga = await makeRoom();
    const adam = await joinAs("Adam", olga.address, { ports: network });
    await online(olga, adam);
    const events: RoomEvent[] = [];
    network.tamperEvents((event, frame) => {
      events.push(event);
      return [frame];
    });
    await sayTo(olga, "one", adam);
    await sayTo(adam, "two", olga);
    await olga.engine.rename("Called otherwise");
    const beth = await joinAs("Beth", olga.address);
    await online(olga, adam, beth);
    await sayTo(beth, "three", olga, adam);
    await beth.engine.leave();
    await adam.told.until("Beth is gone", ({ state }) => state?.occupants.length === 2);

    const referred: (string | undefined)[] = [];
    for (const { message } of events) {
      const data = dataOf(message);
      const reference = data && readReference(data);
      const found = reference && events.find(({ cursor }) => cursor === reference.cursor);
      if (found) expect(toHex(reference.eventHash)).to.equal(await sha256(found.message));
      const name = `${kindOf(message)} after ${found ? kindOf(found.message) : "none of these"}`;
      referred.push(data ? name : kindOf(message));
    }
    expect(referred.slice(1)).to.deep.equal([
      "application after application",
      "commit after application",
      "commit after none of these",
      "application after commit",
      "proposal",
      "commit after proposal",
    ]);
    const joining = events
      .map(({ message }) => dataOf(message))
      .filter((data) => String(data) === String(NO_REFERENCE));
    expect(joining).to.have.lengthOf(1);
    stop(olga, adam);
  });

  it("in whatever way, is shown: with no reference, a malformed one, or one to what nobody has seen", async () => {
    const olga = await makeRoom();
    const mallory = await ApiMember.register(olga.address.provider, "Mallory");
    await mallory.join(olga.address.room);
    await mallory.catchUp();
    await olga.told.until("Mallory is in", ({ state }) => state?.occupants.length === 2);
    await sayAs(mallory, "of another implementation", new Uint8Array());
    await sayAs(mallory, "who had seen nothing", NO_REFERENCE);
    await olga.told.until("both are heard", ({ texts }) => texts.length === 2);
    expect(olga.faults).to.deep.equal([]);
    const short = encode(eventReference, { cursor: 1n, eventHash: Uint8Array.of(1) });
    await sayAs(mallory, "malformed", Uint8Array.of(1, 2, 3));
    await sayAs(mallory, "of another hash", short);
    await olga.told.until("four are heard", ({ texts }) => texts.length === 4);
    expect(olga.faults.map(({ where }) => where)).to.deep.equal(["receive", "receive"]);
    expect(warnings(olga)).to.equal(0);
    const far = encode(eventReference, { cursor: 2n ** 64n - 1n, eventHash: fromHex("ab".repeat(32)) });
    await sayAs(mallory, "from the future", far);
    await sayAs(mallory, "again", far);
    await olga.told.until("six are heard", ({ texts }) => texts.length === 6);
    expect(warnings(olga)).to.equal(1);
    stop(olga);
  });
});

/** A message's or commit's authenticated data; undefined for a proposal. */
function dataOf(bytes: Uint8Array): Uint8Array | undefined {
  const message = decode(mlsMessage, bytes);
  if (message.kind === "privateMessage") return message.privateMessage.authenticatedData;
  if (message.kind !== "publicMessage" || message.publicMessage.content.content.kind !== "commit") return undefined;
  return message.publicMessage.content.authenticatedData;
}

function kindOf(message: Uint8Array): string {
  return peekMessage(message).contentType ?? "";
}

/** Says a text with authenticated data that is wished for. */
async function sayAs(member: ApiMember, text: string, authenticatedData: Uint8Array): Promise<void> {
  const { crypto: mls, userUri } = member.guest;
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const content = encodeContent(textContent({ text, format: "plain", salt, sender: userUri, room: member.room }));
  const { message, next } = await protectMessage(mls, member.joined(), content, new Uint8Array(authenticatedData));
  member.group = next;
  await member.submit(encode(submitMessageRequest, { protocol: "mls10", appMessage: message, sendingUri: userUri }));
}
