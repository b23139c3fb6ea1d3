import type { OpenChannel, TabChannelPort } from "./ports.js";
import type { LeadersMessage, TabMessage } from "./tab-message.js";

interface TabChannelEvents {
  /** A tab of this release said something. */
  heard(message: TabMessage): void;
  /** A tab of an earlier release leads, or thinks so. */
  olderLeads(): void;
  /** There is a tab of a later release. */
  newer(): void;
}

const LEADERS: ReadonlySet<string> = new Set<LeadersMessage["kind"]>(["answer", "event", "lead", "alive"]);

/**
 * The channel among the tabs of one seat. Every message names the release of the code that sent it, and only tabs of one release
 * listen to each other: an earlier one learns that there is a later one, and nothing else.
 */
export class TabChannel {
  readonly #port: TabChannelPort;
  readonly #release: number;
  readonly #events: TabChannelEvents;
  #closed = false;

  constructor(options: {
    readonly open: OpenChannel;
    readonly name: string;
    readonly release: number;
    readonly events: TabChannelEvents;
  }) {
    this.#release = options.release;
    this.#events = options.events;
    this.#port = options.open(options.name, (heard) => this.#hear(heard));
  }

  /** Says something; nothing once the channel is closed. */
  readonly post = (message: TabMessage): void => {
    if (!this.#closed) this.#port.post({ ...message, release: this.#release });
  };

  close(): void {
    this.#closed = true;
    this.#port.close();
  }

  #hear(heard: unknown): void {
    if (!isMessage(heard)) return;
    const { release = 0 } = heard;
    if (release > this.#release) this.#events.newer();
    else if (release === this.#release) this.#events.heard(heard);
    else {
      this.post({ kind: "hello" });
      if (LEADERS.has(heard.kind)) this.#events.olderLeads();
    }
  }
}

/** Only this product speaks on the channel, whose name is the seat's. */
function isMessage(heard: unknown): heard is TabMessage & { readonly release?: number } {
  return typeof heard === "object" && heard !== null && "kind" in heard;
}
