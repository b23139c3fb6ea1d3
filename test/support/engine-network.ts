import { type RoomEvent, roomEvent } from "../../src/codec/hub-messages.js";
import { decode, encode } from "../../src/codec/tls.js";
import { network as real } from "../../src/transport/network.js";
import type { Fetch, OpenSocket, Socket } from "../../src/transport/ports.js";

/** The network of one browser: the real one, which a test can cut, and whose answers it can lose. */
export class Network {
  #offline = false;
  readonly #sockets = new Set<() => void>();
  #elsewhere: string | undefined;
  readonly #losing: { readonly path: string; lost(): void }[] = [];
  #frames: (event: RoomEvent, frame: Uint8Array) => readonly Uint8Array[] = (_, frame) => [frame];
  #body: (path: string, body: Uint8Array) => Uint8Array = (_, body) => body;
  readonly #answers: { readonly path: string; make(): Response }[] = [];
  /** Paths of requests that reached the provider, in order. */
  readonly requests: string[] = [];

  readonly fetch: Fetch = async (address, init) => {
    if (this.#offline) throw new TypeError("the network is cut");
    const url = this.#ledTo(address);
    const path = new URL(url).pathname;
    const body = init.body instanceof Uint8Array ? { body: new Uint8Array(this.#body(path, init.body)) } : {};
    const invented = this.#answers.find((each) => path.endsWith(each.path));
    const answer = invented ? invented.make() : await real.fetch(url, { ...init, ...body });
    this.requests.push(path);
    const loss = this.#losing.findIndex((losing) => path.endsWith(losing.path));
    if (loss >= 0) {
      const [losing] = this.#losing.splice(loss, 1);
      losing?.lost();
      throw new TypeError("the answer is lost");
    }
    if (this.#offline) throw new TypeError("the network is cut");
    return answer;
  };

  readonly openSocket: OpenSocket = (address, events) => {
    const url = this.#ledTo(address);
    let cut = false;
    let socket: Socket | undefined;
    const end = () => {
      if (cut) return;
      cut = true;
      this.#sockets.delete(end);
      socket?.close();
      events.closed(1006);
    };
    if (this.#offline) {
      queueMicrotask(end);
      return { send: () => {}, close: end };
    }
    this.#sockets.add(end);
    socket = real.openSocket(url, {
      opened: () => !cut && events.opened(),
      text: (frame) => !cut && events.text(frame),
      binary: (frame) => {
        if (cut) return;
        for (const each of this.#frames(decode(roomEvent, frame), frame)) events.binary(each);
      },
      closed: end,
    });
    return socket;
  };

  /** Cuts the network: nothing comes through, and what is under way is lost. */
  cut(): void {
    this.#offline = true;
    for (const end of [...this.#sockets]) end();
  }

  restore(): void {
    this.#offline = false;
  }

  /** From now on everything comes to another provider, in the name of the one that is meant. */
  leadTo(provider: string): void {
    this.#elsewhere = new URL(provider).host;
    for (const end of [...this.#sockets]) end();
  }

  #ledTo(address: string): string {
    if (this.#elsewhere === undefined) return address;
    const url = new URL(address);
    url.host = this.#elsewhere;
    return url.href;
  }

  /** The next request to a path that ends so succeeds, and its answer does not arrive. Resolves when that happened. */
  loseAnswer(path: string): Promise<void> {
    return new Promise((lost) => {
      this.#losing.push({ path, lost });
    });
  }

  /** Requests to a path that ends so come to nobody, and are answered by what `make` makes. */
  answer(path: string, make: () => Response): void {
    this.#answers.push({ path, make });
  }

  /** The socket brings what `frames` makes of each event. */
  tamperEvents(frames: (event: RoomEvent, frame: Uint8Array) => readonly Uint8Array[]): void {
    this.#frames = frames;
  }

  /** The next commit that the socket brings is misread, once: as if the hub published another key than the epoch's. */
  misreadCommit(): void {
    let misread = false;
    this.tamperEvents((event, frame) => {
      if (misread || event.externalPub.length === 0) return [frame];
      misread = true;
      return [encode(roomEvent, { ...event, externalPub: new Uint8Array(32).fill(9) })];
    });
  }

  /** The provider is sent what `body` makes of each binary body. */
  tamperRequests(body: (path: string, body: Uint8Array) => Uint8Array): void {
    this.#body = body;
  }
}
