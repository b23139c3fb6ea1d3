import { CLIENT_PROOF_LABEL, clientProofTBS } from "../codec/leaf-extensions.js";
import { encode } from "../codec/tls.js";
import { signWithLabel } from "../mls/signing.js";
import type { IdentityRecord } from "../storage/records.js";
import type { Challenge } from "../transport/provider-client.js";
import { ProviderRefusal } from "../transport/provider-refusal.js";
import type { EngineContext } from "./context.js";
import { leafIdentityOf } from "./identity.js";

/** A challenge that expires so soon is not begun with, in milliseconds. */
const MARGIN = 10_000;

/** This client's access to its provider: registers it, and keeps the token that the provider gives for that. */
export class Access {
  readonly #context: EngineContext;
  #challenge: Promise<Challenge> | undefined;
  #registering: { readonly clientUri: string; readonly token: Promise<string> } | undefined;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Fetches a challenge ahead of need, so that joining saves a round trip. */
  prefetch(): void {
    this.#challenge = this.#context.provider.challenge();
    // Who needs it asks again when this one failed.
    this.#challenge.catch(() => {
      this.#challenge = undefined;
    });
  }

  /** Calls `use` with a token; once more with a new one when the provider does not know the token any more. */
  async with<T>(use: (token: string) => Promise<T>): Promise<T> {
    try {
      return await use(await this.token(false));
    } catch (error) {
      if (!(error instanceof ProviderRefusal) || error.status !== 401) throw error;
      return use(await this.token(true));
    }
  }

  /**
   * The token; a new one with `renew`. Whether the one kept has expired is for the provider to say: a clock that is wrong
   * here would ask for a new one every time.
   */
  async token(renew: boolean): Promise<string> {
    const { identity } = this.#context;
    if (!renew && identity.token) return identity.token.token;
    // Not what was begun for the client of a seat that was left meanwhile.
    if (this.#registering?.clientUri === identity.clientUri) return this.#registering.token;
    const registering = { clientUri: identity.clientUri, token: this.#register(identity) };
    this.#registering = registering;
    return registering.token.finally(() => {
      if (this.#registering === registering) this.#registering = undefined;
    });
  }

  async #register(identity: IdentityRecord): Promise<string> {
    const { provider } = this.#context;
    const { challenge } = await this.#freshChallenge();
    const leaf = await leafIdentityOf(identity, this.#context.crypto);
    const { clientUri } = leaf;
    const token = await provider.register({
      clientUri,
      userKey: leaf.userKey,
      signatureKey: leaf.signatureKey,
      binding: leaf.bindingSignature,
      challenge,
      proof: await signWithLabel(
        identity.signatureKeyPair.privateKey,
        CLIENT_PROOF_LABEL,
        encode(clientProofTBS, { challenge, clientUri }),
      ),
    });
    return this.#context.step(async (memory) =>
      // Who left or restored another key meanwhile has no use for this token.
      memory.identity?.clientUri === clientUri
        ? { change: { identity: { ...memory.identity, token } }, result: token.token }
        : { result: token.token },
    );
  }

  async #freshChallenge(): Promise<Challenge> {
    const prefetched = await this.#challenge?.catch(() => undefined);
    this.#challenge = undefined;
    if (prefetched && prefetched.expiresAt > this.#context.ports.clock.now() + MARGIN) return prefetched;
    return this.#context.provider.challenge();
  }
}
