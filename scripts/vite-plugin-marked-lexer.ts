import { type Plugin, parseAst } from "vite";

const MARKED = /\/marked\/lib\/marked\.esm\.js$/;

/**
 * Leaves marked's lexer in the bundle and its parsers and renderers out: they make HTML text, which we never use, and
 * stay in only because the package ties everything together in statements that run when it loads. What is cut here is
 * `marked.use = …` and the like, so the `marked` function itself must not be imported.
 */
export function markedLexerPlugin(): Plugin {
  return {
    name: "mimi-marked-lexer",
    transform(code, id) {
      if (!MARKED.test(id)) return undefined;
      let text = code;
      // From the end, so that the positions before stay right.
      for (const statement of parseAst(code).body.toReversed()) {
        if (statement.type === "ExpressionStatement" && statement.expression.type === "AssignmentExpression") {
          text = text.slice(0, statement.start) + text.slice(statement.end);
        } else if (statement.type === "VariableDeclaration") {
          for (const { init } of statement.declarations.toReversed()) {
            if (init?.type === "NewExpression")
              text = `${text.slice(0, init.start)}/* @__PURE__ */ ${text.slice(init.start)}`;
          }
        }
      }
      return { code: text, map: null };
    },
  };
}
