/** The least that a server can do: hand a binary message to every other socket. What the provider is compared with. */
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { answerParent, usage } from "../support/child.js";

export type BroadcastQuestion =
  | { readonly kind: "start" }
  | { readonly kind: "usage" }
  /** Sends so many octets to everybody; the first eight are the number. */
  | { readonly kind: "broadcast"; readonly number: number; readonly octets: number };

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
const listening = new Promise((resolve) => server.once("listening", resolve));

answerParent<BroadcastQuestion>(async (question) => {
  await listening;
  if (question.kind === "usage") return usage();
  if (question.kind === "start") return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const frame = Buffer.alloc(question.octets);
  frame.writeBigUInt64BE(BigInt(question.number));
  for (const socket of server.clients) socket.send(frame);
  return {};
});

process.once("SIGTERM", () => process.exit(0));
