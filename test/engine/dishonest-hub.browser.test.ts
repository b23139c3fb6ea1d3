import { expect } from "@open-wc/testing";
import { groupInfoResponse, type RoomEvent } from "../../src/codec/hub-messages.js";
import { decode, encode } from "../../src/codec/tls.js";
import { createCrypto } from "../../src/mls/crypto.js";
import { stageExternalCommit } from "../../src/mls/external-commit.js";
import { makeLeafIdentity } from "../../src/mls/leaf-identity.js";
import { generateSignatureKey, generateUserKey } from "../../src/mls/signing.js";
import { network as real } from "../../src/transport/network.js";
import type { Fetch } from "../../src/transport/ports.js";
import { groupOf } from "../support/agreeing-guests.js";
import { ApiMember } from "../support/api-member.js";
import {
  frameOf,
  isWarned,
  lying,
  type Misled,
  MisledRoom,
  nextEvent,
  sayTo,
  warned,
} from "../support/dishonest/misled-room.js";
import type { Network } from "../support/engine-network.js";
import { joinAs, makeRoom, startEngine } from "../support/engine-world.js";

/** What a dishonest hub does, in the words of the issue, what comes of it, and how it is played. */
const CASES: readonly (readonly [does: string, outcome: string, play: (room: MisledRoom) => Promise<void>])[] = [
  ["drops a message", "is told of with the next of somebody who had seen it", drops],
  ["replays a message", "shows nothing twice, and is told of with the next message", replays],
  ["turns two messages around", "is told of with the second", reorders],
  ["gives those who join another key than the epoch's", "is refused by the members, who say so", swapsExternalPub],
  ["gives somebody who joins the GroupInfo of another room", "lets nobody in, and says so", swapsRoom],
  ["gives somebody who joins a GroupInfo that it has changed", "lets nobody in, and says so", changesGroupInfo],
  ["mints a client of a member", "puts nobody into the room, and the members say so", mintsClient],
  ["serves an old policy to somebody who joins", "is told before anybody is in", servesOldPolicy],
  ["withholds the last message and stays silent", "is seen by nobody, as the threat model says", withholds],
];

describe("A dishonest hub", function () {
  this.timeout(60_000);
  let room: MisledRoom | undefined;
  afterEach(() => room?.close());

  for (const [does, outcome, play] of CASES) {
    it(`that ${does} ${outcome}`, async () => {
      room = await MisledRoom.open("Adam", "Beth");
      await play(room);
    });
  }
});

async function drops({ guests }: MisledRoom): Promise<void> {
  const [olga, adam, beth] = three(guests);
  lying(adam, () => [], -1n);
  await sayTo(olga, "not for Adam", beth);
  await sayTo(beth, "what do you think?", olga, adam);
  await warned(adam);
  expect(adam.told.texts).to.deep.equal(["what do you think?"]);
  expect([olga, beth].some(isWarned)).to.equal(false);
}

async function replays({ guests }: MisledRoom): Promise<void> {
  const [olga, adam, beth] = three(guests);
  const before = await nextEvent(adam, () => sayTo(olga, "yes", adam, beth));
  lying(
    adam,
    (event) => [
      { ...event, message: before.message },
      { ...event, cursor: event.cursor + 1n },
    ],
    1n,
  );
  await sayTo(olga, "shall we?", adam, beth);
  await sayTo(beth, "we shall", adam);
  await warned(adam);
  expect(adam.told.texts).to.deep.equal(["yes", "shall we?", "we shall"]);
}

async function reorders({ guests }: MisledRoom): Promise<void> {
  const [olga, adam, beth] = three(guests);
  let held: RoomEvent | undefined;
  adam.network.tamperEvents((event) => {
    if (!held) {
      held = event;
      return [];
    }
    adam.network.tamperEvents((_, frame) => [frame]);
    return [frameOf({ ...held, message: event.message }), frameOf({ ...event, message: held.message })];
  });
  await sayTo(olga, "shall we stay?", beth);
  await sayTo(beth, "never", olga, adam);
  await warned(adam);
  expect(adam.told.texts).to.deep.equal(["never", "shall we stay?"]);
}

async function swapsExternalPub(room: MisledRoom): Promise<void> {
  const [olga, adam] = three(room.guests);
  const before = await groupOf(adam);
  insist(adam.network);
  adam.network.misreadCommit();
  const cleo = await joinAs("Cleo", room.address);
  await adam.told.until("it has looked at it", ({ faults }) => faults.length > 0);
  expect(String(adam.faults[0]?.error)).to.contain("external_pub");
  expect(await groupOf(adam)).to.equal(before);
  await olga.told.until("who was shown the truth goes on", ({ state }) => state?.occupants.length === 4);
  cleo.engine.stop();
}

async function swapsRoom(room: MisledRoom): Promise<void> {
  const other = await makeRoom();
  await refusesToJoin(room, (url) => url.replace(pathOf(room.address.room), pathOf(other.address.room)));
  other.engine.stop();
}

async function changesGroupInfo(room: MisledRoom): Promise<void> {
  const flip = (octets: Uint8Array): Uint8Array => octets.with(octets.length - 1, (octets.at(-1) ?? 0) ^ 1);
  await refusesToJoin(
    room,
    (url) => url,
    (body) => {
      const shown = decode(groupInfoResponse, body);
      return encode(groupInfoResponse, { ...shown, groupInfo: flip(shown.groupInfo) });
    },
  );
}

async function mintsClient(room: MisledRoom): Promise<void> {
  const [olga, adam, beth] = three(room.guests);
  // The hub has the GroupInfo, and whatever key it likes.
  const witness = await ApiMember.register(room.address.provider, "Witness");
  const { groupInfo, ratchetTree } = await witness.groupInfo(room.address.room);
  const [mls, userKeyPair] = [createCrypto(), await generateUserKey(false)];
  const signatureKey = await mls.addSignatureKey(await generateSignatureKey());
  const clientUri = `${(adam.engine.state.me?.userUri ?? "").replace("/u/", "/d/")}/minted`;
  const identity = await makeLeafIdentity({ clientUri, nickname: "Adam", userKeyPair, signatureKey });
  const { commit } = await stageExternalCommit(mls, { groupInfo, ratchetTree, identity, pendingProposals: [] });
  const before = await Promise.all([olga, beth].map(groupOf));
  for (const { network } of [olga, beth]) {
    insist(network);
    network.tamperEvents((event) => [frameOf({ ...event, message: commit })]);
  }
  await sayTo(adam, "in whose place it is shown");
  for (const guest of [olga, beth]) {
    await guest.told.until("it is refused", ({ faults }) => faults.length > 0);
    expect(guest.faults[0]?.error).to.have.property("code", "badBinding");
    expect(guest.engine.state.occupants.map(({ clients }) => clients)).to.deep.equal([1, 1, 1]);
    await guest.told.until("told", ({ states }) =>
      states.some(({ connection, problem }) => problem?.code === "outOfSync" || connection !== "online"),
    );
  }
  expect(await Promise.all([olga, beth].map(groupOf))).to.deep.equal(before);
}

async function servesOldPolicy(room: MisledRoom): Promise<void> {
  const [olga] = three(room.guests);
  const path = `/v1/rooms/${pathOf(room.address.room)}`;
  const old: unknown = await (await fetch(room.address.provider + path)).json();
  await olga.engine.rename("Another room altogether");
  const lie: Fetch = (url, init) =>
    new URL(url).pathname === path ? Promise.resolve(Response.json(old)) : real.fetch(url, init);
  const cleo = await startEngine(room.address, { ports: { fetch: lie } });
  expect((await cleo.engine.open()).preview?.name).to.equal("A room of a test");
  const refused = await cleo.engine.join("Cleo").catch((error: unknown) => error);
  expect(refused).to.have.nested.property("problem.code", "policyChanged");
  expect(olga.engine.state.occupants).to.have.lengthOf(3);
  cleo.engine.stop();
}

async function withholds({ guests }: MisledRoom): Promise<void> {
  const [olga, adam, beth] = three(guests);
  lying(adam, () => [], 0n);
  await sayTo(olga, "not for Adam, and nobody says more", beth);
  expect(adam.told.timeline.every(({ content }) => content.kind === "joined")).to.equal(true);
  expect(adam.engine.state.problem).to.equal(undefined);
  const model = await (await fetch("/docs/threat-model.md")).text();
  expect(model).to.contain("withhold the newest events");
}

/** Somebody joins whose requests for the GroupInfo go elsewhere, or are answered otherwise; and is not let in. */
async function refusesToJoin(
  { address, guests }: MisledRoom,
  lead: (url: string) => string,
  answer: (body: Uint8Array) => Uint8Array = (body) => body,
): Promise<void> {
  const lie: Fetch = async (url, init) => {
    if (!url.endsWith("/groupInfo")) return real.fetch(url, init);
    const response = await real.fetch(lead(url), init);
    return new Response(new Uint8Array(answer(new Uint8Array(await response.arrayBuffer()))), response);
  };
  const cleo = await startEngine(address, { ports: { fetch: lie } });
  await cleo.engine.open();
  const refused = await cleo.engine.join("Cleo").catch((error: unknown) => error);
  expect(refused).to.have.nested.property("problem.code", "providerFault");
  expect(cleo.engine.state.problem?.code).to.equal("providerFault");
  for (const { engine } of guests) expect(engine.state.occupants).to.have.lengthOf(3);
  cleo.engine.stop();
}

/** The hub says of whatever is refused that others follow it. */
function insist(network: Network): void {
  network.answer("/refuseEvent", () => Response.json({ outcome: "acknowledged" }));
}

function pathOf(room: string): string {
  return encodeURIComponent(room.split("/").at(-1) ?? "");
}

function three(guests: readonly Misled[]): readonly [Misled, Misled, Misled] {
  const [olga, adam, beth] = guests;
  if (!olga || !adam || !beth) throw new Error("three are in the room");
  return [olga, adam, beth];
}
