/** So many points in so many seconds. */
export interface Rate {
  readonly points: number;
  readonly seconds: number;
}

/** What bounds the work that anybody can make for the provider. */
export interface Limits {
  /** Octets of one PrivateMessage. */
  readonly messageBytes: number;
  /** Octets of a request that carries a commit or a group. */
  readonly updateBytes: number;
  /** Octets of a JSON request. */
  readonly jsonBytes: number;
  /** Octets of all request bodies in memory at once, and of those of one address. */
  readonly bodyBytes: number;
  readonly bodyBytesPerIp: number;
  /**
   * Octets of one leaf, of a GroupInfo and of a proposal. Everybody's next commit carries the tree of all leaves: without
   * a bound on each of them a few members could make it too large for `updateBytes`, and nobody could commit any more.
   */
  readonly leafBytes: number;
  readonly groupInfoBytes: number;
  readonly proposalBytes: number;
  /** Octets of one KeyPackage: its leaf, and what stands around it. */
  readonly keyPackageBytes: number;
  /** KeyPackages of one client, its last resort aside. */
  readonly keyPackagesPerClient: number;
  /** Clients in one room. */
  readonly membersPerRoom: number;
  /** Rooms at this provider. */
  readonly rooms: number;
  /** Origins that one room may name. */
  readonly originsPerRoom: number;
  /** Events in one page, and octets of their messages. */
  readonly pageEvents: number;
  readonly pageBytes: number;
  /** Challenges outstanding at once, and how long one is good, in milliseconds. */
  readonly challenges: number;
  readonly challengeMs: number;
  /** How long an access token is good, in milliseconds; tokens of one client at once. */
  readonly tokenMs: number;
  readonly tokensPerClient: number;
  /** Event streams at once, of all and of one address, and rooms that one may follow. */
  readonly streams: number;
  readonly streamsPerIp: number;
  readonly roomsPerStream: number;
  /** Octets waiting for a slow consumer before it is cut. */
  readonly streamBacklogBytes: number;
  /** How long an event stream has to authenticate, and between two signs of life, in milliseconds. */
  readonly authenticateMs: number;
  readonly heartbeatMs: number;
  /** How often expired tokens are swept out, in milliseconds. */
  readonly sweepMs: number;
  /**
   * After a commit or proposal two clients are asked whether they follow it, and two others each time that so many milliseconds have passed. A
   * refusal waits so many for somebody who does; so many refusals wait at once.
   */
  readonly askAgainMs: number;
  readonly refusalMs: number;
  readonly refusalsWaiting: number;
  /** Commits and proposals of one room without anybody's word, and for how many milliseconds; then the oldest stands. */
  readonly provisionalEvents: number;
  readonly provisionalMs: number;
  /** For how many milliseconds a user whose commit or proposal was taken back makes none in the room. */
  readonly barMs: number;
  /** Rooms whose group is kept in memory. */
  readonly liveRooms: number;
}

/** Rates an address and a client. */
export interface Rates {
  readonly requestsPerIp: Rate;
  readonly registrationsPerIp: Rate;
  readonly roomsPerIp: Rate;
  readonly messagesPerClient: Rate;
  readonly updatesPerClient: Rate;
}

/** What an operator decides. */
export interface ProviderConfig {
  /** Where browsers reach this provider, without a trailing slash. */
  readonly publicUrl: string;
  readonly limits: Limits;
  readonly rates: Rates;
  /** Bearer token for /metrics; without one only the machine itself may read them. */
  readonly metricsToken?: string;
}

const KIB = 1024;
const MINUTE = 60_000;

export const defaultLimits: Limits = {
  messageBytes: 64 * KIB,
  updateBytes: 4 * KIB * KIB,
  jsonBytes: 16 * KIB,
  bodyBytes: 256 * KIB * KIB,
  bodyBytesPerIp: 64 * KIB * KIB,
  leafBytes: 1280,
  groupInfoBytes: 256 * KIB,
  proposalBytes: 4 * KIB,
  keyPackageBytes: 1536,
  keyPackagesPerClient: 20,
  membersPerRoom: 2000,
  rooms: 100_000,
  originsPerRoom: 50,
  pageEvents: 200,
  pageBytes: KIB * KIB,
  challenges: 20_000,
  challengeMs: 2 * MINUTE,
  tokenMs: 24 * 60 * MINUTE,
  tokensPerClient: 8,
  streams: 10_000,
  streamsPerIp: 2000,
  roomsPerStream: 64,
  streamBacklogBytes: KIB * KIB,
  authenticateMs: 10_000,
  heartbeatMs: 30_000,
  sweepMs: 60 * MINUTE,
  askAgainMs: 2000,
  refusalMs: 3000,
  refusalsWaiting: 2000,
  provisionalEvents: 32,
  provisionalMs: 10 * MINUTE,
  barMs: 60 * MINUTE,
  liveRooms: 500,
};

// A whole conference stands behind one address, so what counts an address is generous; what counts a client is not.
export const defaultRates: Rates = {
  requestsPerIp: { points: 6000, seconds: 60 },
  registrationsPerIp: { points: 1200, seconds: 60 },
  roomsPerIp: { points: 60, seconds: 3600 },
  messagesPerClient: { points: 60, seconds: 10 },
  updatesPerClient: { points: 60, seconds: 10 },
};

/** The domain of every URI that this provider mints: the host of its public address, with the port where it has one. */
export function domainOfUrl(publicUrl: string): string {
  return new URL(publicUrl).host.toLowerCase();
}
