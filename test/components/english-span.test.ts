import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { english } from "../../components/english.js";
import { organiserWords } from "../../components/organiser/organiser-strings.js";
import { factText } from "../../components/shared/fact-text.js";

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

describe("how far back newcomers are shown what was said", () => {
  for (const [seconds, span] of [
    [1, "minute"],
    [90, "2 minutes"],
    [HOUR, "hour"],
    [HOUR + 1, "2 hours"],
    [DAY, "day"],
    [7 * DAY, "7 days"],
  ] as const) {
    it(`is told to them as it is set: ${span}`, () => {
      const told = factText({ kind: "historyShared", seconds }, english);
      assert.equal(told, `You may be shown messages of the last ${span}.`);
      assert.equal(organiserWords(undefined).history(seconds), `Of the last ${span}`);
    });
  }
});
