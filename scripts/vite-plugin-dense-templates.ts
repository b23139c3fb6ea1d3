import { type Plugin, parseSync, Visitor } from "vite";

/** Takes the indentation out of Lit's templates, which no minifier touches: it cannot know what they mean. */
export function denseTemplatesPlugin(): Plugin {
  return {
    name: "mimi-dense-templates",
    transform(code, id) {
      if (!id.includes("/components/") || !/\b(css|html|svg)`/.test(code)) return undefined;
      let text = code;
      // From the end, so that the positions before stay right.
      for (const { start, end, tag } of templateTextsOf(id, code).sort((a, b) => b.start - a.start)) {
        const dense = tag === "css" ? denseCss : denseMarkup;
        text = text.slice(0, start) + dense(text.slice(start, end)) + text.slice(end);
      }
      return { code: text, map: null };
    },
  };
}

interface TemplateText {
  readonly start: number;
  readonly end: number;
  readonly tag: string;
}

/** Where the literal parts of tagged templates are, between the backticks and the `${…}`. */
function templateTextsOf(id: string, code: string): TemplateText[] {
  const texts: TemplateText[] = [];
  new Visitor({
    TaggedTemplateExpression({ tag, quasi }) {
      if (tag.type !== "Identifier" || !["css", "html", "svg"].includes(tag.name)) return;
      // The parser gives each part with the delimiter before it and the one after it.
      for (const { start, end, value } of quasi.quasis) {
        const from = code.indexOf(value.raw, start);
        if (from < 0 || from > end) throw new Error(`${id}: a template's text is not where the parser says`);
        texts.push({ start: from, end: from + value.raw.length, tag: tag.name });
      }
    },
  }).visit(parseSync(id.replace(/\.ts$/, ".js"), code).program);
  return texts;
}

/** A line break and its indentation are one space in markup. */
function denseMarkup(markup: string): string {
  return markup.replace(/\s*\n\s*/g, " ");
}

/** Comments mean nothing, nor does space beside braces, semicolons and commas; strings and selectors keep theirs. */
function denseCss(css: string): string {
  return css.replace(
    /("[^"]*"|'[^']*')|\/\*[\s\S]*?\*\/|\s*([{};,])\s*|([\w-]):\s+|\s+/g,
    (_, string?: string, mark?: string, property?: string) => string ?? mark ?? (property && `${property}:`) ?? " ",
  );
}
