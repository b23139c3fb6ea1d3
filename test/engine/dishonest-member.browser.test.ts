import { expect } from "@open-wc/testing";
import { applyChange, EMPTY } from "../../src/engine/memory.js";
import { refusedEvent, withForbidden } from "../../src/engine/receive/refused-event.js";
import { stageCommit } from "../../src/mls/commit.js";
import { MlsError } from "../../src/mls/mls-error.js";
import { propose } from "../../src/mls/propose.js";
import { type Attempt, committing, joinAttempt, leaving, reinitialising } from "../support/dishonest/attempts.js";
import { listing } from "../support/dishonest/dishonest-room.js";
import { named, withPolicy } from "../support/dishonest/forbidden-changes.js";
import { LenientRoom, type LenientRoomOptions, refusedLines } from "../support/dishonest/lenient-room.js";
import { bot } from "../support/dishonest/settings.js";
import { say } from "../support/engine-world.js";
import { type KillableProvider, startKillableProvider } from "../support/killable-provider.js";

/** Commits that policy forbids: the rule, what is tried, in which room. */
const COMMITS: readonly (readonly [
  rule: string,
  what: string,
  make: (room: LenientRoom) => Promise<Attempt>,
  options?: LenientRoomOptions,
])[] = [
  [
    "5.4/banned",
    "joins though banned",
    ({ mallory, olga }) => joinAttempt(olga, mallory),
    { outside: true, policy: (open, mallory) => listing(open, "banned", mallory) },
  ],
  ["5.7/not-a-moderator", "removes one of them", ({ mallory }) => committing(mallory, [removalOfBeth(mallory)])],
  [
    "5.11/not-a-moderator",
    "calls the room hers",
    ({ mallory }) => committing(mallory, [withPolicy(mallory, named("Mine"))]),
  ],
  ["5.12/reinit", "begins the group anew elsewhere", ({ mallory }) => reinitialising(mallory)],
  [
    "valid/knock",
    "gives the room a policy that none may have",
    ({ mallory }) => committing(mallory, [withPolicy(mallory, (policy) => ({ ...policy, knockAllowed: true }))]),
    { policy: (open, mallory) => listing(open, "owner", mallory) },
  ],
];

describe("Behind a hub that lets everything pass, honest clients", function () {
  this.timeout(60_000);
  let provider: KillableProvider;
  let room: LenientRoom | undefined;
  async function open(options?: LenientRoomOptions): Promise<LenientRoom> {
    room = await LenientRoom.open(provider, options);
    return room;
  }
  before(async () => {
    provider = await startKillableProvider("lenient");
  });
  afterEach(() => room?.close());
  after(() => provider.dispose());

  for (const [rule, what, make, options] of COMMITS) {
    it(`refuse by ${rule} that Mallory ${what}, say so, have it taken back and go on`, async () => {
      const room = await open(options);
      const before = await room.groups();
      const { status } = await (await make(room)).offer();
      expect(status).to.equal(200);
      await room.areTold(["commit", rule]);
      await room.goesOn();
      expect(await room.groups()).to.deep.equal(before);
      for (const { engine } of room.honest) expect(engine.state.problem).to.equal(undefined);
    });
  }

  it("do not show what somebody says without voice, and say so once", async () => {
    const room = await open({
      policy: (open, mallory) => ({ ...open, allowedBots: [bot(mallory, { canWrite: false })] }),
    });
    for (const text of ["forbidden", "words"]) expect((await room.mallory.say(text)).status).to.equal(200);
    await room.goesOn();
    await room.areTold(["message", "5.10/no-voice"]);
  });

  it("do not let the last owner leave, say so, and go on", async () => {
    const room = await open({
      policy: (open, mallory) => ({ ...open, preAuthList: listing(open, "owner", mallory).preAuthList }),
    });
    const { mallory, olga } = room;
    const closed = withPolicy(mallory, (policy) => ({
      ...policy,
      membershipStyle: "members_only",
      preAuthList: policy.preAuthList.map((list) =>
        list.targetRole === "owner" ? { ...list, preauthUser: [mallory.guest.userUri] } : list,
      ),
    }));
    expect((await mallory.commit([closed])).status).to.equal(200);
    await room.catchUp();
    for (const { told } of room.honest) {
      await told.until("members only", ({ state }) =>
        Boolean(state?.preview?.facts.some(({ kind }) => kind === "membersOnly")),
      );
    }
    expect(olga.joined().epoch).to.equal(mallory.joined().epoch);
    const { status } = await (await leaving(mallory)).offer();
    expect(status).to.equal(200);
    await room.areTold(["proposal", "5.8/last-moderator"]);
    await room.goesOn();
  });

  it("refuse what carries a proposal that they refused, and do not follow it as if they had come too late", async () => {
    const room = await open({ insists: true });
    const { mallory } = room;
    const { crypto } = mallory.guest;
    const before = await room.groups();
    const proposal = await propose(crypto, mallory.joined(), removalOfBeth(mallory));
    const { commit } = await stageCommit(crypto, mallory.joined(), { proposals: [], references: [proposal] });
    await room.shows([() => mallory.say("in its place"), proposal]);
    await room.areTold(["proposal", "5.7/not-a-moderator"]);
    await room.reloadAdam();
    await room.goesOn();
    await room.shows([() => mallory.commit(), commit]);
    await room.areTold(["proposal", "5.7/not-a-moderator"], ["commit", "5.7/not-a-moderator"]);
    for (const { told } of room.honest) await told.until("asked", ({ state }) => state?.problem?.code === "outOfSync");
    expect(await room.groups()).to.deep.equal(before);
  });

  it("take a commit of what they do not know for forbidden, where more was forbidden than they keep", () => {
    const unknown = new MlsError("unknownProposal", "of another");
    let memory = EMPTY;
    for (let n = 0; n < 100; n++) {
      const { code, stands } = refusedEvent("ab", unknown, memory);
      expect([code, stands]).to.deep.equal(n < 64 ? ["unknownProposal", true] : ["policy", undefined]);
      // A log that is read again brings it twice.
      for (let times = 0; times < 2; times++) {
        memory = applyChange(memory, withForbidden(memory, { message: Uint8Array.of(n) }));
      }
    }
    expect(memory.forbidden).to.have.lengthOf(64);
  });

  it("keep what they have read, and send nothing into an epoch that the hub insists on", async () => {
    const room = await open({ insists: true });
    const { mallory, olga, honest } = room;
    const [adam] = honest;
    await room.goesOn();
    await room.catchUp();
    const before = await room.groups();
    const texts = adam.told.texts;
    for (const { network } of honest) network.requests.splice(0);
    const own = await mallory.stageUpdate([withPolicy(mallory, named("Mine"))]);
    expect((await mallory.offer(own)).status).to.equal(200);
    mallory.accepted(own);
    await room.areTold(["commit", "5.11/not-a-moderator"]);
    for (const { told } of honest) {
      await told.until("asked", ({ state }) => state?.problem?.code === "outOfSync");
      expect(told.state?.problem?.rule).to.equal("5.11/not-a-moderator");
    }
    await room.catchUp();
    expect((await olga.say("in the forged epoch")).status).to.equal(200);
    await say(adam, "waits");
    const renamed = await adam.engine.rename("Ours").catch((error: unknown) => error);
    expect(renamed).to.have.nested.property("problem.code", "outOfSync");
    for (const { network, engine, told } of honest) {
      const sent = network.requests.filter((path) => !path.endsWith("/refuseEvent"));
      expect(sent.filter((path) => /\/(submitMessage|update|groupInfo)$/u.test(path))).to.deep.equal([]);
      expect(engine.state.preview?.name).not.to.equal("Mine");
      expect(refusedLines(told)).to.have.lengthOf(1);
    }
    const kept = await adam.engine.older(Number.MAX_SAFE_INTEGER, 50);
    expect(kept.flatMap(({ content }) => (content.kind === "text" ? [content.text] : []))).to.deep.equal([
      ...texts,
      "waits",
    ]);
    expect(await room.groups()).to.deep.equal(before);
  });
});

/** Beth stands after Olga and Adam. */
function removalOfBeth(mallory: LenientRoom["mallory"]) {
  const beth = mallory.joined().ownLeafIndex - 1;
  return { kind: "remove", removed: beth } as const;
}
