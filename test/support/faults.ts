/** What a bad network, or a provider in trouble, does to one request. Times are in milliseconds. */
export type RequestFault =
  | { readonly kind: "pass" }
  /** It does not reach the provider, and the client is told. */
  | { readonly kind: "unsent" }
  /** It reaches the provider, and the answer is lost. */
  | { readonly kind: "lost" }
  /** No answer ever comes; the request arrives or not. */
  | { readonly kind: "never"; readonly arrives: boolean }
  /** Request and answer take their time: either may come after the client gave up. */
  | { readonly kind: "slow"; readonly there: number; readonly back: number }
  /** It reaches the provider twice; the client sees one of the answers. */
  | { readonly kind: "twice"; readonly gap: number; readonly seen: "first" | "second" }
  /** A refusal that decides nothing; whether the request had its effect is not to be seen. */
  | {
      readonly kind: "trouble";
      readonly status: 429 | 500 | 503;
      readonly retryAfter: number;
      readonly arrives: boolean;
    }
  /** A success that is somebody else's page. */
  | { readonly kind: "page" }
  /** The answer breaks off. */
  | { readonly kind: "truncated" };

/** What happens to one frame that a socket brings. */
export type FrameFault =
  | { readonly kind: "pass" | "twice" | "drop" }
  /** It comes later than those after it. */
  | { readonly kind: "late"; readonly by: number };

/** What happens to one socket: to its frames one by one, and then to itself. */
export interface SocketFault {
  /** The code that it is closed with before it opens. */
  readonly refused: 1006 | 1013 | undefined;
  readonly frames: readonly FrameFault[];
  /** `silent`: nothing comes through either way any more, and nobody says so. */
  readonly end: "good" | "silent" | "closed";
}

/** What a person does. */
export type Action =
  | { readonly kind: "say"; readonly count: number }
  /** Leaves, and comes back. */
  | { readonly kind: "leave" }
  /** The page goes in whatever it is doing, and is there anew. */
  | { readonly kind: "reload" }
  /** The network is gone for so long. */
  | { readonly kind: "offline"; readonly milliseconds: number }
  | { readonly kind: "wait"; readonly milliseconds: number };

/** One person: what is done, and what happens to the requests and sockets meanwhile, in the order that they are made. */
export interface Part {
  readonly actions: readonly Action[];
  readonly requests: readonly RequestFault[];
  readonly sockets: readonly SocketFault[];
}

/** What some people do at once in one room over bad networks. The first of them makes the room. */
export type Schedule = readonly Part[];
