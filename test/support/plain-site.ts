/** A site as most are: a page with a room that browsers may cache, another to go to, and one that deletes the site's data. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface PlainSite {
  /** The page with the room. */
  readonly room: string;
  /** Another page of the site. */
  readonly elsewhere: string;
  /** Answers with `Clear-Site-Data: "storage"`. */
  readonly forget: string;
  stop(): Promise<void>;
}

export async function startPlainSite({ provider, room }: { readonly provider: string; readonly room: string }) {
  const page = `<!doctype html><html lang="en"><title>A site</title>
    <script type="module" src="${provider}/mimi-room.js" crossorigin></script>
    <mimi-room provider="${provider}" room="${room}"></mimi-room></html>`;
  const server = createServer((request, response) => {
    const headers =
      request.url === "/forget"
        ? { "cache-control": "no-store", "clear-site-data": '"storage"' }
        : { "cache-control": "max-age=60" };
    response.writeHead(200, { "content-type": "text/html", ...headers });
    response.end(request.url === "/" ? page : "<!doctype html><title>Elsewhere</title>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const site: PlainSite = {
    room: `${url}/`,
    elsewhere: `${url}/elsewhere`,
    forget: `${url}/forget`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return site;
}
