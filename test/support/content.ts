import type { MimiContent, NestedPart } from "../../src/content/mimi-content.js";
import { textContent } from "../../src/content/text-content.js";

export const sender = "mimi://example.com/u/alice";
export const room = "mimi://example.com/r/keynote";
export const salt = new Uint8Array(16).fill(5);
export const otherId = new Uint8Array(32).fill(1);

/** A text message, with `changes`. */
export function contentOf(changes: Partial<MimiContent> = {}): MimiContent {
  return { ...textContent({ text: "Hello *you*", format: "markdown", salt, sender, room }), ...changes };
}

/** A part of one text. */
export function textPart(contentType: string, text: string, disposition = 1): NestedPart {
  return { kind: "single", disposition, language: "", contentType, content: new TextEncoder().encode(text) };
}

export const nullPart: NestedPart = { kind: "null", disposition: 1, language: "" };

export const externalPart: NestedPart = {
  kind: "external",
  disposition: 6,
  language: "en",
  contentType: "video/mp4",
  url: "https://example.com/storage/x.mp4",
  expires: 0,
  size: 708_234_961,
  encAlg: 1,
  key: new Uint8Array(16).fill(2),
  nonce: new Uint8Array(12).fill(3),
  aad: new Uint8Array(),
  hashAlg: 1,
  contentHash: new Uint8Array(32).fill(4),
  description: "2 hours of key signing video",
  filename: "bigfile.mp4",
};

export function multiPart(semantics: "chooseOne" | "singleUnit" | "processAll", ...parts: NestedPart[]): NestedPart {
  return { kind: "multi", disposition: 1, language: "", semantics, parts };
}
