import { network as real } from "../../src/transport/network.js";
import type { Fetch, OpenSocket, Socket, SocketEvents } from "../../src/transport/ports.js";
import type { FrameFault, RequestFault, SocketFault } from "./faults.js";
import type { VirtualClock } from "./virtual-clock.js";

const PASS: RequestFault = { kind: "pass" };
const GOOD: SocketFault = { refused: undefined, frames: [], end: "good" };

/**
 * The network of one browser, between it and the real provider: what happens to each request and each socket is chosen
 * beforehand. After the last fault, or {@link heal}, it is good; what was cut or silenced before stays so.
 */
export class FaultyNetwork {
  /** What was handed to the network to be sent, whether it arrived or not. */
  readonly sent: { readonly path: string; readonly body: Uint8Array }[] = [];
  readonly #clock: VirtualClock;
  #requests: RequestFault[];
  #sockets: SocketFault[];
  #offline = false;
  #underWay = 0;
  readonly #open = new Set<{ close(): void; heal(): void }>();

  constructor(clock: VirtualClock, requests: readonly RequestFault[], sockets: readonly SocketFault[]) {
    this.#clock = clock;
    this.#requests = [...requests];
    this.#sockets = [...sockets];
  }

  /** Whether something may still arrive at the provider that nobody waits for. */
  get isQuiet(): boolean {
    return this.#underWay === 0;
  }

  heal(): void {
    this.#requests = [];
    this.#sockets = [];
    this.#offline = false;
    for (const socket of this.#open) socket.heal();
  }

  cut(): void {
    this.#offline = true;
    for (const socket of [...this.#open]) socket.close();
  }

  restore(): void {
    this.#offline = false;
  }

  readonly fetch: Fetch = (url, init) => {
    if (init.body instanceof Uint8Array) this.sent.push({ path: new URL(url).pathname, body: init.body });
    if (this.#offline) return Promise.reject(new TypeError("the network is cut"));
    const answer = this.#answer(this.#requests.shift() ?? PASS, url, init);
    const aborted = new Promise<never>((_, reject) => {
      init.signal?.addEventListener("abort", () => reject(init.signal?.reason), { once: true });
    });
    return Promise.race([answer, aborted]);
  };

  async #answer(fault: RequestFault, url: string, init: RequestInit): Promise<Response> {
    switch (fault.kind) {
      case "pass":
        return this.#arrive(url, init);
      case "unsent":
        throw new TypeError("the request is lost");
      case "lost":
        await this.#arrive(url, init);
        throw new TypeError("the answer is lost");
      case "never":
        if (fault.arrives) this.#arrive(url, init).catch(() => undefined);
        return new Promise(() => {});
      case "slow": {
        await this.#later(fault.there);
        const answer = await this.#arrive(url, init);
        await this.#later(fault.back);
        return answer;
      }
      case "twice": {
        const second = this.#later(fault.gap).then(() => this.#arrive(url, init));
        const first = this.#arrive(url, init);
        const seen = fault.seen === "first" ? first : second;
        Promise.allSettled([first, second]);
        return await seen;
      }
      case "trouble": {
        if (fault.arrives) await this.#arrive(url, init);
        const headers = { "Retry-After": String(fault.retryAfter) };
        const code = fault.status === 429 ? "rateLimited" : fault.status === 503 ? "unavailable" : "internal";
        return Response.json({ code, message: "in trouble" }, { status: fault.status, headers });
      }
      case "page":
        return new Response("<html>Welcome to this hotel!</html>", { headers: { "Content-Type": "text/html" } });
      case "truncated": {
        const answer = await this.#arrive(url, init);
        const bytes = new Uint8Array(await answer.arrayBuffer());
        const { status, headers } = answer;
        if (status === 204) return new Response(null, { status });
        return new Response(bytes.subarray(0, Math.floor(bytes.length / 2)), { status, headers });
      }
    }
  }

  /** The request at the provider, whatever the client makes of it by then. */
  async #arrive(url: string, { signal: _, ...init }: RequestInit): Promise<Response> {
    const release = this.#clock.hold();
    this.#underWay += 1;
    try {
      const answer = await real.fetch(url, init);
      const body = await answer.arrayBuffer();
      if (this.#offline) throw new TypeError("the network is cut");
      const { status, headers } = answer;
      return new Response(status === 204 ? null : body, { status, headers });
    } finally {
      this.#underWay -= 1;
      release();
    }
  }

  #later(milliseconds: number): Promise<void> {
    this.#underWay += 1;
    return new Promise((resolve) => {
      this.#clock.after(milliseconds, () => {
        this.#underWay -= 1;
        resolve();
      });
    });
  }

  readonly openSocket: OpenSocket = (url, events) => {
    const fault = this.#sockets.shift() ?? GOOD;
    const refused = this.#offline ? 1006 : fault.refused;
    if (refused === undefined) return this.#connect(url, events, fault);
    queueMicrotask(() => events.closed(refused));
    return { send: () => {}, close: () => {} };
  };

  #connect(url: string, events: SocketEvents, fault: SocketFault): Socket {
    const frames = [...fault.frames];
    let end = fault.end;
    let closed = false;
    let silent = false;
    let release = this.#clock.hold();
    let hangUp = () => {};
    const handle = {
      close: () => finish(1006),
      heal: () => {
        frames.length = 0;
        end = "good";
      },
    };
    const finish = (code: number) => {
      release();
      if (closed) return;
      closed = true;
      this.#open.delete(handle);
      hangUp();
      if (!silent) events.closed(code);
    };
    const bring = (deliver: () => void) => {
      release();
      if (closed || silent) return;
      const faults: FrameFault = frames.shift() ?? { kind: "pass" };
      if (faults.kind === "late") this.#clock.after(faults.by, () => !closed && !silent && deliver());
      else for (let n = 0; n < TIMES[faults.kind]; n++) deliver();
      if (frames.length > 0 || end === "good") return;
      if (end === "closed") finish(1006);
      else silent = true;
    };
    this.#open.add(handle);
    const socket = real.openSocket(url, {
      opened: () => !closed && events.opened(),
      text: (frame) => bring(() => events.text(frame)),
      binary: (frame) => bring(() => events.binary(frame)),
      closed: finish,
    });
    hangUp = () => socket.close();
    return {
      send: (frame) => {
        if (closed || silent) return;
        if (isAnswered(frame)) {
          release();
          release = this.#clock.hold();
        }
        socket.send(frame);
      },
      close: () => {
        closed = true;
        release();
        this.#open.delete(handle);
        socket.close();
      },
    };
  }
}

const TIMES = { pass: 1, twice: 2, drop: 0 } as const;

/** The hub says nothing to an acknowledgement: a clock that waited for its answer would stand until the next frame of others. */
function isAnswered(frame: string): boolean {
  return JSON.parse(frame).type !== "acknowledged";
}
