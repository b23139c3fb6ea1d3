import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const LOCK_FILES = ["package-lock.json", "test/interop/package-lock.json"];
const packages = packagesOf("package-lock.json");

function packagesOf(file: string): Readonly<Record<string, Locked>> {
  const read: { packages: Readonly<Record<string, Locked>> } = JSON.parse(readFileSync(file, "utf8"));
  return read.packages;
}

/** Where npm would look for a dependency of the package at a path, nearest first. */
function placesOf(dependency: string, path: string): string[] {
  const ancestors = path
    .split("/node_modules/")
    .map((_, index, parts) => parts.slice(0, index + 1).join("/node_modules/"));
  return [
    ...ancestors.reverse().map((ancestor) => `${ancestor}/node_modules/${dependency}`),
    `node_modules/${dependency}`,
  ];
}

describe("package-lock.json", () => {
  // npm leaves out what the registry at hand does not have, and `npm ci` then refuses the whole file.
  it("has an entry for the binaries of every platform", () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !placesOf(name, path).some((place) => place in packages)),
    );
    assert.deepEqual(missing, []);
  });

  for (const file of LOCK_FILES) {
    it(`names no registry: ${file}`, () => {
      const named = Object.entries(packagesOf(file)).filter(([, { resolved }]) => resolved?.startsWith("http"));
      assert.deepEqual(named, []);
    });
  }

  // OpenMLS is there to be tested against, under the GPL: nothing of it is shipped or built upon.
  it("has nothing of what the interop tests compare with", () => {
    const peers = Object.keys(packagesOf("test/interop/package-lock.json")).filter((path) => path !== "");
    assert.ok(peers.length > 0);
    assert.deepEqual(
      peers.filter((path) => path in packages),
      [],
    );
  });
});
