import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A site that embeds a room, as any customer's: on an origin of its own. */
export interface HostOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** The address to listen on; the loopback one unless given. */
  readonly host?: string;
  /** The provider's base URL, without a trailing slash. */
  readonly provider: string;
  /** Where this server reaches the provider itself, for the hash of its script; as browsers do unless given. */
  readonly localProvider?: string;
  /** The room's URI. */
  readonly room: string;
  /** Rooms that show a preset each, under `/rooms/{id}`. */
  readonly presets?: readonly ShownPreset[];
  /** Whether violations of the page's policy are to be reported to the server itself: for tests. */
  readonly collectReports?: boolean;
}

/** A room that shows a preset. */
export interface ShownPreset {
  readonly id: string;
  readonly name: string;
  readonly means: string;
  /** The room's URI. */
  readonly room: string;
}

export interface RunningHost {
  readonly url: string;
  /** Bodies of the policy reports that browsers have sent. */
  readonly reports: readonly string[];
  stop(): Promise<void>;
}

const REPORTS_PATH = "/csp-reports";
const MAX_REPORT_OCTETS = 64 * 1024;

/** The policy of a careful site: nothing is allowed but what the room needs (docs/embedding.md). */
export function hostPolicy(provider: string): string {
  return [
    "default-src 'none'",
    `script-src ${provider}`,
    "worker-src blob:",
    `connect-src ${provider} ${provider.replace(/^http/u, "ws")}`,
    "style-src 'self'",
    "img-src data:",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html mimi",
  ].join("; ");
}

/** Starts the site. Rejects when the port is taken. */
export async function startHostServer(options: HostOptions): Promise<RunningHost> {
  const reports: string[] = [];
  const server = createServer((request, response) => {
    answer(options, reports, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host ?? "127.0.0.1", resolve);
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    reports,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  options: HostOptions,
  reports: string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  if (options.collectReports && pathname === REPORTS_PATH && request.method === "POST") {
    reports.push(await bodyOf(request));
    response.writeHead(204).end();
    return;
  }
  const shown = options.presets?.find(({ id }) => pathname === `/rooms/${id}`);
  if (pathname === "/" || shown !== undefined) {
    const policy = hostPolicy(options.provider);
    const html = shown === undefined ? await page("host.html", options) : await presetPage(shown, options);
    response
      .writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "content-security-policy": options.collectReports ? `${policy}; report-uri ${REPORTS_PATH}` : policy,
      })
      .end(html);
    return;
  }
  if (pathname === "/host.css") {
    const styles = await readFile(new URL("host.css", import.meta.url));
    response.writeHead(200, { "content-type": "text/css; charset=utf-8", "cache-control": "no-cache" }).end(styles);
    return;
  }
  response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("not found");
}

async function presetPage(shown: ShownPreset, options: HostOptions): Promise<string> {
  const html = await page("presets.html", { ...options, room: shown.room });
  const links = (options.presets ?? []).map(({ id, name }) => {
    const current = id === shown.id ? ' aria-current="page"' : "";
    return `<a href="/rooms/${escaped(id)}"${current}>${escaped(name)}</a>`;
  });
  return html
    .replaceAll("{{name}}", escaped(shown.name))
    .replaceAll("{{means}}", escaped(shown.means))
    .replaceAll("{{links}}", links.join(""));
}

async function page(file: string, { provider, localProvider = provider, room }: HostOptions): Promise<string> {
  const html = await readFile(new URL(file, import.meta.url), "utf8");
  const integrity = await integrityOf(localProvider);
  return (integrity === undefined ? html.replace(' integrity="{{integrity}}"', "") : html)
    .replaceAll("{{provider}}", escaped(provider))
    .replaceAll("{{room}}", escaped(room))
    .replaceAll("{{integrity}}", escaped(integrity ?? ""));
}

/** The hash of the script as the provider's build printed it; a real site pastes it once. */
async function integrityOf(provider: string): Promise<string | undefined> {
  const response = await fetch(`${provider}/sri.json`);
  if (!response.ok) return undefined;
  const hashes: unknown = await response.json();
  if (typeof hashes !== "object" || hashes === null || !("mimi-room.js" in hashes)) return undefined;
  const hash = hashes["mimi-room.js"];
  return typeof hash === "string" ? hash : undefined;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MAX_REPORT_OCTETS) break;
  }
  return body;
}
