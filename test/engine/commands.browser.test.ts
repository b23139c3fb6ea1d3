import { expect } from "@open-wc/testing";
import { openDB } from "idb";
import { toBase64Url } from "../../src/codec/bytes.js";
import { updateRequest } from "../../src/codec/hub-messages.js";
import { encode } from "../../src/codec/tls.js";
import { stageCommit } from "../../src/mls/commit.js";
import { createCrypto } from "../../src/mls/crypto.js";
import { viewGroup } from "../../src/mls/group.js";
import { decodeGroup } from "../../src/mls/stored-group.js";
import type { IdentityRecord } from "../../src/storage/records.js";
import { readGroupRecord } from "../../src/storage/seat-database.js";
import { network as real } from "../../src/transport/network.js";
import { createProviderClient } from "../../src/transport/provider-client.js";
import { Network } from "../support/engine-network.js";
import { type Guest, joinAs, makeRoom, say, startEngine } from "../support/engine-world.js";

describe("Engine commands", () => {
  it("refuse a nickname that is none, and a message before joining", async () => {
    const owner = await makeRoom();
    const guest = await startEngine(owner.address);
    await guest.engine.open();
    for (const nickname of ["", "   ", "x".repeat(81)]) {
      const refused = await guest.engine.join(nickname).catch((error: unknown) => error);
      expect(refused).to.have.nested.property("problem.code", "invalidNickname");
    }
    expect(guest.engine.state.phase).to.equal("preview");
    const early = await say(guest, "too early").catch((error: unknown) => error);
    expect(early).to.have.nested.property("problem.code", "notAllowed");
    const long = await say(owner, "x".repeat(40_000)).catch((error: unknown) => error);
    expect(long).to.have.nested.property("problem.code", "tooLarge");
    owner.engine.stop();
    guest.engine.stop();
  });

  it("keep a message without voice as failed, with the rule, and take it away again", async () => {
    const owner = await makeRoom({ preset: "announcement" });
    const visitor = await joinAs("Vic", owner.address);
    const { me } = visitor.engine.state;
    expect(me?.role).to.equal("visitor");
    const rule = me?.maySend.allowed === false ? me.maySend.rule : undefined;
    expect(rule).to.be.a("string");
    const id = await say(visitor, "may I?");
    await visitor.told.until("it failed", ({ timeline }) => timeline.some(({ status }) => status === "failed"));
    const failed = visitor.told.timeline.find((entry) => entry.id === id);
    expect(failed?.problem).to.deep.include({ code: "notAllowed", rule });
    await visitor.engine.retry(id);
    await visitor.told.until("it failed again", ({ timeline }) => timeline.some(({ status }) => status === "failed"));
    await visitor.engine.discard(id);
    expect(visitor.told.texts).to.deep.equal([]);
    await say(owner, "hear, hear");
    await visitor.told.until("it hears", ({ texts }) => texts.includes("hear, hear"));
    owner.engine.stop();
    visitor.engine.stop();
  });

  it("refuse a page gone wild: five hundred messages wait at most", async function () {
    this.timeout(120_000);
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { ports: network });
    network.cut();
    for (let n = 0; n < 500; n++) await say(adam, `${n}`);
    const refused = await say(adam, "one too many").catch((error: unknown) => error);
    expect(refused).to.have.nested.property("problem.code", "rateLimited");
    expect(adam.told.texts).to.have.lengthOf(500);
    expect(adam.told.texts).to.not.include("one too many");
    network.restore();
    await adam.engine.reconnect();
    await adam.told.until("the first is sent", ({ timeline }) =>
      timeline.some(({ content, status }) => content.kind === "text" && status === "sent"),
    );
    await say(adam, "there is room again");
    owner.engine.stop();
    adam.engine.stop();
  });

  it("take a waiting message away, which is then not sent", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { ports: network });
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    network.cut();
    await say(adam, "first");
    const second = await say(adam, "second");
    await say(adam, "third");
    await adam.engine.discard(second);
    network.restore();
    await adam.engine.reconnect();
    await owner.told.until("the third is heard", ({ texts }) => texts.includes("third"));
    expect(owner.told.texts).to.deep.equal(["first", "third"]);
    owner.engine.stop();
    adam.engine.stop();
  });

  it("bring a message back that was taken away too late", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { ports: network });
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    // The request goes out and its answer is lost; what comes over the socket is lost too.
    network.tamperEvents(() => []);
    const lost = network.loseAnswer("/submitMessage");
    const id = await say(adam, "oops");
    await lost;
    await adam.engine.discard(id);
    expect(adam.told.texts).to.deep.equal([]);
    await owner.told.until("it arrived", ({ texts }) => texts.includes("oops"));
    network.tamperEvents((_, frame) => [frame]);
    await say(owner, "I saw that");
    await adam.told.until("it is back", ({ texts }) => texts.includes("I saw that"));
    expect(adam.told.texts).to.deep.equal(["oops", "I saw that"]);
    owner.engine.stop();
    adam.engine.stop();
  });

  it("find a room by themselves when its provider answers again", async () => {
    const owner = await makeRoom({ name: "Patience" });
    const network = new Network();
    network.cut();
    const guest = await startEngine(owner.address, { ports: network });
    const state = await guest.engine.open();
    expect([state.phase, state.connection, state.problem?.code]).to.deep.equal(["failed", "offline", "unreachable"]);
    network.restore();
    await guest.told.until("there is a preview", ({ state: now }) => now?.phase === "preview");
    expect(guest.engine.state.problem).to.equal(undefined);
    network.cut();
    const silent = await guest.engine.join("Adam").catch((error: unknown) => error);
    expect(silent).to.have.nested.property("problem.code", "unreachable");
    network.restore();
    await guest.engine.reconnect();
    expect(guest.engine.state.phase).to.equal("joined");
    owner.engine.stop();
    guest.engine.stop();
  });

  it("make a room once, also when the answer is lost", async () => {
    const network = new Network();
    const lost = network.loseAnswer("/v1/rooms");
    const owner = await makeRoom({ ports: network });
    await lost;
    expect(owner.engine.state.phase).to.equal("joined");
    const guest = await joinAs("Adam", owner.address);
    expect(guest.engine.state.occupants).to.have.lengthOf(2);
    owner.engine.stop();
    guest.engine.stop();
  });

  it("join as the user of an organiser's address, and keep that user over a reload", async () => {
    const owner = await makeRoom();
    const { userKeyPair } = await identityOf(owner);
    const key = toBase64Url(new Uint8Array(await crypto.subtle.exportKey("pkcs8", userKeyPair.privateKey)));
    const elsewhere = await startEngine(owner.address, { browser: "elsewhere" });
    await elsewhere.engine.open(key);
    elsewhere.engine.stop();
    const reloaded = await startEngine(owner.address, { browser: "elsewhere" });
    await reloaded.engine.open();
    await reloaded.engine.join("Olga's phone");
    expect(reloaded.engine.state.me).to.deep.include({
      role: "owner",
      userUri: owner.engine.state.me?.userUri,
      recoverable: true,
    });
    await owner.told.until("both devices are in", ({ state }) => state?.occupants[0]?.clients === 2);
    owner.engine.stop();
    reloaded.engine.stop();
  });

  it("take an organiser's key also where a guest looked at the room already, and keep a seat's own", async () => {
    const owner = await makeRoom();
    const { userKeyPair } = await identityOf(owner);
    const key = toBase64Url(new Uint8Array(await crypto.subtle.exportKey("pkcs8", userKeyPair.privateKey)));
    const network = new Network();
    const guest = await startEngine(owner.address, { ports: network });
    await guest.engine.open();
    // A guest's key is made, and no seat is taken with it.
    network.cut();
    await guest.engine.join("Nobody").catch(() => undefined);
    network.restore();
    expect((await guest.engine.open(key)).phase).to.equal("preview");
    await guest.engine.join("Olga's phone");
    expect(guest.engine.state.me?.role).to.equal("owner");

    const seated = await joinAs("Adam", owner.address);
    await seated.engine.open(key);
    expect(seated.engine.state.me?.role).to.equal("regular_user");
    for (const { engine } of [owner, guest, seated]) engine.stop();
  });

  it("restore a user while a guest's join is under way: the guest's is not taken up again", async () => {
    const owner = await makeRoom();
    const kit = await owner.engine.recoveryKit("correct horse battery");
    const network = new Network();
    const guest = await startEngine(owner.address, { ports: network });
    await guest.engine.open();
    const lost = network.loseAnswer("/update").then(() => network.cut());
    const joining = guest.engine.join("Adam").catch((error: unknown) => error);
    await lost;
    network.restore();
    network.tamperRequests((path, body) => (path.endsWith("/update") ? new Uint8Array() : body));
    await guest.engine.restore(kit, "correct horse battery");
    await joining;
    network.tamperRequests((_, body) => body);
    expect(guest.engine.state.phase).to.equal("preview");
    await guest.engine.join("Olga again");
    expect(guest.engine.state.me?.role).to.equal("owner");
    await say(guest, "it is me");
    await owner.told.until("heard", ({ texts }) => texts.includes("it is me"));
    owner.engine.stop();
    guest.engine.stop();
  });

  it("tell a client that it was removed, and delete its keys", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address);
    await owner.told.until("Adam is in", ({ state }) => state?.occupants.length === 2);
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    owner.engine.stop();
    await removeFrom(owner, "Adam");
    await adam.told.until("removed", ({ state }) => state?.problem?.code === "removed");
    expect(adam.engine.state.phase).to.equal("left");
    expect(adam.engine.state.me).to.equal(undefined);
    expect(await read(adam, "identity", "identity")).to.equal(undefined);
    expect(await read(adam, "groups", "group")).to.equal(undefined);
    adam.engine.stop();
  });
});

async function read(guest: Guest, store: string, key: string): Promise<unknown> {
  const database = await openDB(guest.name);
  const value: unknown = await database.get(store, key);
  database.close();
  return value;
}

async function identityOf(guest: Guest): Promise<IdentityRecord> {
  return (await read(guest, "identity", "identity")) as IdentityRecord;
}

/** What an owner's kick will be: a commit with a Remove, made from the seat on disk. */
async function removeFrom(owner: Guest, nickname: string): Promise<void> {
  const mls = createCrypto();
  const identity = await identityOf(owner);
  await mls.addSignatureKey(identity.signatureKeyPair);
  const database = await openDB(owner.name);
  const record = await readGroupRecord(database.transaction("groups").store);
  database.close();
  const group = decodeGroup(record?.group ?? new Uint8Array());
  const removed = viewGroup(group).members.find((member) => member.nickname === nickname)?.leafIndex ?? -1;
  const { commit, groupInfo, ratchetTree } = await stageCommit(mls, group, {
    proposals: [{ kind: "remove", removed }],
    references: [],
  });
  const body = encode(updateRequest, {
    proposalOrCommit: commit,
    bundle: { welcome: undefined, groupInfo, ratchetTree },
  });
  const { provider, room } = owner.address;
  const client = createProviderClient({ provider, fetch: real.fetch, clock: real.clock });
  await client.update(identity.token?.token ?? "", room, body);
}
