/** What a refusal says (docs/provider-api.md, "Codes"). */
export interface RefusalFields {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The rule of the policy that denied it. */
  readonly rule?: string | undefined;
  /** With `wrongEpoch` and `epochTooOld`: the epoch that the hub is at. */
  readonly currentEpoch?: bigint | undefined;
  /** With `rateLimited` and `unavailable`: milliseconds to wait, five minutes at most. */
  readonly retryAfter?: number | undefined;
}

/** The provider answered, and said no: definite, unless its status is 500 or above. */
export class ProviderRefusal extends Error {
  override readonly name = "ProviderRefusal";
  readonly status: number;
  readonly code: string;
  readonly rule: string | undefined;
  readonly currentEpoch: bigint | undefined;
  readonly retryAfter: number | undefined;

  constructor(fields: RefusalFields) {
    super(`${fields.code}: ${fields.message}`);
    this.status = fields.status;
    this.code = fields.code;
    this.rule = fields.rule;
    this.currentEpoch = fields.currentEpoch;
    this.retryAfter = fields.retryAfter;
  }

  /** Whether the request certainly had no effect and will have none: a provider in trouble has not decided anything. */
  get definite(): boolean {
    return this.status < 500 && this.status !== 429;
  }
}

/** No answer came, or none of a provider's: whether the request had an effect is not known. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** Whether nothing is known of what became of a request: it is to be made again, the same, later. */
export function isUndecided(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof ProviderRefusal && !error.definite);
}
