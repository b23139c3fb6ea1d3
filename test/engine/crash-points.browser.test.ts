import { expect } from "@open-wc/testing";
import type { EnginePorts } from "../../src/engine/ports.js";
import { takeSeatDatabase } from "../../src/storage/seat-database.js";
import { network } from "../../src/transport/network.js";
import { type Guest, makeRoom, startEngine } from "../support/engine-world.js";

/** Calls of each port until the message is acknowledged: joining and sending make no more. */
const MOST_CALLS = 10;

/** The world stops at a call, before or after it had its effect: nothing of this engine happens any more. */
interface CrashPoint {
  readonly port: "storage" | "http";
  readonly call: number;
  readonly when: "before" | "after";
}

const points = (["storage", "http"] as const).flatMap((port) =>
  (["before", "after"] as const).map((when) => ({ port, when })),
);

describe("An engine that dies", () => {
  for (const { port, when } of points) {
    it(`${when} any call of ${port}, while it joins and sends, has one seat and says it once when it is back`, async function () {
      this.timeout(60_000);
      const owner = await makeRoom();
      let died = true;
      for (let call = 1; call <= MOST_CALLS && died; call++) {
        died = await liveTwice(owner, { port, when, call });
      }
      expect(died, "more calls than are tried").to.equal(false);
      owner.engine.stop();
    });
  }
});

/** Joins and sends with a death at `point`, then again. Whether it came to the death. */
async function liveTwice(owner: Guest, point: CrashPoint): Promise<boolean> {
  const browser = `dies-${point.port}-${point.when}-${point.call}`;
  const nickname = browser;
  const draft = { text: browser, format: "plain", salt: "AAAAAAAAAAAAAAAAAAAAAA" } as const;

  const died = await new Promise<boolean>((resolve) => {
    const { ports, armed } = crashing(point, () => resolve(true));
    startEngine(owner.address, { browser, ports })
      .then(async (guest) => {
        armed(guest);
        await guest.engine.open();
        await guest.engine.join(nickname);
        await guest.engine.send(draft);
        await guest.told.until("it is sent", ({ timeline }) =>
          timeline.some(({ content, status }) => content.kind === "text" && status === "sent"),
        );
        guest.engine.stop();
        resolve(false);
      })
      // What a dying engine says on its way is of no interest.
      .catch(() => undefined);
  });

  const again = await startEngine(owner.address, { browser });
  await again.engine.open();
  await again.told.until("it knows where it is", ({ state }) => state?.phase !== "joining");
  if (again.engine.state.phase !== "joined") await again.engine.join(nickname);
  // The page does not know whether its call was heard: it repeats it.
  const id = await again.engine.send(draft);
  const sent = async () =>
    (await again.engine.older(Number.MAX_SAFE_INTEGER, 50)).some((entry) => entry.id === id && entry.status === "sent");
  if (!(await sent())) {
    await again.told.until("it is sent", ({ timeline }) =>
      timeline.some((entry) => entry.id === id && entry.status === "sent"),
    );
  }
  await owner.told.until("it is heard", ({ texts }) => texts.includes(draft.text));
  expect(
    owner.told.texts.filter((text) => text === draft.text),
    JSON.stringify(point),
  ).to.have.lengthOf(1);
  const seats = owner.engine.state.occupants.filter((occupant) => occupant.nickname === nickname);
  expect(
    seats.map(({ clients }) => clients),
    JSON.stringify(point),
  ).to.deep.equal([1]);
  expect(again.faults, JSON.stringify(point)).to.deep.equal([]);
  again.engine.stop();
  return died;
}

function crashing(point: CrashPoint, dead: () => void) {
  let guest: Guest | undefined;
  let calls = 0;
  const call = async <T>(port: CrashPoint["port"], work: () => Promise<T>): Promise<T> => {
    const fatal = port === point.port && guest !== undefined && ++calls === point.call;
    if (fatal && point.when === "before") return die();
    const result = await work();
    return fatal ? die() : result;
  };
  const die = (): never => {
    guest?.engine.stop();
    dead();
    throw new Error("dead");
  };
  const ports: Partial<EnginePorts> = {
    fetch: (url, init) => call("http", () => network.fetch(url, init)),
    async takeSeat(name) {
      const database = await takeSeatDatabase(name);
      return { ...database, commitStep: (step) => call("storage", () => database.commitStep(step)) };
    },
  };
  const armed = (started: Guest): void => {
    guest = started;
  };
  return { ports, armed };
}
