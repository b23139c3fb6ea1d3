import { expect } from "@open-wc/testing";
import { Network } from "../support/engine-network.js";
import { type Guest, joinAs, makeRoom, say, startEngine } from "../support/engine-world.js";

const nameOf = ({ engine }: Guest) => engine.state.preview?.name;

const called = (name: string, ...guests: Guest[]) =>
  Promise.all(guests.map(({ told }) => told.until(`it is ${name}`, ({ state }) => state?.preview?.name === name)));

const renamings = ({ told }: Guest) =>
  told.timeline.flatMap(({ content, sender }) =>
    content.kind === "renamed" ? [`${sender.nickname}: ${content.name}`] : [],
  );

/** Resolves when a request to a path that ends so goes out. */
function requested(network: Network, path: string): Promise<void> {
  return new Promise((sent) => {
    network.tamperRequests((to, body) => {
      if (to.endsWith(path)) sent();
      return body;
    });
  });
}

describe("Renaming", () => {
  it("calls the room by another name, for everybody inside and whoever comes", async () => {
    const owner = await makeRoom({ name: "Before" });
    const adam = await joinAs("Adam", owner.address);
    await owner.told.until("Adam is in", ({ state }) => state?.occupants.length === 2);
    await owner.engine.rename("  After  ");
    expect(nameOf(owner)).to.equal("After");
    await called("After", adam);
    expect(renamings(owner)).to.deep.equal(["Olga: After"]);
    expect(renamings(adam)).to.deep.equal(["Olga: After"]);
    expect(adam.told.timeline.find(({ content }) => content.kind === "renamed")?.sender.own).to.equal(false);
    await say(owner, "do you like it?");
    await adam.told.until("heard", ({ texts }) => texts.includes("do you like it?"));
    const beth = await startEngine(owner.address);
    expect((await beth.engine.open()).preview?.name).to.equal("After");
    expect([...owner.faults, ...adam.faults]).to.deep.equal([]);
    for (const { engine } of [owner, adam, beth]) engine.stop();
  });

  it("is refused with the rule to who may not, with nothing sent; and a name that is none, to everybody", async () => {
    const owner = await makeRoom({ name: "Firm" });
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { ports: network });
    expect([owner.engine.state.me?.mayRename, adam.engine.state.me?.mayRename]).to.deep.equal([true, false]);
    const sent = network.requests.length;
    const refused = await adam.engine.rename("Mine").catch((error: unknown) => error);
    expect(refused).to.have.deep.nested.property("problem.rule", "5.11/not-a-moderator");
    expect(refused).to.have.nested.property("problem.code", "notAllowed");
    expect(network.requests.slice(sent).filter((path) => path.endsWith("/update"))).to.deep.equal([]);
    for (const name of ["", "  ", "x".repeat(201)]) {
      const none = await owner.engine.rename(name).catch((error: unknown) => error);
      expect(none).to.have.nested.property("problem.code", "invalidRoomName");
    }
    expect(nameOf(owner)).to.equal("Firm");
    for (const { engine } of [owner, adam]) engine.stop();
  });

  it("asks nobody for a name that the room has", async () => {
    const network = new Network();
    const owner = await makeRoom({ name: "As it is", ports: network });
    await owner.engine.rename("As it is");
    expect(network.requests.filter((path) => path.endsWith("/update"))).to.deep.equal([]);
    owner.engine.stop();
  });

  it("lets two devices of its owner rename at once: both are done, and everybody agrees", async () => {
    const owner = await makeRoom();
    const phone = await startEngine(owner.address);
    await phone.engine.restore(await owner.engine.recoveryKit("correct horse battery"), "correct horse battery");
    await phone.engine.join("Olga's phone");
    await owner.told.until("both are in", ({ state }) => state?.occupants[0]?.clients === 2);
    await Promise.all([owner.engine.rename("One"), phone.engine.rename("Other")]);
    const both = [owner, phone];
    await Promise.all(both.map((device) => device.told.until("both are told", () => renamings(device).length === 2)));
    expect(renamings(phone)).to.deep.equal(renamings(owner));
    await called(renamings(owner).at(-1)?.split(": ")[1] ?? "", owner, phone);
    expect(renamings(owner).toSorted()).to.deep.equal(["Olga's phone: Other", "Olga: One"]);
    for (const { engine } of [owner, phone]) engine.stop();
  });

  it("carries who left meanwhile, though the hub knew of it first", async () => {
    const network = new Network();
    const owner = await makeRoom({ ports: network });
    const adam = await joinAs("Adam", owner.address);
    const beth = await joinAs("Beth", owner.address);
    await owner.told.until("all are in", ({ state }) => state?.occupants.length === 3);
    // Beth would commit that Adam leaves.
    beth.engine.pause();
    network.tamperEvents(() => []);
    await adam.engine.leave();
    const sent = requested(network, "/update");
    const renaming = owner.engine.rename("After");
    await sent;
    network.tamperEvents((_, frame) => [frame]);
    await say(beth, "Adam is leaving");
    await renaming;
    await owner.told.until("Adam is out", ({ state }) => state?.occupants.length === 2);
    expect(nameOf(owner)).to.equal("After");
    expect(owner.faults).to.deep.equal([]);
    for (const { engine } of [owner, adam, beth]) engine.stop();
  });

  it("is done once, though its engine died before it heard of it", async () => {
    const network = new Network();
    const owner = await makeRoom({ browser: "renames", ports: network });
    const adam = await joinAs("Adam", owner.address);
    await owner.told.until("Adam is in", ({ state }) => state?.occupants.length === 2);
    network.tamperEvents(() => []);
    const lost = network.loseAnswer("/update").then(() => network.cut());
    const dead = owner.engine.rename("After").catch((error: unknown) => error);
    await lost;
    owner.engine.stop();
    expect(await dead).to.have.property("name", "Superseded");

    const again = await startEngine(owner.address, { browser: "renames" });
    await again.engine.open();
    await again.engine.rename("After");
    await called("After", again, adam);
    expect(renamings(adam)).to.deep.equal(["Olga: After"]);
    expect(renamings(again)).to.deep.equal(["Olga: After"]);
    for (const { engine } of [again, adam]) engine.stop();
  });

  it("comes through when its engine died before it asked", async () => {
    const network = new Network();
    const owner = await makeRoom({ browser: "renames-late", ports: network });
    const adam = await joinAs("Adam", owner.address);
    await owner.told.until("Adam is in", ({ state }) => state?.occupants.length === 2);
    network.cut();
    const dead = owner.engine.rename("After").catch((error: unknown) => error);
    await owner.told.until("it is offline", ({ state }) => state?.connection !== "online");
    await owner.engine.older(0, 1);
    owner.engine.stop();
    await dead;
    const again = await startEngine(owner.address, { browser: "renames-late" });
    await again.engine.open();
    await called("After", again, adam);
    for (const { engine } of [again, adam]) engine.stop();
  });
});
