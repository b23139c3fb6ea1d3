import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Every file below a folder, sorted, as paths with forward slashes; empty when the folder is not there. What a package below it
 * has installed is not ours.
 * @param {string} folder
 * @returns {string[]}
 */
export function filesBelow(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).replaceAll("\\", "/"))
      .filter((file) => !file.includes("/node_modules/"))
      .sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
