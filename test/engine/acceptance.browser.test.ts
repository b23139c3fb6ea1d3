import { expect } from "@open-wc/testing";
import type { Acceptance, Problem } from "../../src/worker/engine-api.js";
import type { SettingsChange } from "../../src/worker/organiser-api.js";
import { Network } from "../support/engine-network.js";
import { joinAs, makeRoom, say, startEngine } from "../support/engine-world.js";
import { inside, refusal } from "../support/organising.js";

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

  it("cannot be narrowed below the room that one is in, nor a room be made that its owner does not accept", async () => {
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
