import { type Plugin, parseSync, Visitor } from "vite";

const TAGS = ["html", "svg", "css"];

/** Takes the indentation out of Lit's templates, and the comments out of its styles. */
export function templateWhitespacePlugin(): Plugin {
  return {
    name: "mimi-template-whitespace",
    enforce: "pre",
    transform: (code, id) =>
      /\/components\/.*\.ts$/.test(id) ? { code: withoutIndentation(code), map: null } : undefined,
  };
}

interface Part {
  /** What stands between the marks of the template and of its expressions. */
  readonly raw: string;
  readonly start: number;
  readonly tag: string;
}

/** TypeScript source whose templates have one space where a line was broken: in HTML and CSS they are the same. */
export function withoutIndentation(code: string): string {
  const parts: Part[] = [];
  new Visitor({
    TaggedTemplateExpression({ tag, quasi }) {
      if (tag.type !== "Identifier" || !TAGS.includes(tag.name)) return;
      for (const { start, value } of quasi.quasis) {
        parts.push({ raw: value.raw, start: code.indexOf(value.raw, start), tag: tag.name });
      }
    },
  }).visit(parseSync("component.ts", code).program);
  // From the end, so that the positions before stay right.
  return parts
    .toSorted((one, other) => other.start - one.start)
    .reduce((text, part) => {
      return text.slice(0, part.start) + short(part) + text.slice(part.start + part.raw.length);
    }, code);
}

function short({ raw, tag }: Part): string {
  const bare = tag === "css" ? raw.replace(/\/\*.*?\*\//gs, "").replace(/(?<=[{};,])\s*\n\s*|\s+(?=\{)/g, "") : raw;
  return bare.replace(/\s*\n\s*/g, " ");
}
