import { fromBase64Url, toBase64Url, utf8 } from "../../../src/codec/bytes.js";
import { encodeContent } from "../../../src/content/encode-content.js";
import { readAddress, readProvider } from "../../../src/engine/address.js";
import { openKit } from "../../../src/engine/kit.js";
import { readNickname } from "../../../src/engine/read-nickname.js";
import { entryContentOf } from "../../../src/engine/timeline.js";
import { importUserKey } from "../../../src/engine/user-key.js";
import { generateUserKey } from "../../../src/mls/signing.js";
import { contentOf } from "../../support/content.js";
import { codecErrorCode, contentErrorCode, problemCode } from "../declared-errors.js";
import { bytesOf, type Decoder, textOf } from "../decoder.js";
import { varyJson } from "../make-case.js";
import { textDecoder } from "../text-decoder.js";

const PASSPHRASE = "correct horse battery staple";
/** Stretching a passphrase is slow on purpose; more rounds than this are not asked for here. */
const ROUNDS = 1000;

export const engineDecoders: readonly Decoder[] = [
  {
    name: "engine/openKit",
    covers: [openKit],
    weight: 6,
    async open() {
      const kit = await sealedKit();
      return {
        corpus: [kit],
        vary: (chance, valid) => {
          const varied = varyJson(chance, valid);
          return varied === undefined ? undefined : withFewRounds(varied);
        },
        read: (input) => openKit(withFewRounds(textOf(input)), PASSPHRASE),
        codeOf: problemCode,
      };
    },
  },
  {
    name: "engine/readAddress",
    covers: [readAddress],
    weight: 8,
    open: () => ({
      corpus: [
        JSON.stringify(["https://provider.example", "mimi://provider.example/r/keynote"]),
        JSON.stringify(["http://127.0.0.1:8787/base/", "im:mimi=#room@127.0.0.1:8787"]),
      ],
      vary: varyJson,
      read: (input) => {
        const [provider, room] = pairOf(textOf(input));
        const read = readAddress({ provider, room });
        const again = readAddress(read);
        if (again.provider !== read.provider || again.room !== read.room)
          throw new TypeError("one room, two spellings");
        return read;
      },
      codeOf: problemCode,
    }),
  },
  textDecoder({
    name: "engine/readProvider",
    covers: [readProvider],
    corpus: ["https://provider.example", "http://localhost:8787/a//"],
    read: readProvider,
    codeOf: (error) => (error instanceof TypeError ? "notAUrl" : undefined),
  }),
  textDecoder({
    name: "engine/readNickname",
    covers: [readNickname],
    corpus: ["Ada", "Zoë"],
    read: readNickname,
    codeOf: problemCode,
  }),
  {
    name: "engine/importUserKey",
    covers: [importUserKey],
    weight: 2,
    async open() {
      const { privateKey } = await generateUserKey(true);
      const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
      return {
        corpus: [toBase64Url(pkcs8)],
        async read(input) {
          const { publicKey } = await importUserKey(fromBase64Url(textOf(input)));
          return new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
        },
        codeOf: (error) => problemCode(error) ?? codecErrorCode(error),
      };
    },
  },
  {
    name: "engine/entryContentOf",
    covers: [entryContentOf],
    weight: 4,
    open: () => ({
      corpus: [encodeContent(contentOf())],
      read: (input) => entryContentOf(bytesOf(input)),
      codeOf: contentErrorCode,
    }),
  },
];

/** A kit as {@link openKit} takes it, made in few rounds. */
async function sealedKit(): Promise<string> {
  const names = ["https://provider.example", "mimi://provider.example/r/keynote", "mimi://provider.example/u/alice"];
  const [provider, room, userUri] = names;
  const [salt, iv] = [new Uint8Array(16).fill(1), new Uint8Array(12).fill(2)];
  const secret = await crypto.subtle.importKey("raw", utf8(PASSPHRASE), "PBKDF2", false, ["deriveKey"]);
  const kdf = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  const key = await crypto.subtle.deriveKey(kdf, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const gcm = { name: "AES-GCM", iv, additionalData: utf8(JSON.stringify(names)) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(gcm, key, new Uint8Array(48)));
  const fields = { v: 1, provider, room, userUri, kdf: "PBKDF2-SHA-256", iterations: ROUNDS };
  return JSON.stringify({ ...fields, salt: toBase64Url(salt), iv: toBase64Url(iv), key: toBase64Url(sealed) });
}

function withFewRounds(document: string): string {
  return document.replace(/("iterations"\s*:\s*)(\d{4,7})(?!\d)/u, `$1${ROUNDS}`);
}

function pairOf(text: string): [string, string] {
  try {
    const [provider, room] = JSON.parse(text) as [unknown, unknown];
    return [String(provider), String(room)];
  } catch {
    return [text, text];
  }
}
