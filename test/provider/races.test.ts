import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { viewGroup } from "../../src/mls/group.js";
import { ApiMember, bodyOf } from "../support/api-member.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { assertRefused } from "../support/refusals.js";

describe("requests that race", () => {
  let app: TestApp;
  let rooms = 0;
  before(async () => {
    app = await openTestApp();
  });
  after(() => app.close());

  it("let a join and the end of the group not both happen", async () => {
    const alice = await creator();
    const bob = await member("Bob");
    const { own } = await bob.stageJoin(alice.room);
    const [closed, joined] = await Promise.all([
      alice.close(),
      bob.guest.request("POST", `${alice.path}/update`, bodyOf(own)),
    ]);
    if (closed.status === 204) {
      await assertRefused(joined, 409, "noGroup");
    } else {
      await assertRefused(closed, 403, "notAllowed");
      assert.equal(joined.status, 200);
    }
  });

  it("let exactly one of several new groups begin, and all join that", async () => {
    const alice = await creator();
    const policy = viewGroup(alice.joined()).roomPolicy;
    assert.equal((await alice.close()).status, 204);
    const others = await Promise.all(["Bob", "Carol", "Dave"].map(member));
    for (const other of others) other.room = alice.room;
    const answers = await Promise.all(others.map((other) => other.startGroup(policy)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409]);
    for (const [index, other] of others.entries()) if (answers[index]?.status === 409) await other.join(alice.room);
    for (const other of others) await other.catchUp();
    assert.deepEqual(
      others.map((other) => other.joined().epoch),
      [2n, 2n, 2n],
    );
  });

  it("close a group once, however often it is asked", async () => {
    const alice = await creator();
    const answers = await Promise.all([alice.close(), alice.close(), alice.close()]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [204, 204, 204],
    );
  });

  it("let no message of an earlier group into a new one", async () => {
    const alice = await creator();
    const policy = viewGroup(alice.joined()).roomPolicy;
    const late = await alice.messageBody("late");
    await alice.close();
    assert.equal((await alice.startGroup(policy)).status, 201);
    await assertRefused(await alice.submit(late), 409, "epochTooOld");
    assert.equal((await alice.say("in time")).status, 200);
  });

  it("give one cursor to a message that is sent ten times at once", async () => {
    const alice = await creator();
    const body = await alice.messageBody("once");
    const answers = await Promise.all(Array.from({ length: 10 }, () => alice.submit(body)));
    const cursors = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { cursor: number }).cursor),
    );
    assert.deepEqual([...new Set(cursors)], [1]);
  });

  it("let a room begin anew under the name of one that is gone while somebody still reads that", async () => {
    const alice = await member("Alice");
    const temporary = () => alice.createRoom("again", (policy) => ({ ...policy, persistentRoom: false }));
    await temporary();
    await alice.say("first");
    await follow(alice, () => new Promise(() => undefined));
    await alice.say("second");
    assert.equal((await alice.close()).status, 204);
    await temporary();
    const frames = await follow(alice, async () => undefined);
    await alice.say("anew");
    assert.equal(frames.length, 1);
  });

  /** The events that Alice's stream is sent, on a connection that hands over what was sent as `flushed` says. */
  async function follow(alice: ApiMember, flushed: () => Promise<void>): Promise<readonly Uint8Array[]> {
    const frames: Uint8Array[] = [];
    const stream = app.openEventStream(
      {
        send: (data) => void (typeof data === "string" || frames.push(data)),
        flushed,
        backlog: 0,
        close: () => undefined,
        cut: () => undefined,
        ping: () => undefined,
      },
      undefined,
    );
    stream?.received(
      JSON.stringify({ type: "authenticate", token: alice.guest.token, rooms: [{ room: alice.room, after: 0 }] }),
    );
    // an answer to somebody else means that the provider has had its turn
    await member("Bob");
    return frames;
  }

  async function member(nickname: string): Promise<ApiMember> {
    return await ApiMember.register(app.url, nickname, app.fetch);
  }

  async function creator(): Promise<ApiMember> {
    const alice = await member("Alice");
    rooms += 1;
    await alice.createRoom(`race-${rooms}`);
    return alice;
  }
});
