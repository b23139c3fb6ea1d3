import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The first of the programs that is on this machine: an absolute path as it is, a name by PATH. */
export function findProgram(...names: (string | undefined)[]): string | undefined {
  return names
    .filter((name): name is string => name !== undefined && name !== "")
    .flatMap((name) => (name.startsWith("/") ? [name] : onPath(name)))
    .find(isExecutable);
}

function onPath(name: string): string[] {
  const directories = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return directories.map((directory) => join(directory, name));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
