import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Asset, Assets } from "../routes/assets.js";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json; charset=utf-8",
  webmanifest: "application/manifest+json",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  woff2: "font/woff2",
};

const EMBEDDED = ["/mimi-room.js", "/mimi-worker.js", "/sri.json"];

/** Their name changes with their content. */
const ORGANISER_TOOLS = /^\/mimi-room-organiser-[0-9a-f]{16}\.js$/u;

/** The built files, compressed once, when first asked for or when the file has changed. */
export function builtFiles(distDir: string): Assets {
  const kept = new Map<string, { readonly stamp: string; readonly asset: Promise<Asset> }>();
  const assets: Assets = async (path) => {
    const name = path === "/" ? "/index.html" : path;
    // no segment begins with a dot, so no path leads out of the folder
    if (!/^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*){1,4}$/u.test(name)) return undefined;
    const embedded = EMBEDDED.includes(name) || ORGANISER_TOOLS.test(name);
    const file = join(distDir, embedded ? "" : "app", name);
    const status = await stat(file).catch(() => undefined);
    if (!status?.isFile()) return undefined;
    const stamp = `${status.mtimeMs} ${status.size}`;
    const known = kept.get(name);
    if (known?.stamp === stamp) return await known.asset;
    const asset = readAsset(file, name.startsWith("/assets/") || ORGANISER_TOOLS.test(name));
    kept.set(name, { stamp, asset });
    asset.catch(() => kept.delete(name));
    return await asset;
  };
  for (const path of ["/", ...EMBEDDED]) assets(path).catch(() => undefined);
  return assets;
}

async function readAsset(file: string, immutable: boolean): Promise<Asset> {
  const identity = await readFile(file);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: identity.length };
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(identity, { params }),
    promisify(gzip)(identity, { level: 9 }),
  ]);
  const pays = (bytes: Buffer) => bytes.length < identity.length * 0.95;
  return {
    contentType: CONTENT_TYPES[file.slice(file.lastIndexOf(".") + 1)] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(identity).digest("base64url").slice(0, 22)}"`,
    encodings: { identity, ...(pays(br) ? { br } : {}), ...(pays(gz) ? { gzip: gz } : {}) },
    immutable,
  };
}
