import { readFileSync } from "node:fs";
import ts from "typescript";
import { filesBelow } from "./files.mjs";

/** Names that may be declared and exported in several files, each with its reason. @type {Record<string, string>} */
const EXCEPTIONS = {
  styles: "the sheet of one element, imported by that element alone",
  RoomState:
    "what policy knows of a room, and what a page does: the engine, which knows both, turns one into the other",
  PolicyFact: "policy imports no contract of a page; the compiler holds the two equal where the engine passes one on",
  ChangeEffect: "the same",
};

/** Who reads each other's code. A page and a provider are two programs that share a part: each has its own `createRoom`. */
const SHARED = ["src/codec", "src/content", "src/policy", "src/mls"];
const PROGRAMS = [
  ["components", "src"],
  ["provider", "demo", ...SHARED],
];

const doubles = new Set(PROGRAMS.flatMap(doublesIn));
for (const line of doubles) console.log(line);
process.exitCode = doubles.size > 0 ? 1 : 0;

/**
 * What two files of a program both declare and export.
 * @param {string[]} folders
 */
function doublesIn(folders) {
  /** @type {Map<string, string[]>} */
  const homes = new Map();
  for (const file of folders.flatMap(filesBelow)) {
    if (!file.endsWith(".ts") || file.endsWith(".d.ts")) continue;
    for (const name of exportsOf(file)) homes.set(name, [...(homes.get(name) ?? []), file]);
  }
  return [...homes]
    .filter(([name, files]) => files.length > 1 && !(name in EXCEPTIONS))
    .map(([name, files]) => `${name} is exported by ${files.sort().join(" and ")}: one thing, one name`);
}

/**
 * The names that a file declares and exports; what it passes on from elsewhere does not count.
 * @param {string} file
 */
function exportsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ESNext);
  return new Set(source.statements.filter(isExported).flatMap(namesOf));
}

/** @param {ts.Statement} statement */
function isExported(statement) {
  const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

/**
 * @param {ts.Statement} statement
 * @returns {string[]}
 */
function namesOf(statement) {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  }
  return "name" in statement && statement.name !== undefined && ts.isIdentifier(/** @type {ts.Node} */ (statement.name))
    ? [/** @type {ts.Identifier} */ (statement.name).text]
    : [];
}
