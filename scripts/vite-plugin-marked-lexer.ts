import { Lexer } from "marked";
import { type ESTree, type Plugin, parseSync, Visitor } from "vite";

const MARKED = /\/marked\/lib\/marked\.esm\.js$/;

/** The lexer's options as we use it; what asks for another value is dead code then, and goes. */
const OPTIONS: Readonly<Record<string, string>> = {
  pedantic: "!1",
  gfm: "!0",
  breaks: "!0",
  extensions: "null",
  hooks: "null",
  silent: "!1",
};

/**
 * Leaves marked's lexer for GFM in the bundle and the rest out: parsers and renderers, which make HTML text that we never
 * use, the rules of its other modes, and how it puts rules together: they stand as it has made them.
 */
export function markedLexerPlugin(): Plugin {
  return {
    name: "mimi-marked-lexer",
    transform: (code, id) => (MARKED.test(id) ? { code: onlyLexer(code), map: null } : undefined),
  };
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * marked without what its lexer does not need. What is cut is `marked.use = …` and the like, which tie the package
 * together when it loads: the `marked` function itself must not be imported.
 */
export function onlyLexer(code: string): string {
  const { program } = parseSync("marked.js", code);
  const edits: Edit[] = [];
  for (const statement of program.body) {
    if (statement.type === "ExpressionStatement" && statement.expression.type === "AssignmentExpression") {
      edits.push({ ...range(statement), text: "" });
    }
  }
  for (const { init } of variablesOf(program)) {
    const rules = init.type === "ObjectExpression" ? rulesFor(init) : undefined;
    if (rules !== undefined) edits.push({ ...range(init), text: rules });
    if (init.type === "NewExpression") edits.push({ start: init.start, end: init.start, text: "/* @__PURE__ */ " });
  }
  const lexer = withoutUnused(apply(code, edits));
  return lexer.replaceAll(/\bthis\.options\.(\w+)/g, (whole, option: string) => OPTIONS[option] ?? whole);
}

/** The rules in use, where those of all modes stand: `{gfm:{heading:/…/,…}}`. */
function rulesFor({ properties }: ESTree.ObjectExpression): string | undefined {
  const modes = properties.flatMap((mode) =>
    mode.type === "Property" && mode.key.type === "Identifier" ? [mode.key.name] : [],
  );
  if (!modes.includes("normal") || !modes.includes("pedantic")) return undefined;
  const { block, inline } = Lexer.rules;
  return modes.includes("breaks") ? `{breaks:${literal(inline.breaks)}}` : `{gfm:${literal(block.gfm)}}`;
}

function literal(rules: Readonly<Record<string, RegExp>>): string {
  return `{${Object.entries(rules).map(([name, rule]) => `${name}:${rule}`)}}`;
}

/** Without the variables that nothing reads; a bundler cannot know that the calls in them do nothing else. */
function withoutUnused(code: string): string {
  const { program } = parseSync("marked.js", code);
  const uses = new Map<string, number>();
  new Visitor({ Identifier: ({ name }) => void uses.set(name, (uses.get(name) ?? 0) + 1) }).visit(program);
  const unused = variablesOf(program).filter(({ name, init }) => init.type !== "Literal" && uses.get(name) === 1);
  if (unused.length === 0) return code;
  return withoutUnused(
    apply(
      code,
      unused.map(({ init }) => ({ ...range(init), text: "0" })),
    ),
  );
}

/** The variables of the module itself that are given a value. */
function variablesOf({ body }: ESTree.Program): { name: string; init: ESTree.Expression }[] {
  return body
    .flatMap((statement) => (statement.type === "VariableDeclaration" ? statement.declarations : []))
    .flatMap(({ id, init }) => (id.type === "Identifier" && init !== null ? [{ name: id.name, init }] : []));
}

function range({ start, end }: { readonly start: number; readonly end: number }): { start: number; end: number } {
  return { start, end };
}

/** From the end, so that the positions before stay right. */
function apply(code: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((one, other) => other.start - one.start)
    .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), code);
}
