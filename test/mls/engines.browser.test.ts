import { expect } from "@open-wc/testing";
import { toHex, utf8 } from "../../src/codec/bytes.js";
import { stageCommit } from "../../src/mls/commit.js";
import { epochAuthenticator } from "../../src/mls/group.js";
import { makeGroupInfo } from "../../src/mls/group-info.js";
import { protectMessage } from "../../src/mls/protect.js";
import { openPublicGroup, stagePublic } from "../../src/mls/public-group.js";
import { stage } from "../../src/mls/stage.js";
import { decodeGroup, encodeGroup } from "../../src/mls/stored-group.js";
import { deliver, join, makeClient, makeSeats, seatAt } from "../support/mls-builders.js";

describe("MLS in a browser", () => {
  it("joins, commits, removes and talks with the browser's own Ed25519, X25519 and AES-GCM", async () => {
    let seats = await makeSeats(["alice", "bob", "carol", "dave"]);
    const alice = seatAt(seats, 0);
    const bundle = await makeGroupInfo(alice.crypto, alice.group);
    const erin = await join(await makeClient("erin"), bundle);
    const hub = await stagePublic(alice.crypto, await openPublicGroup(alice.crypto, bundle), erin.commit, [], erin);
    expect(hub.kind).to.equal("commit");
    seats = [...(await deliver(seats, erin.commit)), erin.seat];
    const bob = seatAt(seats, 1);
    const proposals = [{ kind: "remove", removed: 2 }] as const;
    const done = await stageCommit(bob.crypto, bob.group, { proposals, references: [] });
    const others = await deliver(
      [0, 3, 4].map((index) => seatAt(seats, index)),
      done.commit,
    );
    const sent = await protectMessage(bob.crypto, decodeGroup(encodeGroup(done.next)), utf8("hello"));
    for (const seat of others) {
      expect(toHex(epochAuthenticator(seat.group))).to.equal(toHex(epochAuthenticator(done.next)));
      const heard = await stage(seat.crypto, seat.group, sent.message, []);
      expect(heard.kind === "application" && heard.sender.nickname).to.equal("bob");
    }
  });
});
