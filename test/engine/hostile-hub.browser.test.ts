import { expect } from "@open-wc/testing";
import { openDB } from "idb";
import { fromBase64Url, toBase64Url } from "../../src/codec/bytes.js";
import { roomEvent } from "../../src/codec/hub-messages.js";
import { roomPolicy } from "../../src/codec/room-policy.js";
import { decode, encode } from "../../src/codec/tls.js";
import { network as real } from "../../src/transport/network.js";
import type { Fetch } from "../../src/transport/ports.js";
import { Network } from "../support/engine-network.js";
import { joinAs, makeRoom, say, startEngine } from "../support/engine-world.js";

/** A network on which JSON answers of a path that ends so are what `change` makes of them. */
function answering(path: string, change: (json: Record<string, unknown>) => Record<string, unknown>): Fetch {
  return async (url, init) => {
    const answer = await real.fetch(url, init);
    if (!new URL(url).pathname.endsWith(path) || !answer.ok) return answer;
    return Response.json(change((await answer.json()) as Record<string, unknown>), { status: answer.status });
  };
}

describe("A hub that lies", () => {
  it("cannot show one policy and lead into another", async () => {
    const owner = await makeRoom();
    let lying = true;
    const unmoderated = answering(owner.address.room.split("/").at(-1) ?? "", (json) => {
      if (!lying) return json;
      const policy = decode(roomPolicy, fromBase64Url(String(json.policy)));
      const loggingPolicy = { ...policy.loggingPolicy, enabled: true };
      return { ...json, policy: toBase64Url(encode(roomPolicy, { ...policy, loggingPolicy })) };
    });
    const guest = await startEngine(owner.address, { ports: { fetch: unmoderated } });
    const { preview } = await guest.engine.open();
    expect(preview?.facts.map(({ kind }) => kind)).to.include("logged");
    const refused = await guest.engine.join("Adam").catch((error: unknown) => error);
    expect(refused).to.have.nested.property("problem.code", "policyChanged");
    expect(guest.engine.state).to.have.nested.property("problem.retry", true);
    expect(owner.engine.state.occupants).to.have.lengthOf(1);

    lying = false;
    await guest.engine.reconnect();
    expect(guest.engine.state.phase).to.equal("preview");
    expect(guest.engine.state.preview?.facts.map(({ kind }) => kind)).to.include("notLogged");
    await guest.engine.join("Adam");
    expect(guest.engine.state.phase).to.equal("joined");
    owner.engine.stop();
    guest.engine.stop();
  });

  it("cannot name another host, or absurd numbers, in a preview", async () => {
    const owner = await makeRoom({ name: "Honest" });
    const path = owner.address.room.split("/").at(-1) ?? "";
    const renaming = answering(path, (json) => ({ ...json, host: "bank.example", name: "Another" }));
    const guest = await startEngine(owner.address, { ports: { fetch: renaming } });
    const { preview } = await guest.engine.open();
    expect([preview?.name, preview?.host]).to.deep.equal(["Honest", new URL(owner.address.provider).host]);
    for (const occupantCount of [-1, 1.5, 1e300]) {
      const counting = answering(path, (json) => ({ ...json, occupantCount }));
      const other = await startEngine(owner.address, { ports: { fetch: counting } });
      expect((await other.engine.open()).problem?.code).to.equal("unreachable");
      other.engine.stop();
    }
    owner.engine.stop();
    guest.engine.stop();
  });

  it("cannot date a message so that no page can draw it", async () => {
    const owner = await makeRoom();
    const network = new Network();
    const adam = await joinAs("Adam", owner.address, { ports: network });
    await adam.told.until("online", ({ state }) => state?.connection === "online");
    network.tamperEvents((event) => [encode(roomEvent, { ...event, timestamp: 2n ** 63n })]);
    await say(owner, "from the far future");
    await adam.told.until("heard", ({ texts }) => texts.length === 1);
    for (const { time } of adam.told.timeline) expect(new Date(time).toISOString()).to.be.a("string");
    owner.engine.stop();
    adam.engine.stop();
  });

  it("cannot send a client elsewhere", async () => {
    const owner = await makeRoom();
    const redirects = new Set<unknown>();
    const watching: Fetch = (url, init) => {
      redirects.add(init.redirect);
      return real.fetch(url, init);
    };
    const guest = await joinAs("Adam", owner.address, { ports: { fetch: watching } });
    expect([...redirects]).to.deep.equal(["error"]);
    owner.engine.stop();
    guest.engine.stop();
  });

  it("is asked again for events that it refused, when somebody wants them", async () => {
    const owner = await makeRoom();
    let refusing = true;
    const adam = await joinAs("Adam", owner.address, {
      ports: {
        openSocket: (url, events) =>
          real.openSocket(url, {
            ...events,
            text: (frame) =>
              events.text(refusing ? JSON.stringify({ type: "error", code: "originNotAllowed", message: "" }) : frame),
          }),
      },
    });
    await adam.told.until("refused", ({ state }) => state?.problem?.code === "originNotAllowed");
    refusing = false;
    await adam.engine.reconnect();
    await say(owner, "there you are");
    await adam.told.until("heard", ({ texts }) => texts.includes("there you are"));
    expect(adam.engine.state.problem).to.equal(undefined);
    owner.engine.stop();
    adam.engine.stop();
  });

  it("that refuses what was taken back meanwhile leaves nothing of it in the outbox", async () => {
    const owner = await makeRoom();
    let answer = () => {};
    const refusing: Fetch = async (url, init) => {
      if (!url.endsWith("/submitMessage")) return real.fetch(url, init);
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return Response.json({ code: "tooLarge", message: "" }, { status: 413 });
    };
    const adam = await joinAs("Adam", owner.address, { browser: "takes back", ports: { fetch: refusing } });
    const id = await say(adam, "oops");
    await adam.told.until("on its way", ({ timeline }) => timeline.at(-1)?.status === "sending");
    await adam.engine.discard(id);
    answer();
    const next = await say(adam, "next");
    await adam.told.until(
      "it was refused, and the next is on its way",
      ({ timeline }) => timeline.at(-1)?.id === next && timeline.at(-1)?.status === "sending",
    );
    adam.engine.stop();
    const database = await openDB(adam.name);
    expect(await database.getAllKeys("outbox")).to.deep.equal([next]);
    database.close();
    const again = await startEngine(owner.address, { browser: "takes back" });
    await again.engine.open();
    await owner.told.until("the next arrives", ({ texts }) => texts.includes("next"));
    expect(owner.told.texts).to.deep.equal(["next"]);
    owner.engine.stop();
    again.engine.stop();
  });
});
