import fc from "fast-check";
import type { Engine } from "../../../src/engine/engine.js";
import type { Standing } from "../../../src/worker/organiser-api.js";
import type { RealRoom } from "./real-room.js";
import type { RoomModel, Rules } from "./room-model.js";

/** The devices of the cast, and whose they are. */
const CAST = {
  "Olga's": "Olga",
  "Adam's phone": "Adam",
  "Adam's laptop": "Adam",
  "Beth's": "Beth",
  "Cleo's": "Cleo",
} as const;

/** Who makes the room. */
export const OWNER = { device: "Olga's", user: "Olga" } as const;

type Device = keyof typeof CAST;
const DEVICES = Object.keys(CAST) as Device[];
const STANDINGS: readonly Standing[] = ["owner", "admin", "regular_user", "visitor", "banned", "none"];

type Act = fc.AsyncCommand<RoomModel, RealRoom>;
/** Numbers, of which devices, users and standings are made when it is known who is in. */
type Wish = readonly [by: number, whom: number, what: number];
/** What is done to the room, and its name. */
interface Deed {
  readonly title: string;
  act(real: RealRoom): Promise<void>;
}

/** One act; left out where there is nobody to do it, or nothing to do. */
class RoomAct implements Act {
  readonly #deed: (model: RoomModel, wish: Wish) => Deed | undefined;
  readonly #wish: Wish;
  #title = "";

  constructor(deed: (model: RoomModel, wish: Wish) => Deed | undefined, wish: Wish) {
    this.#deed = deed;
    this.#wish = wish;
  }

  check(model: RoomModel): boolean {
    return this.#deed(model, this.#wish) !== undefined;
  }

  async run(model: RoomModel, real: RealRoom): Promise<void> {
    const deed = this.#deed(model, this.#wish);
    this.#title = deed?.title ?? "";
    await deed?.act(real);
    await real.agrees(model);
  }

  toString(): string {
    return this.#title;
  }
}

function picked<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(1, list.length)];
}

/** A device that is inside, and its user. */
function somebody(model: RoomModel, number: number) {
  const [device = "", user = ""] = picked([...model.inside], number) ?? [];
  return { device, user };
}

function joins(model: RoomModel, [by]: Wish): Deed | undefined {
  const outside = DEVICES.filter((each) => !model.inside.has(each));
  const device = picked(outside, by);
  if (device === undefined) return undefined;
  const user = CAST[device];
  const allowed = model.mayJoin(user);
  return {
    title: `${device} joins`,
    async act(real) {
      if ((await real.join(device, user)) !== allowed)
        throw new Error(`${device} is ${allowed ? "not let" : "let"} in`);
      if (allowed) model.enter(device, user);
    },
  };
}

function leaves(model: RoomModel, [by]: Wish): Deed | undefined {
  const { device } = somebody(model, by);
  if (model.inside.size === 1) return undefined;
  const allowed = model.mayLeave(device);
  return {
    title: `${device} leaves`,
    async act(real) {
      await real.attempt(allowed, () => real.guest(device).engine.leave());
      if (allowed) model.inside.delete(device);
    },
  };
}

function speaks(model: RoomModel, [by]: Wish): Deed {
  const { device, user } = somebody(model, by);
  return {
    title: `${device} speaks`,
    act: (real) => real.say(device, model.maySpeak(user), [...model.inside.keys()]),
  };
}

/** A change of the rules, by the engine's call for it. */
function rules(
  title: string,
  change: (rules: Rules, what: number) => Partial<Rules>,
  call: (engine: Engine, rules: Rules) => Promise<void>,
) {
  return (model: RoomModel, [by, , what]: Wish): Deed | undefined => {
    const { device, user } = somebody(model, by);
    const changed = { ...model.rules, ...change(model.rules, what) };
    // Two devices of one user are not parted here, and what a lockdown rests on is not changed under it.
    const isPaired = new Set(model.inside.values()).size < model.inside.size;
    const isParting = isPaired && !changed.multiDevice;
    if (isParting || (changed.locked && changed.moderated !== model.rules.moderated)) return undefined;
    const allowed = model.mayRule(user);
    return {
      title: `${device} ${title}`,
      async act(real) {
        await real.attempt(allowed, () => call(real.guest(device).engine, changed));
        if (allowed) model.rules = changed;
      },
    };
  };
}

const renames = rules(
  "renames the room",
  (_, what) => ({ name: `Room ${what}` }),
  (engine, { name }) => engine.rename(name),
);
const moderates = rules(
  "turns moderation on or off",
  ({ moderated }) => ({ moderated: !moderated }),
  (engine, { moderated }) => engine.changeSettings({ moderated }),
);
const limitsDevices = rules(
  "turns multi-device on or off",
  ({ multiDevice }) => ({ multiDevice: !multiDevice }),
  (engine, { multiDevice }) => engine.changeSettings({ multiDevice }),
);
const locks = rules(
  "locks the room down, or opens it",
  ({ locked }) => ({ locked: !locked }),
  (engine, { locked }) => engine.changeSettings({ lockdown: locked }),
);

function kicks(model: RoomModel, [by, whom]: Wish): Deed | undefined {
  const { device, user } = somebody(model, by);
  const other = somebody(model, whom).user;
  if (other === user) return undefined;
  const allowed = model.mayKick(user, other);
  return {
    title: `${device} kicks ${other}`,
    async act(real) {
      const { engine } = real.guest(device);
      const { mayKick } = await engine.moderation(real.uriOf(other));
      if (mayKick !== allowed) throw new Error(`${user} is told that it ${mayKick ? "may" : "may not"} kick ${other}`);
      await real.attempt(allowed, () => engine.kick(real.uriOf(other)));
      if (allowed) model.removeUser(other);
    },
  };
}

/** Also to who has left, or is banned. */
function gives(model: RoomModel, [by, whom, what]: Wish): Deed | undefined {
  const { device, user } = somebody(model, by);
  const other = picked(
    [...model.known].filter((each) => each !== user),
    whom,
  );
  const standing = picked(STANDINGS, what) ?? "none";
  if (other === undefined || model.standingOf(other) === standing) return undefined;
  const allowed = model.mayGive(user, other, standing);
  return {
    title: `${device} makes ${other} ${standing}`,
    async act(real) {
      const { engine } = real.guest(device);
      const { mayGive } = await engine.moderation(real.uriOf(other));
      if (mayGive.includes(standing) !== allowed)
        throw new Error(`${user} is told that it may make ${other} ${mayGive}`);
      await real.attempt(allowed, () => engine.changeStanding(real.uriOf(other), standing));
      if (allowed) model.give(other, standing);
    },
  };
}

/** How often each is tried. */
const DEEDS = [
  [joins, 6],
  [leaves, 1],
  [speaks, 2],
  [renames, 1],
  [moderates, 1],
  [limitsDevices, 1],
  [locks, 1],
  [kicks, 2],
  [gives, 5],
] as const;

const anyWish = fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999));

/** Any course of acts of honest members. */
export function anyCourse(acts: number): fc.Arbitrary<Iterable<Act>> {
  const each = DEEDS.flatMap(([deed, times]) =>
    Array.from({ length: times }, () => anyWish.map((wish) => new RoomAct(deed, wish))),
  );
  return fc.commands(each, { maxCommands: acts, size: "max" });
}
