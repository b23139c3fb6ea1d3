/** A site with a Content-Security-Policy of its own, whose page shows a room to its owner. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Stage } from "./stage.js";

export interface PolicedSite {
  readonly url: string;
  stop(): Promise<void>;
}

/** `policy` may name the nonce `n0nce`, which the page's scripts have. */
export async function startPolicedSite(stage: Stage, policy: string): Promise<PolicedSite> {
  const { provider, room, ownerKey } = stage;
  const page = `<!doctype html><html lang="en"><title>A site</title><link rel="icon" href="data:,">
    <script nonce="n0nce">
      addEventListener("DOMContentLoaded", () => {
        const element = document.createElement("mimi-room");
        Object.assign(element, { provider: "${provider}", room: "${room}", userKey: "${ownerKey}" });
        document.body.append(element);
      });
    </script>
    <script type="module" nonce="n0nce" src="${provider}/mimi-room.js" crossorigin></script><body></body></html>`;
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html", "content-security-policy": policy }).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
