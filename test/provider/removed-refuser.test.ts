import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type StagedOwnCommit, stageCommit } from "../../src/mls/commit.js";
import type { ApiMember } from "../support/api-member.js";
import { AppStream } from "../support/app-stream.js";
import { postRefusal, refusalBody, refuse } from "../support/event-refusals.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { provisionalCursors, roomOf } from "../support/provisional-room.js";
import { assertRefused } from "../support/refusals.js";

describe("Who is removed", () => {
  let app: TestApp;
  before(async () => {
    app = await openTestApp({ rates: { updatesPerClient: { points: 1000, seconds: 1 } } });
  });
  after(async () => await app.close());

  it("does not undo its removal by refusing an older commit of who removed it", async () => {
    const [alice, mallory] = (await roomOf(app, "Alice", "Mallory")) as [ApiMember, ApiMember];
    const older = await update(alice);
    await remove(alice, mallory);
    assert.equal((await provisionalCursors(app, alice)).length, 1);
    const answer = await postRefusal(mallory, await refusalBody(mallory, older));
    const { rule } = await assertRefused(answer, 403, "notAllowed");
    assert.equal(rule, "hub/no-say");
    assert.equal((await alice.say("she is gone")).status, 200);
    await assertRefused(await mallory.say("back"), 403, "notSeated");
  });

  it("does not undo it by a refusal that waits for its outcome", async () => {
    const [alice, mallory, second] = (await roomOf(app, "Alice", "Mallory", "Second")) as [
      ApiMember,
      ApiMember,
      ApiMember,
    ];
    const silent = await AppStream.follow(app, second);
    const older = await update(alice);
    const body = await refusalBody(mallory, older);
    const waiting = postRefusal(mallory, body);
    await until(() => app.lines.some(({ msg, room }) => msg === "event refused" && room === alice.room));
    await remove(alice, mallory, second);
    await assertRefused(await waiting, 403, "notSeated");
    app.pass(3000);
    assert.equal((await alice.say("they are gone")).status, 200);
    await assertRefused(await mallory.say("back"), 403, "notSeated");
    silent.hangUp();
  });

  it("leaves others their refusal", async () => {
    const [alice, mallory, bob] = (await roomOf(app, "Alice", "Mallory", "Bob")) as [ApiMember, ApiMember, ApiMember];
    const streams = await Promise.all([mallory, bob].map((each) => AppStream.follow(app, each)));
    const older = await update(alice);
    const waiting = refuse(bob, older);
    await until(() => app.lines.some(({ msg, room }) => msg === "event refused" && room === alice.room));
    await remove(alice, mallory);
    app.pass(3000);
    assert.equal(await waiting, "rolledBack");
    for (const stream of streams) stream.hangUp();
  });

  /** A commit that nobody says a word about. */
  async function update(who: ApiMember): Promise<Uint8Array> {
    return await offer(who, await who.stageUpdate());
  }

  async function remove(who: ApiMember, ...gone: readonly ApiMember[]): Promise<void> {
    const proposals = gone.map((each) => ({ kind: "remove", removed: each.joined().ownLeafIndex }) as const);
    await offer(who, await stageCommit(who.guest.crypto, who.joined(), { proposals, references: [] }));
  }

  async function offer(who: ApiMember, staged: StagedOwnCommit): Promise<Uint8Array> {
    assert.equal((await who.offer(staged)).status, 200);
    who.accepted(staged);
    await who.catchUp();
    return staged.commit;
  }
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
