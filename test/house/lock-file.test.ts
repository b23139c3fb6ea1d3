import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages }: { packages: Readonly<Record<string, Locked>> } = JSON.parse(
  readFileSync("package-lock.json", "utf8"),
);

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

  it("names no registry", () => {
    const named = Object.entries(packages).filter(([, { resolved }]) => resolved?.startsWith("http"));
    assert.deepEqual(named, []);
  });
});
