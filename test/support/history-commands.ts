import fc from "fast-check";
import type { History } from "./history.js";
import type { HistoryModel, Wish } from "./history-model.js";
import { seeded } from "./seeded.js";

type Command = fc.AsyncCommand<HistoryModel, History>;

const anyNumber = fc.nat({ max: 0xffff });

/** What somebody may wish: numbers, of which members and values are made when it is known who is in. */
const anyWish = fc.record({
  kind: fc.constantFrom("remove", "remove", "add", "add", "mark", "elsewhere", "epoch"),
  number: anyNumber,
});
type AnyWish = typeof anyWish extends fc.Arbitrary<infer T> ? T : never;

function wishOf(model: HistoryModel, { kind, number }: AnyWish): Wish {
  switch (kind) {
    case "remove":
      return { kind, leaf: model.pick(number) };
    case "add":
      return { kind, name: `newcomer ${model.next()}` };
    case "mark":
      return { kind, value: number % 256 };
    case "elsewhere":
      return { kind: "psk", of: kind };
    default:
      return { kind: "psk", of: model.sharedEpoch(number) };
  }
}

const anyProposals = fc
  .array(
    fc.record({
      wish: anyWish,
      own: fc.constantFrom("no", "update", "update", "selfRemove"),
      by: anyNumber,
      outside: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((proposals) =>
    command(`propose ${JSON.stringify(proposals)}`, async (model, real) => {
      for (const { wish, own, by, outside } of proposals) {
        const leaf = model.pick(by);
        const wished = own === "no" ? wishOf(model, wish) : ({ kind: own, leaf } as const);
        const stranger = wished.kind === "add" && by % 2 === 0 ? "newcomer" : "hub";
        const id = model.next();
        await real.propose(id, wished, outside && own === "no" ? stranger : leaf);
        model.pending.push({ id, wish: wished });
      }
    }),
  );

const anyCommit = fc
  .record({
    by: anyNumber,
    wishes: fc.array(anyWish, { maxLength: 4 }),
    leavesOut: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }),
    rival: fc.option(fc.record({ by: anyNumber, wishes: fc.array(anyWish, { maxLength: 2 }) })),
    chance: anyNumber,
  })
  .map(({ by, wishes, leavesOut, rival, chance }) =>
    command(`commit ${JSON.stringify({ by, wishes, leavesOut, rival, chance })}`, async (model, real) => {
      if (rival) {
        const { leaf, references, inline } = plan(model, rival.by, rival.wishes, []);
        await real.overtaken(leaf, references, inline);
      }
      const { leaf, references, inline, all } = plan(model, by, wishes, leavesOut);
      await real.commit(leaf, references, inline, { chance: seeded(chance) });
      model.commit(all);
    }),
  );

/** A commit of the member whom that number chooses: what may be in it of the pending proposals, and of wishes of its own. */
function plan(model: HistoryModel, by: number, wishes: readonly AnyWish[], leavesOut: readonly number[]) {
  const leaf = model.pick(by);
  const pending = model.pending.filter((_, index) => leavesOut[index] !== 0);
  const inline = wishes.map((wish) => wishOf(model, wish));
  const all = model.allowed(leaf, [...pending.map(({ wish }) => wish), ...inline]);
  return {
    leaf,
    references: pending.filter(({ wish }) => all.includes(wish)).map(({ id }) => id),
    inline: inline.filter((wish) => all.includes(wish)),
    all,
  };
}

const anyJoin = fc
  .record({ over: fc.option(anyNumber), withPsk: fc.boolean(), chance: anyNumber })
  .map(({ over, withPsk, chance }) =>
    command(
      `join ${JSON.stringify({ over, withPsk, chance })}`,
      async (model, real) => {
        const leaf = over === null ? undefined : comingBack(model, over);
        const name = leaf === undefined ? `joiner ${model.next()}` : (model.slots[leaf] ?? "");
        const leaving = model.pending.map(({ wish }) => wish).filter(({ kind }) => kind === "selfRemove");
        const removed = leaf === undefined ? [] : [{ kind: "remove", leaf } as const];
        await real.joinFromOutside(name, leaf, withPsk, { chance: seeded(chance) });
        model.commit([...leaving, ...removed], name);
      },
      (model) => model.members.length < 32,
    ),
  );

/** Who takes its own leaf anew: now and then one who was about to leave. */
function comingBack(model: HistoryModel, number: number): number {
  const leaver = model.pending.map(({ wish }) => wish).find((wish) => wish.kind === "selfRemove");
  return leaver?.kind === "selfRemove" && number % 3 > 0 ? leaver.leaf : model.pick(number);
}

const anySaying = fc
  .record({ by: anyNumber, count: fc.integer({ min: 1, max: 4 }), chance: anyNumber })
  .map(({ by, count, chance }) =>
    command(`say ${JSON.stringify({ by, count, chance })}`, (model, real) =>
      real.talk.say(real.seats, model.pick(by), count, seeded(chance)),
    ),
  );

const anyDelay = anyNumber.map((chance) =>
  command(`come late ${chance}`, (_, real) => real.talk.comeLate(real.seats, seeded(chance))),
);

/** Any course of things in a group of at most that many steps. */
export function anyCourse(steps: number): fc.Arbitrary<Iterable<Command>> {
  return fc.commands([anyCommit, anyCommit, anyProposals, anySaying, anyJoin, anyDelay], {
    maxCommands: steps,
    size: "max",
  });
}

function command(
  title: string,
  act: (model: HistoryModel, real: History) => Promise<void>,
  check: (model: Readonly<HistoryModel>) => boolean = () => true,
): Command {
  return {
    check,
    async run(model, real) {
      await act(model, real);
      await real.assertAgreed(model.slots, model.epoch, model.mark);
    },
    toString: () => title,
  };
}
