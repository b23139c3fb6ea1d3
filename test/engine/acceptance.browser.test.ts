import { expect } from "@open-wc/testing";
import { deniedBy } from "../../src/engine/engine-problem.js";
import type { EnginePorts } from "../../src/engine/ports.js";
import { network as real } from "../../src/transport/network.js";
import type { Acceptance, Problem } from "../../src/worker/engine-api.js";
import type { SettingsChange } from "../../src/worker/organiser-api.js";
import { Network } from "../support/engine-network.js";
import { joinAs, makeRoom, say, startEngine } from "../support/engine-world.js";
import { inside, refusal, uriOf } from "../support/organising.js";

const EVERYTHING: Acceptance = { logging: true, history: true, bots: true, receipts: true, pseudonyms: true };
const LOGGED: SettingsChange = {
  loggingClients: ["mimi://logger.example/d/logger/one"],
  loggingPolicy: "https://logger.example/policy",
};

const notAccepted = (rule: string): Problem => ({ code: "notAccepted", rule, retry: false });

describe("A person's own policy", () => {
  it("is kept before joining and over a reload, and nobody joins what it does not accept", async () => {
    const owner = await makeRoom();
    await owner.engine.changeSettings(LOGGED);
    const network = new Network();
    const guest = await startEngine(owner.address, { browser: "wary", ports: network });
    await guest.engine.open();
    expect(guest.engine.state).to.not.have.any.keys("problem", "acceptance");
    const acceptance = { ...EVERYTHING, logging: false };
    await guest.engine.accept(acceptance);
    expect(guest.engine.state.problem).to.deep.equal(notAccepted("self/logging"));
    guest.engine.stop();

    const again = await startEngine(owner.address, { browser: "wary", ports: network });
    const state = await again.engine.open();
    expect([state.phase, state.problem, state.acceptance]).to.deep.equal([
      "preview",
      notAccepted("self/logging"),
      acceptance,
    ]);
    const sent = network.requests.length;
    expect(await refusal(again.engine.join("Wary"))).to.deep.equal(notAccepted("self/logging"));
    expect(network.requests.slice(sent)).to.deep.equal([]);
    expect(again.engine.state.phase).to.equal("preview");

    await again.engine.accept(EVERYTHING);
    expect(again.engine.state.problem).to.equal(undefined);
    await again.engine.join("Wary");
    await inside(2, owner);
    for (const { engine } of [owner, again]) engine.stop();
  });

  it("is asked of the group that is joined, whatever the preview said", async () => {
    const owner = await makeRoom();
    const guest = await startEngine(owner.address);
    await guest.engine.open();
    await guest.engine.accept({ ...EVERYTHING, history: false });
    expect(guest.engine.state.problem).to.equal(undefined);
    await owner.engine.changeSettings({ historySeconds: 3600 });
    const problem = await refusal(guest.engine.join("Wary"));
    expect(problem).to.deep.equal(notAccepted("self/history"));
    expect(guest.engine.state.phase).to.equal("preview");
    expect(owner.engine.state.occupants).to.have.lengthOf(1);
    for (const { engine } of [owner, guest]) engine.stop();
  });

  it("stands in the leaf: a change that it does not accept takes it out by the same commit, and it is told why", async () => {
    const owner = await makeRoom();
    const wary = await startEngine(owner.address);
    await wary.engine.open();
    await wary.engine.accept({ ...EVERYTHING, receipts: false });
    await wary.engine.join("Wary");
    const beth = await joinAs("Beth", owner.address);
    await inside(3, owner, wary, beth);
    const wish = { readReceipts: "required" } as const;
    const { effects } = await owner.engine.explain(wish);
    expect(effects[0]).to.deep.equal({ kind: "removed", users: [wary.engine.state.me?.userUri] });
    const epoch = owner.engine.state.fingerprint?.epoch ?? 0;
    await owner.engine.changeSettings(wish);
    expect(owner.engine.state.fingerprint?.epoch).to.equal(epoch + 1);
    await wary.told.until("it is out", ({ state }) => state?.phase === "left");
    expect(wary.engine.state.problem).to.deep.equal(notAccepted("self/receipts"));
    await inside(2, owner, beth);
    // What it accepts stays, and so does the answer.
    await wary.engine.reconnect();
    expect(wary.engine.state.problem).to.deep.equal(notAccepted("self/receipts"));
    await wary.engine.accept(EVERYTHING);
    await wary.engine.join("Less wary");
    await inside(3, owner, beth);
    for (const { engine } of [owner, wary, beth]) engine.stop();
  });

  it("is kept by oneself where the leaf does not say it: one leaves, says nothing more, and is told why", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const wary = await joinAs("Wary", owner.address, { browser: "leaves", ports: network });
    const beth = await joinAs("Beth", owner.address);
    await inside(3, owner, wary, beth);
    await wary.told.until("online", ({ state }) => state?.connection === "online");
    network.cut();
    // The leaf was made before, and nobody hears of another.
    await wary.engine.accept({ ...EVERYTHING, logging: false });
    await say(wary, "not for the record");
    await owner.engine.changeSettings(LOGGED);
    network.restore();
    await wary.engine.reconnect();
    await wary.told.until("it is out", ({ state }) => state?.phase === "left");
    expect(wary.engine.state.problem).to.deep.equal(notAccepted("self/logging"));
    await inside(2, owner, beth);
    expect(owner.told.texts).to.deep.equal([]);
    // What it wrote is not lost: it can be copied, or thrown away.
    const [line] = wary.told.timeline.filter(({ content }) => content.kind === "text");
    expect([line?.status, line?.problem]).to.deep.equal(["failed", notAccepted("self/logging")]);
    expect(wary.told.texts).to.deep.equal(["not for the record"]);
    await wary.engine.discard(line?.id ?? "");
    expect(wary.told.texts).to.deep.equal([]);
    wary.engine.stop();
    const again = await startEngine(owner.address, { browser: "leaves" });
    expect((await again.engine.open()).problem).to.deep.equal(notAccepted("self/logging"));
    for (const { engine } of [owner, beth, again]) engine.stop();
  });

  it("is put into the leaf when it is said after joining, also over the end of its engine", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const wary = await joinAs("Wary", owner.address, { browser: "says-later", ports: network });
    await inside(2, owner, wary);
    const uri = wary.engine.state.me?.userUri;
    const excluded = async () => (await owner.engine.explain(LOGGED)).effects.filter(({ kind }) => kind === "removed");
    expect(await excluded()).to.deep.equal([]);
    const epoch = owner.engine.state.fingerprint?.epoch ?? 0;
    await wary.engine.accept({ ...EVERYTHING, logging: false });
    await owner.told.until("it is said", ({ state }) => state?.fingerprint?.epoch === epoch + 1);
    expect(await excluded()).to.deep.equal([{ kind: "removed", users: [uri] }]);

    await wary.told.until("it is told", ({ state }) => state?.fingerprint?.epoch === epoch + 1);
    network.cut();
    await wary.engine.accept({ ...EVERYTHING, history: false });
    wary.engine.stop();
    const again = await startEngine(owner.address, { browser: "says-later" });
    await again.engine.open();
    await owner.told.until("it is said anew", ({ state }) => state?.fingerprint?.epoch === epoch + 2);
    expect(await excluded()).to.deep.equal([]);
    await say(owner, "still with me?");
    await again.told.until("heard", ({ texts }) => texts.includes("still with me?"));
    expect([...owner.faults, ...again.faults]).to.deep.equal([]);
    for (const { engine } of [owner, again]) engine.stop();
  });

  it("is why one leaves, and stays so while nobody else could lead the room", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address);
    const network = new Network();
    const wary = await joinAs("Wary", owner.address, { ports: network });
    await inside(3, owner, adam, wary);
    await owner.engine.changeStanding(uriOf(wary), "owner");
    await wary.told.until("owner", ({ state }) => state?.me?.role === "owner");
    network.cut();
    await wary.engine.accept({ ...EVERYTHING, logging: false });
    await owner.engine.changeSettings({ ...LOGGED, membershipStyle: "members_only" });
    await owner.engine.leave();
    await inside(2, adam);
    network.restore();
    await wary.engine.reconnect();
    await wary.told.until("it objects", ({ state }) => state?.problem?.rule === "self/logging");
    await wary.told.until("it is alone to lead", ({ state }) => state?.occupants.length === 2);
    // The person tries as well, which takes the problem away for a moment.
    await wary.engine.reconnect();
    await wary.told.until("it was tried", ({ state }) => state?.problem !== undefined);
    expect(wary.engine.state.problem).to.deep.equal(notAccepted("self/logging"));
    expect(wary.engine.state.phase).to.equal("joined");
    for (const { engine } of [owner, adam, wary]) engine.stop();
  });

  it("is said again where the hub took its commit not, with the room's next epoch", async () => {
    const owner = await makeRoom();
    let refuses = false;
    const ports: Pick<EnginePorts, "fetch"> = {
      fetch: async (address, init) =>
        refuses && address.endsWith("/update")
          ? Response.json({ code: "notAllowed", message: "", rule: "hub/barred" }, { status: 403 })
          : real.fetch(address, init),
    };
    const wary = await joinAs("Wary", owner.address, { ports });
    await inside(2, owner, wary);
    // Whoever comes online sends what is under way once more.
    await wary.told.until("online", ({ state }) => state?.connection === "online");
    refuses = true;
    await wary.engine.accept({ ...EVERYTHING, logging: false });
    await wary.told.until("it is refused", ({ faults }) => faults.length === 1);
    refuses = false;
    const epoch = owner.engine.state.fingerprint?.epoch ?? 0;
    await owner.engine.rename("Another epoch");
    await owner.told.until("it is said", ({ state }) => state?.fingerprint?.epoch === epoch + 2);
    const { effects } = await owner.engine.explain(LOGGED);
    expect(effects).to.deep.include({ kind: "removed", users: [uriOf(wary)] });
    expect(wary.faults.map(({ where, error }) => `${where}: ${error}`)).to.deep.equal([
      "advertise: ProviderRefusal: notAllowed: ",
    ]);
    for (const { engine } of [owner, wary]) engine.stop();
  });

  it("may be widened by an organiser who changes the room at once, though the leaf says the old answer", async () => {
    const owner = await makeRoom();
    await owner.engine.accept({ ...EVERYTHING, logging: false });
    const epoch = owner.engine.state.fingerprint?.epoch ?? 0;
    await owner.told.until("it is said", ({ state }) => (state?.fingerprint?.epoch ?? 0) > epoch);
    await owner.engine.accept(EVERYTHING);
    expect((await owner.engine.explain(LOGGED)).allowed).to.deep.equal({ allowed: true });
    await owner.engine.changeSettings(LOGGED);
    expect(owner.engine.state.preview?.facts.map(({ kind }) => kind)).to.include("logged");
    owner.engine.stop();
  });

  it("is what a room was not made, joined or stayed in for: the same words whoever says so", () => {
    for (const rule of ["self/logging", "5.1/not-accepted", "5.4/not-accepted", "5.12/not-accepted"]) {
      expect(deniedBy(rule).problem).to.deep.equal(notAccepted(rule));
    }
    expect(deniedBy("5.11/not-accepted").problem.code).to.equal("notAllowed");
  });

  it("cannot be narrowed below the room that one is in, nor a room be made one that its owner does not accept", async () => {
    const owner = await makeRoom();
    expect(await refusal(owner.engine.accept({ ...EVERYTHING, pseudonyms: false }))).to.deep.equal(
      notAccepted("self/pseudonyms"),
    );
    expect(owner.engine.state.acceptance).to.equal(undefined);
    await owner.engine.accept({ ...EVERYTHING, logging: false });
    const denied = { allowed: false, rule: "self/logging" };
    expect((await owner.engine.explain(LOGGED)).allowed).to.deep.equal(denied);
    expect(await refusal(owner.engine.changeSettings(LOGGED))).to.deep.equal(notAccepted("self/logging"));
    expect(owner.engine.state.phase).to.equal("joined");
    owner.engine.stop();
  });
});
