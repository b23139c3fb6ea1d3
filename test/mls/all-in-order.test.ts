import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allInOrder } from "../../src/mls/all-in-order.js";

describe("allInOrder", () => {
  it("gives what each gives, in their order", async () => {
    assert.deepEqual(await allInOrder([Promise.resolve(1), Promise.resolve(2)]), [1, 2]);
  });

  it("fails with the first in the list, whichever fails first", async () => {
    let failLate: (reason: Error) => void = () => undefined;
    const late = new Promise<never>((_, reject) => {
      failLate = reject;
    });
    const all = allInOrder([Promise.resolve(1), late, Promise.reject(new Error("the last"))]);
    failLate(new Error("the first"));
    await assert.rejects(all, { message: "the first" });
  });
});
