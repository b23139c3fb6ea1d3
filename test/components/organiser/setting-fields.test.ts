import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { changeBetween, historyChoices } from "../../../components/organiser/setting-fields.js";
import { organised } from "../../support/shown-organised.js";

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

describe("what was said before, in the form of the rules", () => {
  it("is always to be turned off, also where it is allowed for no time", () => {
    assert.deepEqual(historyChoices(null), [null, HOUR, DAY, 7 * DAY, 30 * DAY]);
    assert.deepEqual(historyChoices(0), [null, 0, HOUR, DAY, 7 * DAY, 30 * DAY]);
  });

  it("forbidden is another than allowed for no time", () => {
    const { values } = organised.settings;
    const noTime = { ...values, historySeconds: 0 };
    assert.deepEqual(changeBetween(noTime, { ...noTime, historySeconds: null }), { historySeconds: null });
  });
});
