import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { filesBelow } from "../../scripts/files.mjs";
import { registry } from "./registry.js";

const FOLDERS = ["src/codec", "src/content", "src/mls/wire"];
/** The codecs that all others are made of: every struct exercises them. */
const PARTS = "src/codec/tls.ts";

/** Functions that take octets or text and read nothing that somebody else sent, each with its reason. */
const NO_DECODERS: Readonly<Record<string, string>> = {
  encodeCbor: "writes",
  concat: "puts octets together",
  equalBytes: "compares octets",
  utf8: "writes",
  toHex: "writes",
  toBase64Url: "writes",
  providerUri: "makes a URI of parts",
  userUri: "makes a URI of parts",
  clientUri: "makes a URI of parts",
  roomUri: "makes a URI of parts",
  guestUserId: "hashes",
  newGroupId: "writes; its room is read by roomIdOf",
  roomNameExtension: "writes",
};

/** The first parameter of a function that decodes: octets, text, or a reader of octets. */
const TAKEN = new Set(["Uint8Array", "string", "Reader", "Cbor", "unknown"]);

describe("the registry of decoders", () => {
  for (const file of FOLDERS.flatMap(filesBelow).filter((path) => path.endsWith(".ts") && path !== PARTS)) {
    it(`has every decoder of ${file}`, async () => {
      const covered = new Set(registry.flatMap(({ covers }) => covers));
      const exported = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
      const decoding = decodersIn(file);
      const missing = Object.entries(exported)
        .filter(([name, value]) => isCodec(value) || (decoding.has(name) && !(name in NO_DECODERS)))
        .filter(([, value]) => !covered.has(value))
        .map(([name]) => name);
      assert.deepEqual(missing, [], `${file}: put it into test/fuzz/decoders, or say here why it is no decoder`);
    });
  }
});

function isCodec(value: unknown): boolean {
  return typeof value === "object" && value !== null && "read" in value && "write" in value;
}

/** The exported functions of a file whose first parameter is what somebody else may have sent. */
function decodersIn(file: string): ReadonlySet<string> {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ESNext, true);
  return new Set(
    source.statements
      .filter(ts.isFunctionDeclaration)
      .filter(({ parameters: [first] }) => first?.type !== undefined && TAKEN.has(first.type.getText(source)))
      .flatMap(({ name }) => (name === undefined ? [] : [name.text])),
  );
}
