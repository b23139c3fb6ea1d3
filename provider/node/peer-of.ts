import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import type { Peer } from "../routes/environment.js";

/** Who is at the other end. Each trusted proxy has added one address at the end of X-Forwarded-For. */
export function peerOf(request: IncomingMessage, trustedProxies: number): Peer {
  const direct = request.socket.remoteAddress ?? "";
  const forwarded = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((hop) => hop.trim());
  const claimed = trustedProxies > 0 ? forwarded.at(-trustedProxies) : undefined;
  const local = request.headers["x-forwarded-for"] === undefined && /^(?:127\.|::1$|::ffff:127\.)/u.test(direct);
  return { ip: networkOf(claimed || direct), local };
}

/** One household or phone has a whole /64 of IPv6 addresses to ask from. */
function networkOf(address: string): string {
  // a zone ("%eth0") is the machine's own affair, and no part of a URL
  const ip = address.replace(/%.*$/su, "");
  if (!isIPv6(ip) || ip.startsWith("::ffff:")) return ip;
  const groups = new URL(`http://[${ip}]`).hostname.slice(1, -1).split("::");
  const head = groups[0]?.split(":") ?? [];
  return head.concat(Array<string>(8).fill("0")).slice(0, 4).join(":");
}
