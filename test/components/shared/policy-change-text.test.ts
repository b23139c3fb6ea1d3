import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { english } from "../../../components/english.js";
import { factText } from "../../../components/shared/fact-text.js";
import { policyChangeText } from "../../../components/shared/policy-change-text.js";
import type { PolicyFact } from "../../../src/client/contract.js";

const spy: PolicyFact = { kind: "logged", by: ["mimi://hub.example/d/spy/1"], policy: "" };
const recorded = "Newcomers are told: “This room is logged by mimi://hub.example/d/spy/1.”";
const locked: PolicyFact = { kind: "lockedDown" };
const open: PolicyFact = { kind: "anyoneMayJoin" };
const closed: PolicyFact = { kind: "membersOnly" };
const silent: PolicyFact = { kind: "moderated" };

const fact = (before: PolicyFact | undefined, after: PolicyFact | undefined) =>
  ({ kind: "fact", before, after }) as const;
const added = (...facts: readonly PolicyFact[]) => facts.map((after) => fact(undefined, after));
const told = (...effects: readonly ReturnType<typeof fact>[]): string => policyChangeText(effects, "Ines", english);

describe("a change of the rules, as it is told", () => {
  const lockdown = [fact(open, closed), ...added(locked, silent), fact({ kind: "knockToJoin" }, undefined)];

  it("is a lockdown and nothing else where nothing else is changed", () => {
    assert.equal(told(...lockdown), "Ines locked the room down");
    assert.equal(told(fact(locked, undefined)), "Ines ended the lockdown");
  });

  it("says beside a lockdown what else is changed", () => {
    const logging = fact({ kind: "notLogged" }, spy);
    assert.equal(told(...lockdown, logging), `Ines locked the room down. ${recorded}`);
    assert.equal(told(fact(locked, undefined), logging), `Ines ended the lockdown. ${recorded}`);
  });

  it("says whom the room lets in when a lockdown ends: it need not be whom it let in before", () => {
    assert.equal(
      told(fact(locked, undefined), fact(closed, open)),
      "Ines ended the lockdown. Newcomers are told: “Anyone with the link may join.”",
    );
  });

  const many = added(silent, { kind: "discoverable" }, { kind: "persistent" }, { kind: "pseudonyms" });

  it("counts what is too much for one line", () => {
    assert.match(
      told(...many),
      /^Ines changed the rules of the room\. .*stays open when everyone has left\.” and 1 more$/u,
    );
    assert.doesNotMatch(told(...many.slice(0, 3)), / more$/u);
  });

  it("never only counts that somebody keeps a record", () => {
    const text = told(...many, fact({ kind: "notLogged" }, spy));
    assert.ok(text.includes(recorded) && text.endsWith(" and 2 more"), text);
  });
});

describe("a fact of many names", () => {
  const by = Array.from({ length: 1200 }, (_, n) => `mimi://d${n}.example/d/logger/1`);

  it("names the first, and counts the others", () => {
    const text = factText({ kind: "logged", by, policy: "" }, english);
    assert.ok(text.startsWith(`This room is logged by ${by[0]}, ${by[1]},`) && text.endsWith(" and 1192 more."), text);
    assert.ok(factText({ kind: "bots", names: by }, english).endsWith(" and 1192 more."));
  });

  it("names all of a few", () => {
    assert.equal(
      factText({ kind: "logged", by: by.slice(0, 8), policy: "" }, english),
      `This room is logged by ${by.slice(0, 8).join(", ")}.`,
    );
  });
});
