import type { Decision } from "../../../src/policy/decision.js";
import { actors, flags, membershipStyles, standings } from "./cast.js";
import { loneDeeds } from "./lone-primitives.js";
import { deeds } from "./primitives.js";

const HEAD = `# What authorize() decides: every kind of room, every role, every act. Made by test/policy/golden-table.test.ts:
# MIMI_WRITE_GOLDEN=1 node --import tsx --test test/policy/golden-table.test.ts
# writes it anew. A line is who acts, on whom, and the decision: "allowed", or the rule that denies (docs/rules.md). Where the
# decision depends on more than the membership style, it stands four times:
#   multi-device | multi-device, moderated | single-device | single-device, moderated
# Everyone acts from inside but where the act is one from outside. "unlisted" has no entry in the policy; "hub" is the hub's
# own system user, whose proposals Alice, an owner, commits.`;

/** The whole table as text, a line a decision, and how many decisions it holds. */
export function goldenTable(): { readonly text: string; readonly cells: number } {
  const lines = [HEAD];
  let cells = 0;
  const line = (title: string, decisions: readonly Decision[]): void => {
    cells += decisions.length;
    const words = decisions.map((decision) => (decision.allowed ? "allowed" : decision.rule));
    lines.push(`${title.padEnd(28)} ${new Set(words).size === 1 ? words[0] : words.join(" | ")}`);
  };
  for (const membershipStyle of membershipStyles) {
    const rooms = flags.map((some) => ({ membershipStyle, ...some }));
    for (const [name, deed] of Object.entries(loneDeeds)) {
      lines.push("", `## ${membershipStyle}: ${name}`);
      for (const actor of standings)
        line(
          actor,
          rooms.map((room) => deed(room, actor)),
        );
    }
    for (const [name, deed] of Object.entries(deeds)) {
      lines.push("", `## ${membershipStyle}: ${name} …`);
      for (const actor of actors)
        for (const other of standings)
          line(
            `${actor} → ${other}`,
            rooms.map((room) => deed(room, actor, other)),
          );
    }
  }
  return { text: `${lines.join("\n")}\n`, cells };
}
