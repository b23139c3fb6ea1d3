import type { Clock, Fetch, OpenSocket, Random } from "./ports.js";

/** The platform's own HTTP, sockets, time and chance. */
export const network: { fetch: Fetch; openSocket: OpenSocket; clock: Clock; random: Random } = {
  fetch: (url, init) => fetch(url, init),

  openSocket(url, events) {
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => events.opened();
    socket.onclose = (event) => events.closed(event.code);
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
      typeof data === "string" ? events.text(data) : events.binary(new Uint8Array(data));
    return { send: (frame) => socket.send(frame), close: () => socket.close() };
  },

  clock: {
    now: () => Date.now(),
    after(milliseconds, then) {
      const timer = setTimeout(then, milliseconds);
      return () => clearTimeout(timer);
    },
  },

  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
};
