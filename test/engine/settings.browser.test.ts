import { expect } from "@open-wc/testing";
import { toHex } from "../../src/codec/bytes.js";
import { network as real } from "../../src/transport/network.js";
import { createProviderClient } from "../../src/transport/provider-client.js";
import type { ProblemCode } from "../../src/worker/engine-api.js";
import type { SettingsChange, SettingValues } from "../../src/worker/organiser-api.js";
import { type Guest, joinAs, makeRoom, say, startEngine } from "../support/engine-world.js";
import { inside, refusal, uriOf } from "../support/organising.js";
import { joinByKey, newUserKey } from "../support/user-key.js";

/** The policy that the hub shows everybody, encoded. */
async function policyOf({ address: { provider, room } }: Guest): Promise<string> {
  const { policy } = await createProviderClient({ provider, fetch: real.fetch, clock: real.clock }).room(room);
  return toHex(policy);
}

const changes = ({ told }: Guest) =>
  told.timeline.flatMap(({ content, sender }) =>
    content.kind === "policyChanged" ? [{ by: sender.nickname, effects: content.effects }] : [],
  );

describe("Settings", () => {
  it("are read, changed and read again, each by itself, and everybody has them", async () => {
    const owner = await makeRoom({ name: "Before" });
    const adam = await joinAs("Adam", owner.address);
    await inside(2, owner, adam);
    const first = (await owner.engine.settings()).values;
    const logger = "mimi://logger.example/d/logger/one";
    const wishes: SettingsChange[] = [
      { name: "  After " },
      { moderated: true },
      { membershipStyle: "members_only", knockAllowed: true },
      { multiDevice: false },
      { discoverable: true },
      { persistentRoom: false },
      { deliveryNotifications: "required", readReceipts: "forbidden" },
      { historySeconds: 3600 },
      // Allowed, and of no time, is not the same as forbidden.
      { historySeconds: 0 },
      { historySeconds: null },
      { historySeconds: 3600 },
      { loggingClients: [logger], loggingPolicy: "https://logger.example/policy" },
    ];
    let expected: SettingValues = first;
    for (const wish of wishes) {
      await owner.engine.changeSettings(wish);
      expected = { ...expected, ...wish, ...(wish.name ? { name: wish.name.trim() } : {}) };
      expect((await owner.engine.settings()).values).to.deep.equal(expected);
    }
    await adam.told.until("all is told", () => changes(adam).length === changes(owner).length);
    await adam.told.until("it is After", ({ state }) => state?.preview?.name === "After");
    expect((await adam.engine.settings()).values).to.deep.equal(expected);
    await owner.engine.changeSettings(first);
    expect((await owner.engine.settings()).values).to.deep.equal(first);
    expect([...owner.faults, ...adam.faults]).to.deep.equal([]);
    for (const { engine } of [owner, adam]) engine.stop();
  });

  it("say who may change what: an owner all that its room can be, an admin and others nothing", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address);
    await inside(2, owner, adam);
    await owner.engine.changeStanding(uriOf(adam), "admin");
    await adam.told.until("admin", ({ state }) => state?.me?.role === "admin");
    const { values, mayChange } = await owner.engine.settings();
    // An owner who is a pseudonym itself cannot end pseudonyms.
    const all = (Object.keys(values) as (keyof SettingValues)[]).filter((name) => name !== "pseudonymousIds");
    expect(mayChange).to.have.members(all);
    expect((await adam.engine.settings()).mayChange).to.deep.equal([]);
    expect(await owner.engine.explain({ pseudonymousIds: false })).to.have.nested.property(
      "allowed.rule",
      "7.3/pseudonym",
    );
    expect(await adam.engine.explain({ moderated: true })).to.have.nested.property(
      "allowed.rule",
      "5.11/admin-membership-only",
    );
    for (const { engine } of [owner, adam]) engine.stop();
  });

  it("are refused with the rule that makes them invalid, and nothing changes", async () => {
    const owner = await makeRoom();
    const before = await policyOf(owner);
    const refused: readonly (readonly [SettingsChange, string])[] = [
      [{ knockAllowed: true }, "valid/knock"],
      [{ membershipStyle: "fixed_membership" }, "5.11/fixed-membership"],
      [{ membershipStyle: "parent_dependent" }, "valid/parent"],
      [{ loggingPolicy: "https://logger.example/" }, "valid/logging-forbidden"],
      [{ loggingClients: ["nobody"] }, "valid/logging-client"],
      [{ loggingClients: ["mimi://a.example/d/l/1", "mimi://a.example/d/l/2"] }, "valid/logging-provider"],
    ];
    for (const [change, rule] of refused) {
      expect((await owner.engine.explain(change)).allowed).to.deep.equal({ allowed: false, rule });
      expect((await refusal(owner.engine.changeSettings(change))).rule).to.equal(rule);
    }
    expect(await policyOf(owner)).to.equal(before);
    owner.engine.stop();
  });

  it("that no policy can hold are the page's mistake, and a name has a code of its own", async () => {
    const owner = await makeRoom();
    const before = await policyOf(owner);
    const half = "\ud800";
    // What a page in JavaScript may say all the same.
    const unknown: SettingsChange = JSON.parse('{ "membershipStyle": "closed" }');
    const wrong: readonly (readonly [SettingsChange, ProblemCode])[] = [
      [{ name: "  " }, "invalidRoomName"],
      [{ name: "x".repeat(201) }, "invalidRoomName"],
      [{ name: half }, "invalidRoomName"],
      [{ historySeconds: Number.NaN }, "internal"],
      [{ loggingPolicy: half }, "internal"],
      [unknown, "internal"],
    ];
    for (const [change, code] of wrong) {
      expect((await refusal(owner.engine.explain(change))).code).to.equal(code);
      expect((await refusal(owner.engine.changeSettings(change))).code).to.equal(code);
    }
    expect((await refusal(owner.engine.rename(half))).code).to.equal("invalidRoomName");
    expect(await policyOf(owner)).to.equal(before);
    owner.engine.stop();
  });

  it("explain what they would do and to whom, and do that", async () => {
    const owner = await makeRoom();
    const key = await newUserKey();
    const phone = await joinByKey("Adam", key, owner.address);
    const laptop = await joinByKey("Adam's laptop", key, owner.address);
    const beth = await joinAs("Beth", owner.address);
    await inside(3, owner, phone, laptop, beth);
    const wish: SettingsChange = { multiDevice: false, moderated: true };
    const { allowed, effects } = await owner.engine.explain(wish);
    expect(allowed).to.deep.equal({ allowed: true });
    const silent = effects.find(({ kind }) => kind === "losesVoice");
    expect(silent).to.deep.equal({ kind: "losesVoice", users: [uriOf(phone), uriOf(beth)] });
    expect(effects).to.deep.include({ kind: "fact", before: undefined, after: { kind: "moderated" } });
    expect(effects.map(({ kind }) => kind)).to.not.include("removed");

    const epoch = owner.engine.state.fingerprint?.epoch ?? 0;
    await owner.engine.changeSettings(wish);
    expect(owner.engine.state.fingerprint?.epoch).to.equal(epoch + 1);
    // One device a user: the later one is out by the same commit.
    await laptop.told.until("it is out", ({ state }) => state?.phase === "left");
    expect(laptop.engine.state.problem).to.deep.equal({
      code: "removed",
      rule: "5.2/single-device",
      by: { userUri: uriOf(owner), nickname: "Olga" },
      retry: true,
    });
    const clients = ({ told }: Guest) => (told.state?.occupants ?? []).map((occupant) => occupant.clients);
    for (const guest of [owner, phone, beth]) await guest.told.until("one each", () => `${clients(guest)}` === "1,1,1");
    await beth.told.until("silent", ({ state }) => state?.me?.maySend.allowed === false);
    const told = effects.filter(({ kind }) => kind === "fact");
    for (const guest of [owner, beth]) expect(changes(guest)).to.deep.equal([{ by: "Olga", effects: told }]);
    // On disk stands what the rules were, and what it says is said anew.
    const kept = await beth.engine.older(Number.MAX_SAFE_INTEGER, 50);
    expect(kept.map(({ content }) => content)).to.deep.include({ kind: "policyChanged", effects: told });
    for (const { engine } of [owner, phone, laptop, beth]) engine.stop();
  });

  it("leave a user one device of those that stay, where the one that would stay is about to leave", async () => {
    const owner = await makeRoom();
    const key = await newUserKey();
    const [phone, laptop, tablet] = [
      await joinByKey("Bob", key, owner.address),
      await joinByKey("Bob's laptop", key, owner.address),
      await joinByKey("Bob's tablet", key, owner.address),
    ];
    const adam = await joinAs("Adam", owner.address);
    await inside(3, owner, phone, laptop, tablet, adam);
    await owner.engine.changeStanding(uriOf(adam), "owner");
    await adam.told.until("owner", ({ state }) => state?.me?.role === "owner");
    // Those before Adam in rank would commit the departure first.
    const others = [owner, laptop, tablet];
    for (const { engine } of others) engine.pause();
    await phone.engine.leave();
    await adam.engine.changeSettings({ multiDevice: false });
    const bob = ({ told }: Guest) => told.state?.occupants.find(({ nickname }) => nickname.startsWith("Bob"));
    expect(bob(adam)?.clients).to.equal(1);
    for (const { engine } of others) engine.resume();
    await tablet.told.until("it is out", ({ state }) => state?.phase === "left");
    expect(tablet.engine.state.problem?.rule).to.equal("5.2/single-device");
    await laptop.told.until("it is alone", (told) => bob({ ...laptop, told })?.clients === 1);
    expect([...owner.faults, ...adam.faults, ...laptop.faults]).to.deep.equal([]);
    for (const { engine } of [owner, phone, laptop, tablet, adam]) engine.stop();
  });

  it("explain nothing where nothing would change, and ask nobody", async () => {
    const owner = await makeRoom();
    const { values } = await owner.engine.settings();
    expect(await owner.engine.explain(values)).to.deep.equal({ allowed: { allowed: true }, effects: [] });
    const epoch = owner.engine.state.fingerprint?.epoch;
    await owner.engine.changeSettings(values);
    expect(owner.engine.state.fingerprint?.epoch).to.equal(epoch);
    owner.engine.stop();
  });

  it("lock a room down at once, and bring back what was there, to the octet", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address);
    const beth = await joinAs("Beth", owner.address);
    await inside(3, owner, adam, beth);
    await owner.engine.changeStanding(uriOf(beth), "regular_user");
    const before = await policyOf(owner);

    await owner.engine.changeSettings({ lockdown: true });
    expect((await owner.engine.settings()).values.lockdown).to.equal(true);
    await adam.told.until("silent", ({ state }) => state?.me?.maySend.allowed === false);
    await beth.told.until("told", () => changes(beth).length === 1);
    expect(beth.engine.state.me?.maySend.allowed).to.equal(true);
    await say(beth, "I have voice");
    await adam.told.until("heard", ({ texts }) => texts.includes("I have voice"));
    const stranger = await startEngine(owner.address);
    expect((await stranger.engine.open()).problem?.rule).to.equal("5.5/not-admitted");

    await owner.engine.changeSettings({ lockdown: false });
    expect(await policyOf(owner)).to.equal(before);
    await adam.told.until("may speak", ({ state }) => state?.me?.maySend.allowed === true);
    await stranger.engine.reconnect();
    await stranger.engine.join("Carl");
    await inside(4, owner, adam, beth);
    for (const { engine } of [owner, adam, beth, stranger]) engine.stop();
  });

  it("changed by two devices at once are both done", async () => {
    const owner = await makeRoom();
    const phone = await startEngine(owner.address);
    await phone.engine.restore(await owner.engine.recoveryKit("correct horse battery"), "correct horse battery");
    await phone.engine.join("Olga's phone");
    await owner.told.until("both are in", ({ state }) => state?.occupants[0]?.clients === 2);
    const epoch = owner.engine.state.fingerprint?.epoch ?? 0;
    await Promise.all([
      owner.engine.changeSettings({ moderated: true }),
      phone.engine.changeSettings({ discoverable: true }),
    ]);
    for (const { told } of [owner, phone]) {
      await told.until("both are done", ({ state }) => state?.fingerprint?.epoch === epoch + 2);
    }
    const { values } = await owner.engine.settings();
    expect([values.moderated, values.discoverable]).to.deep.equal([true, true]);
    for (const { engine } of [owner, phone]) engine.stop();
  });
});
