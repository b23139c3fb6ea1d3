import { expect } from "@open-wc/testing";
import { Network } from "../support/engine-network.js";
import { type Guest, joinAs, makeRoom, say, startEngine } from "../support/engine-world.js";
import { deeds, gone, inside, refusal, uriOf } from "../support/organising.js";
import { joinByKey, newUserKey } from "../support/user-key.js";

const nicknames = ({ engine }: Guest) => engine.state.occupants.map(({ nickname }) => nickname);

describe("Kicking", () => {
  it("takes all devices of a user out at once, says by whom, and lets them come back", async () => {
    const owner = await makeRoom();
    const key = await newUserKey();
    const phone = await joinByKey("Adam", key, owner.address);
    const laptop = await joinByKey("Adam's laptop", key, owner.address);
    const beth = await joinAs("Beth", owner.address);
    await inside(3, owner, phone, laptop);
    const epoch = owner.engine.state.fingerprint?.epoch ?? 0;

    const adam = uriOf(phone);
    await owner.engine.kick(adam);
    expect(nicknames(owner)).to.deep.equal(["Olga", "Beth"]);
    expect(owner.engine.state.fingerprint?.epoch).to.equal(epoch + 1);
    const by = { userUri: uriOf(owner), nickname: "Olga" };
    for (const device of [phone, laptop])
      expect(await gone(device)).to.deep.equal({ code: "removed", by, retry: true });
    await inside(2, beth);
    for (const witness of [owner, beth]) expect(deeds(witness)).to.deep.equal(["Olga kicked Adam"]);
    // The wish holds already.
    await owner.engine.kick(adam);
    expect(owner.engine.state.fingerprint?.epoch).to.equal(epoch + 1);

    await phone.engine.reconnect();
    await phone.engine.join("Adam again");
    await inside(3, owner, beth);
    await say(phone, "here I am");
    await beth.told.until("heard", ({ texts }) => texts.includes("here I am"));
    expect([...owner.faults, ...beth.faults]).to.deep.equal([]);
    for (const { engine } of [owner, phone, laptop, beth]) engine.stop();
  });

  it("carries who left meanwhile, also the one that is kicked", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address);
    const beth = await joinAs("Beth", owner.address);
    await inside(3, owner, adam, beth);
    const [uri, other] = [uriOf(adam), uriOf(beth)];
    await Promise.all([adam.engine.leave(), owner.engine.kick(uri), owner.engine.kick(other)]);
    await inside(1, owner);
    expect((await gone(beth))?.code).to.equal("removed");
    expect(nicknames(owner)).to.deep.equal(["Olga"]);
    await joinAs("Carl", owner.address);
    await inside(2, owner);
    expect(owner.faults).to.deep.equal([]);
    for (const { engine } of [owner, adam, beth]) engine.stop();
  });

  it("takes one out of whom a device is about to leave: a leaf is removed once", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address);
    const key = await newUserKey();
    const phone = await joinByKey("Mallory", key, owner.address);
    const laptop = await joinByKey("Mallory's laptop", key, owner.address);
    const beth = await joinAs("Beth", owner.address);
    await inside(4, owner, adam, phone, laptop, beth);
    const uri = uriOf(phone);
    await owner.engine.changeStanding(uriOf(adam), "admin");
    await adam.told.until("admin", ({ state }) => state?.me?.role === "admin");
    // The first in rank would commit the departure at once.
    owner.engine.pause();
    await phone.engine.leave();
    await adam.engine.kick(uri);
    expect((await gone(laptop))?.by?.nickname).to.equal("Adam");
    owner.engine.resume();
    await inside(3, owner, adam, beth);
    for (const witness of [owner, adam, beth]) expect(deeds(witness).at(-1)).to.equal("Adam kicked Mallory");
    expect([...owner.faults, ...adam.faults, ...beth.faults]).to.deep.equal([]);
    for (const { engine } of [owner, adam, phone, laptop, beth]) engine.stop();
  });

  it("leaves what was written and not sent yet on the page, to be copied or thrown away", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { ports: network });
    await inside(2, owner, adam);
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    network.cut();
    const id = await say(adam, "half a novel");
    await owner.engine.kick(uriOf(adam));
    network.restore();
    await adam.engine.reconnect();
    expect((await gone(adam))?.code).to.equal("removed");
    const line = () => adam.told.timeline.find((entry) => entry.id === id);
    expect(line()).to.deep.include({
      status: "failed",
      content: { kind: "text", text: "half a novel", format: "plain" },
    });
    expect([line()?.problem?.code, line()?.problem?.retry]).to.deep.equal(["removed", false]);
    await adam.engine.discard(id);
    expect(line()).to.equal(undefined);
    expect(owner.told.texts).to.deep.equal([]);
    for (const { engine } of [owner, adam]) engine.stop();
  });

  it("is done once, though its engine died before it heard of it", async () => {
    const network = new Network();
    const owner = await makeRoom({ browser: "kicks", ports: network });
    const adam = await joinAs("Adam", owner.address);
    const beth = await joinAs("Beth", owner.address);
    await inside(3, owner, adam, beth);
    const uri = uriOf(adam);
    network.tamperEvents(() => []);
    const lost = network.loseAnswer("/update").then(() => network.cut());
    const dead = owner.engine.kick(uri).catch((error: unknown) => error);
    await lost;
    owner.engine.stop();
    expect(await dead).to.have.property("name", "Superseded");

    const again = await startEngine(owner.address, { browser: "kicks" });
    await again.engine.open();
    await again.engine.kick(uri);
    await inside(2, again, beth);
    for (const witness of [again, beth]) expect(deeds(witness)).to.deep.equal(["Olga kicked Adam"]);
    for (const { engine } of [again, adam, beth]) engine.stop();
  });
});

describe("Banning", () => {
  it("takes the user out with one commit, keeps it out, and lets it in again when it is taken back", async () => {
    const owner = await makeRoom();
    const key = await newUserKey();
    const phone = await joinByKey("Mallory", key, owner.address);
    const laptop = await joinByKey("Mallory's laptop", key, owner.address);
    const beth = await joinAs("Beth", owner.address);
    await inside(3, owner, phone, laptop);
    const mallory = uriOf(phone);
    const epoch = owner.engine.state.fingerprint?.epoch ?? 0;

    await owner.engine.changeStanding(mallory, "banned");
    expect(owner.engine.state.fingerprint?.epoch).to.equal(epoch + 1);
    const by = { userUri: uriOf(owner), nickname: "Olga" };
    for (const device of [phone, laptop])
      expect(await gone(device)).to.deep.equal({ code: "banned", by, retry: false });
    await inside(2, owner, beth);
    for (const witness of [owner, beth]) expect(deeds(witness)).to.deep.equal(["Olga banned Mallory"]);
    expect((await owner.engine.settings()).banned).to.deep.equal([mallory]);

    // It comes as who it was, and is not let in; nor by another device, nor after a reload.
    await phone.engine.reconnect();
    expect([phone.engine.state.phase, phone.engine.state.problem?.code]).to.deep.equal(["notAllowed", "banned"]);
    expect(await refusal(phone.engine.join("Mallory"))).to.include({ code: "banned", rule: "5.5/banned" });
    const tablet = await startEngine(owner.address);
    expect((await tablet.engine.open(key)).problem).to.include({ code: "banned", rule: "5.5/banned" });
    const reloaded = await startEngine(owner.address, { browser: phone.name.split("#")[1] ?? "" });
    expect((await reloaded.engine.open()).problem?.code).to.equal("banned");

    expect((await owner.engine.moderation(mallory)).standing).to.equal("banned");
    await owner.engine.changeStanding(mallory, "none");
    await owner.engine.changeStanding(mallory, "none");
    expect((await owner.engine.settings()).banned).to.deep.equal([]);
    await reloaded.engine.reconnect();
    await reloaded.engine.join("Mallory, sorry");
    expect(uriOf(reloaded)).to.equal(mallory);
    await inside(3, owner, beth);
    for (const { engine } of [owner, laptop, beth, tablet, reloaded]) engine.stop();
  });

  it("by two at once of the same user is done once; of each other, one of them is out and is told so", async () => {
    const owner = await makeRoom();
    const [adam, beth, mallory] = [
      await joinAs("Adam", owner.address),
      await joinAs("Beth", owner.address),
      await joinAs("Mallory", owner.address),
    ];
    await inside(4, owner, adam, beth, mallory);
    await owner.engine.changeStanding(uriOf(adam), "admin");
    await owner.engine.changeStanding(uriOf(beth), "admin");
    await Promise.all([adam, beth].map(({ told }) => told.until("admin", ({ state }) => state?.me?.role === "admin")));
    const uri = uriOf(mallory);
    await Promise.all([adam.engine.changeStanding(uri, "banned"), beth.engine.changeStanding(uri, "banned")]);
    await inside(3, owner, adam, beth);
    expect(deeds(adam).filter((line) => line.endsWith("banned Mallory"))).to.have.lengthOf(1);
    expect(deeds(beth)).to.deep.equal(deeds(adam));

    // An admin touches no admin.
    expect(await refusal(adam.engine.changeStanding(uriOf(beth), "banned"))).to.include({
      code: "notAllowed",
      rule: "5.11/outranked",
    });
    await owner.engine.changeStanding(uriOf(adam), "owner");
    await owner.engine.changeStanding(uriOf(beth), "owner");
    await Promise.all([adam, beth].map(({ told }) => told.until("owner", ({ state }) => state?.me?.role === "owner")));
    const [a, b] = [uriOf(adam), uriOf(beth)];
    const outcomes = await Promise.allSettled([
      adam.engine.changeStanding(b, "banned"),
      beth.engine.changeStanding(a, "banned"),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).to.deep.equal(["fulfilled", "rejected"]);
    const loser = outcomes[0].status === "rejected" ? adam : beth;
    const [lost] = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(lost).to.have.nested.property("problem.code", "banned");
    expect((await gone(loser))?.code).to.equal("banned");
    await inside(2, owner);
    for (const { engine } of [owner, adam, beth, mallory]) engine.stop();
  });
});
