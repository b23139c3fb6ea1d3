import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Refusal } from "../refusal.js";

/** Answers a connection that never became a request, and ends it. */
export async function refuseConnection(socket: Duplex, refusal: Refusal): Promise<void> {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = await refusal.toResponse().text();
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ""}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Access-Control-Allow-Origin: *",
    "Connection: close",
  ];
  socket.once("finish", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
