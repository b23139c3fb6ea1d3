import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ApiMember } from "../support/api-member.js";
import { AppStream } from "../support/app-stream.js";
import { refuse } from "../support/event-refusals.js";
import { openTestApp } from "../support/provider-app.js";
import { commitForged, roomOf } from "../support/provisional-room.js";

describe("A commit that is refused and not decided", () => {
  it("does not come to stand because strangers pile commits on it", async () => {
    const app = await openTestApp({ limits: { provisionalEvents: 3 } });
    const [alice, bob, carol] = await roomOf(app, "Alice", "Bob", "Carol");
    assert.ok(alice && bob && carol);
    // she is silent, so that it is not decided at once
    const stream = await AppStream.follow(app, carol);
    const { commit } = await commitForged(alice);
    const waiting = refuse(bob, commit);
    while (!app.lines.some(({ msg }) => msg === "event refused")) await new Promise(setImmediate);
    for (let n = 0; n < 4; n++) {
      const stranger = await ApiMember.register(app.url, `Stranger ${n}`, app.fetch);
      const { own } = await stranger.stageJoin(alice.room);
      await stranger.offer(own);
    }
    app.pass(3000);
    assert.equal(await waiting, "rolledBack");
    stream.hangUp();
    await app.close();
  });
});
