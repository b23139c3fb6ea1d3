import { expect } from "@open-wc/testing";
import { Network } from "../support/engine-network.js";
import { type Guest, joinAs, makeRoom, say } from "../support/engine-world.js";
import { deeds, inside, refusal, uriOf } from "../support/organising.js";

const nicknames = ({ engine }: Guest) => engine.state.occupants.map(({ nickname }) => nickname);

describe("Another place in the room", () => {
  it("gives voice, which is heard at once, and takes it back", async () => {
    const owner = await makeRoom({ preset: "announcement" });
    const vic = await joinAs("Vic", owner.address);
    await inside(2, owner, vic);
    expect(vic.engine.state.me?.maySend.allowed).to.equal(false);
    await owner.engine.changeStanding(uriOf(vic), "regular_user");
    await vic.told.until("it may speak", ({ state }) => state?.me?.maySend.allowed === true);
    await say(vic, "thank you");
    await owner.told.until("heard", ({ texts }) => texts.includes("thank you"));
    await owner.engine.changeStanding(uriOf(vic), "none");
    await vic.told.until("it may not", ({ state }) => state?.me?.maySend.allowed === false);
    const said = ["Olga made Vic regular_user, who was visitor", "Olga made Vic visitor, who was regular_user"];
    for (const witness of [owner, vic]) expect(deeds(witness)).to.deep.equal(said);
    expect([...owner.faults, ...vic.faults]).to.deep.equal([]);
    for (const { engine } of [owner, vic]) engine.stop();
  });

  it("is offered as policy allows it, by role", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address);
    const beth = await joinAs("Beth", owner.address);
    await inside(3, owner, adam, beth);
    await owner.engine.changeStanding(uriOf(adam), "admin");
    await adam.told.until("admin", ({ state }) => state?.me?.mayModerate === true);
    await beth.told.until("told of the admin", () => deeds(beth).length === 1);
    const offered = async (by: Guest, to: Guest) => {
      const { mayGive, mayKick, standing, role } = await by.engine.moderation(uriOf(to));
      return [standing, role, mayKick, ...mayGive];
    };
    const others = ["regular_user", "visitor", "banned"];
    expect(await offered(owner, beth)).to.have.members(["none", "regular_user", true, "owner", "admin", ...others]);
    expect(await offered(adam, beth)).to.have.members(["none", "regular_user", true, "admin", ...others]);
    expect(await offered(beth, adam)).to.deep.equal(["admin", "admin", false]);
    expect(await offered(adam, owner)).to.deep.equal(["owner", "owner", false]);
    // Of two who moderate one may step down; nobody bans itself.
    expect(await offered(owner, owner)).to.have.members([
      "owner",
      "owner",
      false,
      "admin",
      "regular_user",
      "visitor",
      "none",
    ]);
    expect([adam.engine.state.me?.role, beth.engine.state.me?.mayModerate]).to.deep.equal(["admin", false]);
    for (const { engine } of [owner, adam, beth]) engine.stop();
  });

  it("is refused with the rule, and nothing is sent", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { ports: network });
    const beth = await joinAs("Beth", owner.address);
    await inside(3, owner, adam, beth);
    const sent = network.requests.length;
    const denied = async (call: Promise<unknown>, rule?: string) =>
      expect(await refusal(call)).to.include({ code: "notAllowed", ...(rule ? { rule } : {}) });
    await denied(adam.engine.kick(uriOf(beth)), "5.7/not-a-moderator");
    await denied(adam.engine.changeStanding(uriOf(beth), "banned"), "5.11/not-a-moderator");
    await denied(adam.engine.changeSettings({ moderated: true }), "5.11/not-a-moderator");
    await denied(owner.engine.changeStanding(uriOf(owner), "none"), "valid/no-moderator");
    await denied(owner.engine.kick(uriOf(owner)));
    expect(await refusal(owner.engine.kick("nonsense"))).to.include({ code: "invalidAddress" });
    await owner.engine.changeStanding(uriOf(adam), "admin");
    await adam.told.until("admin", ({ state }) => state?.me?.role === "admin");
    await denied(adam.engine.kick(uriOf(owner)), "5.7/outranked");
    await denied(adam.engine.changeStanding(uriOf(owner), "banned"), "5.11/outranked");
    await denied(adam.engine.changeStanding(uriOf(beth), "owner"), "5.11/outranked");
    await denied(adam.engine.changeSettings({ moderated: true }), "5.11/admin-membership-only");
    expect(network.requests.slice(sent).filter((path) => path.endsWith("/update"))).to.deep.equal([]);
    expect(nicknames(owner)).to.deep.equal(["Olga", "Adam", "Beth"]);
    for (const { engine } of [owner, adam, beth]) engine.stop();
  });

  it("is not taken from the last who may moderate: somebody inside keeps it", async () => {
    const owner = await makeRoom();
    const adam = await joinAs("Adam", owner.address);
    await inside(2, owner, adam);
    // Somebody who is not inside has it too.
    await owner.engine.changeStanding("mimi://elsewhere.example/u/absent", "owner");
    expect(await refusal(owner.engine.changeStanding(uriOf(owner), "none"))).to.include({
      code: "notAllowed",
      rule: "5.11/no-moderator-inside",
    });
    await owner.engine.changeStanding(uriOf(adam), "owner");
    await owner.engine.changeStanding(uriOf(owner), "none");
    expect([owner.engine.state.me?.role, adam.engine.state.me?.role]).to.deep.equal(["regular_user", "owner"]);
    for (const { engine } of [owner, adam]) engine.stop();
  });
});
