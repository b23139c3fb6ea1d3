import type { Hono } from "hono";
import { Refusal } from "../refusal.js";
import type { Environment, RouteContext } from "./environment.js";

/** A file that the provider hands out. */
export interface Asset {
  readonly contentType: string;
  /** Strong, of the uncompressed content. */
  readonly etag: string;
  /** The content, as it is and compressed; a coding that does not pay is absent. */
  readonly encodings: { readonly identity: Uint8Array; readonly br?: Uint8Array; readonly gzip?: Uint8Array };
  /** Whether the name changes when the content does. */
  readonly immutable: boolean;
}

/** Finds the file of a URL path (`/mimi-room.js`), or of the hosted page (`/`). */
export type Assets = (path: string) => Promise<Asset | undefined>;

/** What a site embeds: `/mimi-room.js`, `/mimi-worker.js`, `/sri.json`, the organisers' tools. The hosted page: `/`, `/r/{room}`, and its parts. */
export function assetRoutes(app: Hono<Environment>, assets: Assets, publicUrl: string): void {
  const policy = contentSecurityPolicy(publicUrl);
  const page = async (context: RouteContext) => {
    const asset = await assets("/");
    if (asset === undefined) throw new Refusal("unavailable", "the room page has not been built");
    const response = respond(context, asset);
    for (const [name, value] of Object.entries(policy)) response.headers.set(name, value);
    return response;
  };
  app.get("/", page);
  app.get("/r/:room", page);
  app.get("*", async (context, next) => {
    const asset = await assets(context.req.path);
    return asset === undefined ? await next() : respond(context, asset);
  });
}

function respond(context: RouteContext, asset: Asset): Response {
  const headers = new Headers({
    "content-type": asset.contentType,
    "cache-control": asset.immutable ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate",
    etag: asset.etag,
    vary: "Accept-Encoding",
  });
  if (context.req.header("if-none-match") === asset.etag) return new Response(null, { status: 304, headers });
  const coding = codingFor(asset, context.req.header("accept-encoding") ?? "");
  if (coding !== "identity") headers.set("content-encoding", coding);
  return new Response(new Uint8Array(asset.encodings[coding] ?? asset.encodings.identity), { headers });
}

function codingFor({ encodings }: Asset, accepted: string): "br" | "gzip" | "identity" {
  const names = accepted.split(",").map((part) => part.split(";"));
  const takes = (name: string) => names.some(([coding, q]) => coding?.trim() === name && q?.trim() !== "q=0");
  if (encodings.br !== undefined && takes("br")) return "br";
  return encodings.gzip !== undefined && takes("gzip") ? "gzip" : "identity";
}

/** The room page runs its own script, its worker from a blob, and talks to its own provider: nothing else. */
function contentSecurityPolicy(publicUrl: string): Readonly<Record<string, string>> {
  const socket = publicUrl.replace(/^http/u, "ws");
  const directives = [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self' blob:",
    `connect-src 'self' ${socket}`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html mimi",
  ];
  return {
    "content-security-policy": directives.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
  };
}
