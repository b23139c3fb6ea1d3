import { encodeGroup } from "../../src/mls/stored-group.js";
import { ApiMember } from "./api-member.js";
import { NonceAudit } from "./nonce-audit.js";

/** A member that reads everything the room's log ever brings, and says when a key and nonce were used twice. */
export class LogWitness {
  readonly #audit = new NonceAudit();

  private constructor(private readonly member: ApiMember) {}

  /** Makes a room that this member is in from the start. */
  static async makeRoom(provider: string): Promise<LogWitness> {
    const witness = new LogWitness(await ApiMember.register(provider, "Witness"));
    await witness.member.createRoom(crypto.randomUUID());
    return witness;
  }

  /** URI of its room. */
  get room(): string {
    return this.member.room;
  }

  /** Reads the log to its end. Resolves with how many ciphertexts there were; throws when two share a key and nonce. */
  async read(): Promise<number> {
    const { events, more } = await this.member.page();
    for (const event of events) {
      await this.member.hear(event);
      this.#audit.group(encodeGroup(this.member.joined()));
      this.#audit.message(event.message);
    }
    return more ? this.read() : this.#audit.check();
  }
}
