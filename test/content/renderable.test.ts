import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { NestedPart } from "../../src/content/mimi-content.js";
import { renderable } from "../../src/content/renderable.js";
import { contentOf, externalPart, multiPart, nullPart, otherId, textPart } from "../support/content.js";

const plain = textPart("text/plain;charset=utf-8", "Hi");
const markdown = textPart("text/markdown;variant=GFM-MIMI", "*Hi*");
const html = textPart("text/html;charset=utf-8", "<b>Hi</b>");

const notUtf8: NestedPart = {
  kind: "single",
  disposition: 1,
  language: "",
  contentType: "text/plain",
  content: Uint8Array.of(0xff),
};

describe("renderable", () => {
  for (const [title, body, expected] of [
    ["plain text", plain, { kind: "text", text: "Hi", format: "plain" }],
    ["markdown", markdown, { kind: "text", text: "*Hi*", format: "markdown" }],
    [
      "CommonMark",
      textPart('Text/Markdown; Variant="CommonMark"', "*Hi*"),
      { kind: "text", text: "*Hi*", format: "markdown" },
    ],
    [
      "an unknown kind of markdown as plain text",
      textPart("text/markdown;variant=x", "*Hi*"),
      { kind: "text", text: "*Hi*", format: "plain" },
    ],
    [
      "an unknown disposition as text",
      textPart("text/plain", "Hi", 200),
      { kind: "text", text: "Hi", format: "plain" },
    ],
    [
      "the first text of a choice",
      multiPart("chooseOne", html, markdown, plain),
      { kind: "text", text: "*Hi*", format: "markdown" },
    ],
    [
      "the text beside an attachment",
      multiPart("processAll", externalPart, plain),
      { kind: "text", text: "Hi", format: "plain" },
    ],
  ] as const) {
    it(`shows ${title}`, () => assert.deepEqual(renderable(contentOf({ body })), expected));
  }

  for (const [title, contentType, body] of [
    ["HTML", "text/html;charset=utf-8", html],
    ["an attachment", "video/mp4", externalPart],
    ["a reaction", "text/plain;charset=utf-8", textPart("text/plain;charset=utf-8", "❤", 2)],
    ["a unit of which one part is not understood", "text/plain;charset=utf-8", multiPart("singleUnit", plain, html)],
    ["text in another charset", "text/plain;charset=utf-16", textPart("text/plain;charset=utf-16", "Hi")],
    ["text that is not UTF-8", "text/plain", notUtf8],
    ["nothing", "", nullPart],
    ["nothing but nothings", "", multiPart("processAll", nullPart, nullPart)],
  ] as const) {
    it(`names the type of ${title}`, () => {
      assert.deepEqual(renderable(contentOf({ body })), { kind: "unsupported", contentType });
    });
  }

  it("does not show an edit as a message of its own", () => {
    assert.equal(renderable(contentOf({ replaces: otherId })).kind, "unsupported");
  });

  it("shows a reply", () => assert.equal(renderable(contentOf({ inReplyTo: otherId })).kind, "text"));
});
