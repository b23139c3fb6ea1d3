import { fromUtf8 } from "../codec/bytes.js";
import { unlessMalformed } from "../codec/codec-error.js";
import { DISPOSITION, type MimiContent, type NestedPart } from "./mimi-content.js";
import type { TextFormat } from "./text-content.js";

/** What a timeline can show of a message. */
export type Renderable =
  | { readonly kind: "text"; readonly text: string; readonly format: TextFormat }
  | { readonly kind: "unsupported"; readonly contentType: string };

/**
 * What to show of `content`: the text of its body, else the media type of what cannot be shown. Edits, deletions and
 * reactions speak of another message and are no text of their own.
 */
export function renderable(content: MimiContent): Renderable {
  const text = content.replaces === undefined ? textOf(content.body) : undefined;
  return text ?? { kind: "unsupported", contentType: typeOf(content.body) };
}

type Text = Extract<Renderable, { kind: "text" }>;

/** "where a body part contains an unrecognized Disposition value … should be treated as if it where `render`" */
const SHOWN_ELSEWHERE: readonly number[] = [
  DISPOSITION.reaction,
  DISPOSITION.profile,
  DISPOSITION.icon,
  DISPOSITION.attachment,
  DISPOSITION.session,
  DISPOSITION.preview,
];

function textOf(part: NestedPart): Text | undefined {
  if (SHOWN_ELSEWHERE.includes(part.disposition)) return undefined;
  if (part.kind === "single") return readText(part.contentType, part.content);
  if (part.kind !== "multi") return undefined;
  const texts = part.parts.map(textOf);
  // "If the receiver does not understand even one of the nested parts at this level, the receiver should not process any"
  if (part.semantics === "singleUnit" && texts.includes(undefined)) return undefined;
  return texts.find((text) => text !== undefined);
}

function readText(contentType: string, content: Uint8Array): Text | undefined {
  const format = formatOf(contentType);
  const text = format === undefined ? undefined : unlessMalformed(() => fromUtf8(content));
  return format === undefined || text === undefined ? undefined : { kind: "text", text, format };
}

/** "rendering Markdown as plain text is an acceptable form of 'support'": of variants that are not known here. */
function formatOf(contentType: string): TextFormat | undefined {
  const [type = "", ...parameters] = contentType
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const parameterOf = (name: string): string | undefined =>
    parameters
      .find((parameter) => parameter.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replaceAll('"', "");
  const charset = parameterOf("charset") ?? "utf-8";
  if (charset !== "utf-8" && charset !== "us-ascii") return undefined;
  if (type === "text/plain") return "plain";
  if (type !== "text/markdown") return undefined;
  return ["gfm-mimi", "gfm", "commonmark"].includes(parameterOf("variant") ?? "") ? "markdown" : "plain";
}

function typeOf(part: NestedPart): string {
  switch (part.kind) {
    case "single":
    case "external":
      return part.contentType;
    case "multi":
      return part.parts.map(typeOf).find((type) => type !== "") ?? "";
    case "null":
      return "";
  }
}
