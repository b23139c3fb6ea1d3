/** Every code of docs/provider-api.md with its HTTP status. */
const STATUS = {
  malformed: 400,
  unauthenticated: 401,
  invalidProof: 401,
  notAllowed: 403,
  originNotAllowed: 403,
  notSeated: 403,
  noSuchRoom: 404,
  noSuchRoute: 404,
  wrongEpoch: 409,
  epochTooOld: 409,
  noGroup: 409,
  groupExists: 409,
  roomExists: 409,
  logDiverged: 409,
  tooLarge: 413,
  invalidCommit: 422,
  invalidProposal: 422,
  invalidGroupInfo: 422,
  invalidKeyPackage: 422,
  invalidPolicy: 422,
  invalidRefusal: 422,
  rateLimited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type RefusalCode = keyof typeof STATUS;

/** What a refusal may tell besides its code. */
export interface RefusalDetails {
  /** The policy's or the hub's rule that says no. */
  readonly rule?: string;
  /** The epoch that a commit or message would have had to be of. */
  readonly currentEpoch?: bigint;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number;
}

/** A request that is answered with no: thrown where it is found out, turned into JSON once, at the door. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: RefusalCode;
  readonly details: RefusalDetails;

  constructor(code: RefusalCode, message: string, details: RefusalDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return STATUS[this.code];
  }

  /** `{ code, rule?, message, currentEpoch? }`, with `Retry-After` where there is one. */
  toResponse(): Response {
    const { rule, currentEpoch, retryAfter } = this.details;
    const body = {
      code: this.code,
      ...(rule === undefined ? {} : { rule }),
      message: this.message,
      ...(currentEpoch === undefined ? {} : { currentEpoch: Number(currentEpoch) }),
    };
    const headers = new Headers({ "cache-control": "no-store" });
    if (retryAfter !== undefined) headers.set("retry-after", String(retryAfter));
    return Response.json(body, { status: this.status, headers });
  }
}
