import { type Plugin, parseSync, Visitor } from "vite";

const MARKED = /\/marked\/lib\/marked\.esm\.js$/;

/** The lexer's options as we use it; what asks for another value is dead code then, and goes. */
const OPTIONS: Readonly<Record<string, string>> = {
  pedantic: "!1",
  gfm: "!0",
  breaks: "!0",
  extensions: "null",
  silent: "!1",
};

/**
 * Leaves marked's lexer for GFM in the bundle and the rest out: parsers and renderers, which make HTML text that we never
 * use, and the rules of its pedantic mode.
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
  const pedantic = new Set<string>();
  new Visitor({
    Property({ key, value, start }) {
      if (key.type !== "Identifier" || key.name !== "pedantic" || value.type !== "Identifier") return;
      pedantic.add(value.name);
      edits.push({ start, end: value.end, text: "pedantic:null" });
    },
  }).visit(program);
  new Visitor({
    VariableDeclarator({ id, init }) {
      if (init === null) return;
      if (id.type === "Identifier" && pedantic.has(id.name)) edits.push({ ...range(init), text: "null" });
      if (init.type === "NewExpression") edits.push({ start: init.start, end: init.start, text: "/* @__PURE__ */ " });
    },
  }).visit(program);
  return apply(code, edits).replaceAll(/\bthis\.options\.(\w+)/g, (whole, option: string) => OPTIONS[option] ?? whole);
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
