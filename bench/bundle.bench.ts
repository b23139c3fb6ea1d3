/** What a visitor downloads: the one file with elements and worker, as a good server sends it. */
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";
import { printFigure } from "./figure.js";

const KIB = 1024;
const file = readFileSync(new URL("../dist/mimi-room.js", import.meta.url));
const compressed = brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: file.length } });

printFigure({ name: "mimi-room.js, brotli", unit: "KiB", value: compressed.length / KIB, limit: 98 });
printFigure({ name: "mimi-room.js, uncompressed", unit: "KiB", value: file.length / KIB });
