import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { DishonestRoom, judged, type Setting } from "../support/dishonest/dishonest-room.js";
import { FORBIDDEN_ACTS } from "../support/dishonest/forbidden-acts.js";
import { FORBIDDEN_CHANGES } from "../support/dishonest/forbidden-changes.js";
import { UNREACHABLE_RULES } from "../support/dishonest/unreachable-rules.js";
import { openTestApp, type TestApp } from "../support/provider-app.js";
import { assertRefused } from "../support/refusals.js";

const FORBIDDEN = [...FORBIDDEN_ACTS, ...FORBIDDEN_CHANGES];

describe("a member who tries what the policy forbids, with everything right as MLS", () => {
  let app: TestApp;
  const rooms = new Map<string, Promise<DishonestRoom>>();
  /** What is refused leaves no trace: all that is tried in one setting is tried in one room. */
  function roomOf(setting: Setting): Promise<DishonestRoom> {
    const room = rooms.get(setting.name) ?? DishonestRoom.open(app, setting);
    rooms.set(setting.name, room);
    return room;
  }
  before(async () => {
    const rates = { updatesPerClient: { points: 1000, seconds: 1 }, messagesPerClient: { points: 1000, seconds: 1 } };
    app = await openTestApp({ rates });
  });
  after(() => app.close());

  for (const { rule, what, setting, hub, make } of FORBIDDEN) {
    it(`is refused by ${rule}, and the room goes on: in ${setting.name} Mallory ${what}`, async () => {
      const room = await roomOf(setting);
      const { honest, mallory } = room;
      const [witness = mallory] = honest;
      const known = await room.atTheHub(witness);
      const attempt = await make(room);
      const { rule: named } = hub
        ? await assertRefused(await attempt.offer(), 403, hub.code)
        : await assertRefused(await attempt.offer(), 403, "notAllowed");
      if (!hub) assert.equal(named, rule);
      assert.equal(await room.atTheHub(witness), known);
      for (const member of honest) assert.equal(await judged(member, attempt.message), rule);
      await goesOn(room);
    });
  }

  it("is tried for every rule that groups go by, but those that nobody can reach", () => {
    const tried = new Set<string>(FORBIDDEN.map(({ rule }) => rule));
    const lines = readFileSync(new URL("../../docs/rules.md", import.meta.url), "utf8").split("\n");
    const rows = lines
      .filter((line) => line.startsWith("| `"))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    const rules = rows
      .filter(([, , , decides]) => decides === "group")
      .map(([, rule = ""]) => rule.replaceAll("`", ""));
    assert.ok(rules.length > 50, `${rules.length}`);
    assert.deepEqual(rules.filter((rule) => !tried.has(rule)).sort(), Object.keys(UNREACHABLE_RULES).sort());
  });
});

/** Somebody honest speaks, and the others hear it. */
async function goesOn({ honest, mallory }: DishonestRoom): Promise<void> {
  const [speaker = mallory, ...others] = honest;
  for (const member of [speaker, ...others]) await member.catchUp();
  assert.equal((await speaker.say("on we go")).status, 200);
  for (const member of others) {
    const heard = await member.catchUp();
    assert.deepEqual(
      heard.flatMap((each) => (each.kind === "application" ? [each.text] : [])),
      ["on we go"],
    );
  }
}
