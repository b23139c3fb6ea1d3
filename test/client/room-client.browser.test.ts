import { expect } from "@open-wc/testing";
import { RoomClient } from "../../src/client/room-client.js";
import { joinAs, providerUrl, say } from "../support/engine-world.js";

describe("RoomClient", () => {
  it("makes a room in a worker, talks, and shows a second tab the same", async () => {
    const provider = await providerUrl();
    const newRoom = { provider, name: "Client", preset: "event", nickname: "Olga", origins: [] } as const;
    const { client, room } = await RoomClient.createRoom(newRoom);
    expect(client.state.phase).to.equal("joined");
    expect(client.state.me?.recoverable).to.equal(true);
    const guest = await joinAs("Adam", { provider, room });
    await say(guest, "hello");
    await arrives(client, "hello");
    await client.send({ text: "**welcome**", format: "markdown" });
    await guest.told.until("heard", ({ texts }) => texts.includes("**welcome**"));
    await arrives(client, "**welcome**");

    const tab = new RoomClient();
    const state = await tab.connect({ provider, room });
    expect(state.phase).to.equal("joined");
    expect(texts(tab)).to.deep.equal(["hello", "**welcome**"]);
    await tab.send({ text: "from the other tab", format: "plain" });
    await arrives(client, "from the other tab");
    await arrives(tab, "from the other tab");
    expect(client.entries.map(({ id }) => id)).to.deep.equal(tab.entries.map(({ id }) => id));
    client.close();
    tab.close();
    guest.engine.stop();
  });

  it("tells nothing as news that was said before, neither on opening nor when its tab takes the lead", async () => {
    const provider = await providerUrl();
    const newRoom = { provider, name: "News", preset: "event", nickname: "Olga", origins: [] } as const;
    const { client, room } = await RoomClient.createRoom(newRoom);
    const said = Array.from({ length: 60 }, (_, n) => `line ${n}`);
    for (const text of said) await client.send({ text, format: "plain" });
    await arrives(client, "line 59");

    const tab = new RoomClient();
    const news: string[] = [];
    tab.addEventListener("mimi-timeline", ({ changed, cause }) => {
      if (cause === "live") news.push(...changed.map(({ id }) => id));
    });
    await tab.connect({ provider, room });
    client.close();
    // It leads when the other has gone.
    const id = await tab.send({ text: "news", format: "plain" });
    await arrives(tab, "news");
    expect(new Set(news)).to.deep.equal(new Set([id]));

    tab.close();
    const reloaded = new RoomClient();
    const causes: string[] = [];
    reloaded.addEventListener("mimi-timeline", ({ cause }) => causes.push(cause));
    await reloaded.connect({ provider, room });
    expect(new Set(causes)).to.deep.equal(new Set(["history"]));
    reloaded.close();
  });

  it("gives a recovery kit, with which another browser joins as the same user", async () => {
    const provider = await providerUrl();
    const newRoom = { provider, name: "Kit", preset: "announcement", nickname: "Olga", origins: [] } as const;
    const { client, room } = await RoomClient.createRoom(newRoom);
    const user = client.state.me?.userUri;
    const kit = await client.recoveryKit("correct horse battery");
    expect(kit).not.to.contain("Olga");
    await client.leave();
    expect(client.state.phase).to.equal("left");

    const wrong = await client.restore(kit, "wrong horse").catch((error: unknown) => error);
    expect(wrong).to.have.nested.property("problem.code", "invalidKit");
    await client.restore(kit, "correct horse battery");
    await client.join("Olga again");
    expect(client.state.me?.userUri).to.equal(user);
    expect(client.state.me?.role).to.equal("owner");

    const visitor = await joinAs("Vic", { provider, room });
    expect(visitor.engine.state.me?.maySend.allowed).to.equal(false);
    client.close();
    visitor.engine.stop();
  });

  it("tells what is wrong by states: a room that is not there, a provider that is not there", async () => {
    const provider = await providerUrl();
    const domain = new URL(provider).host;
    const nowhere = new RoomClient();
    const state = await nowhere.connect({ provider, room: `mimi://${domain}/r/nowhere` });
    expect([state.phase, state.problem?.code]).to.deep.equal(["failed", "noSuchRoom"]);
    nowhere.close();

    const silent = new RoomClient();
    const unreachable = await silent.connect({ provider: "http://localhost:9", room: "mimi://localhost:9/r/any" });
    expect([unreachable.phase, unreachable.connection, unreachable.problem?.code]).to.deep.equal([
      "failed",
      "offline",
      "unreachable",
    ]);
    expect(unreachable.problem?.retry).to.equal(true);
    silent.close();

    const nonsense = new RoomClient();
    const invalid = await nonsense.connect({ provider, room: "nonsense" });
    expect([invalid.phase, invalid.problem?.code]).to.deep.equal(["failed", "invalidAddress"]);
    nonsense.close();
  });

  it("names a worker that cannot start", async () => {
    const client = new RoomClient();
    const state = await client.connect({
      provider: "https://p.example",
      room: "mimi://p.example/r/x",
      workerSrc: "/nowhere.js",
    });
    expect([state.phase, state.problem?.code]).to.deep.equal(["failed", "workerBlocked"]);
    expect(state.problem?.detail).to.contain("worker-src");
    client.close();
  });
});

function texts(client: RoomClient): string[] {
  return client.entries.flatMap(({ content }) => (content.kind === "text" ? [content.text] : []));
}

function arrives(client: RoomClient, text: string): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      const found = client.entries.find(({ content }) => content.kind === "text" && content.text === text);
      if (found?.status !== "sent") return;
      client.removeEventListener("mimi-timeline", check);
      resolve();
    };
    client.addEventListener("mimi-timeline", check);
    check();
  });
}
