import { fromUtf8, toHex, utf8 } from "../../src/codec/bytes.js";
import {
  CORE_CRYPTO_ED25519,
  CORE_CRYPTO_SUITE,
  type CommitBundle,
  type Context,
  type CoreCrypto,
  type CoreCryptoModule,
  loadCoreCrypto,
  type Opaque,
} from "./core-crypto.js";
import type { Heard, Peer, Sent, Wish } from "./peer.js";

/** Octets of version and wire format before the GroupInfo in an MLSMessage; core-crypto takes it without them. */
const MESSAGE_HEADER = 4;
const DATABASE_KEY_LENGTH = 32;

/** A client of core-crypto, which is OpenMLS behind an API of Wire's. */
export class OpenMlsPeer implements Peer {
  readonly implementation = "OpenMLS";
  #group: Opaque | undefined;
  #isIn = false;
  #sent: CommitBundle[] = [];
  #credential: Opaque | undefined;

  private constructor(
    readonly id: string,
    private readonly module: CoreCryptoModule,
    private readonly client: CoreCrypto,
  ) {}

  /** Its state is in memory, or in the IndexedDB database of that name. */
  static async make(name?: string): Promise<OpenMlsPeer> {
    const module = await loadCoreCrypto();
    const id = new module.ClientId(new module.Uuid(crypto.randomUUID()), new module.DeviceId(1n), "example.com");
    const { Database, DatabaseKey } = module;
    const key = () => new DatabaseKey(crypto.getRandomValues(new Uint8Array(DATABASE_KEY_LENGTH)));
    const database = name === undefined ? Database.inMemory() : Database.open(name, key());
    const client = module.CoreCrypto.new(await database);
    const peer = new OpenMlsPeer(fromUtf8(id.copyBytes()), module, client);
    const transport = {
      async sendCommitBundle(bundle: CommitBundle) {
        peer.#sent.push(bundle);
      },
      prepareForTransport: async ({ data }: { readonly data: Uint8Array }) => data,
    };
    peer.#credential = await client.transaction(async (context) => {
      await context.mlsInit(id, transport);
      return context.addCredential(module.Credential.basic(CORE_CRYPTO_SUITE, id));
    });
    return peer;
  }

  offer(): Promise<Uint8Array> {
    return this.#transact(async (context) => (await context.generateKeyPackage(this.#own)).serialize());
  }

  async found(groupId: Uint8Array, externalSender?: Uint8Array): Promise<void> {
    const { ConversationId, ExternalSender } = this.module;
    const group = new ConversationId(groupId);
    const sender = externalSender && ExternalSender.parsePublicKey(externalSender, CORE_CRYPTO_ED25519);
    await this.#transact((context) => context.createConversation(group, this.#own, sender));
    this.#enter(group);
  }

  /** One kind of change a commit is what core-crypto offers; of what is pending, it takes all along. */
  commit({ add = [], remove = [] }: Wish = {}): Promise<Sent> {
    if (add.length > 0 && remove.length > 0) throw new Error("core-crypto adds or removes in a commit of its own");
    return this.#send(async (context) => {
      const { KeyPackage } = this.module;
      const packages = add.map((octets) => new KeyPackage(octets));
      if (add.length > 0) await context.addClientsToConversation(this.#in, packages);
      else if (remove.length > 0) await context.removeClientsFromConversation(this.#in, await this.#clients(remove));
      else await context.updateKeyingMaterial(this.#in);
    });
  }

  /** A commit of what is pending and of nothing else. */
  commitPending(): Promise<Sent> {
    return this.#send((context) => context.commitPendingProposals(this.#in));
  }

  /** A commit that adds a client for the group's history; with one, a commit that removes somebody replaces it. */
  addHistoryClient(): Promise<Sent> {
    return this.#send((context) => context.enableHistorySharing(this.#in));
  }

  async process(message: Uint8Array): Promise<void> {
    const { tag, inner } = await this.#transact((context) => context.decryptMessage(this.#in, message));
    if (tag === "Text") throw new Error("words where a handshake is expected");
    if (tag === "Commit" && inner.isActive === false) this.#isIn = false;
  }

  async join(welcome: Uint8Array): Promise<void> {
    const { Welcome } = this.module;
    const id = await this.#transact((context) => context.processWelcomeMessage(new Welcome(welcome)));
    this.#enter(this.#isOpaque(id) ? id : undefined);
  }

  /** A client that is in already leaves its old leaf behind, as one that has lost its state. */
  joinExternally(groupInfo: Uint8Array): Promise<Sent> {
    const { GroupInfo } = this.module;
    return this.#send(async (context) => {
      if (this.#isIn) await context.wipeConversation(this.#in);
      const bare = groupInfo.subarray(MESSAGE_HEADER);
      this.#enter(await context.joinByExternalCommit(new GroupInfo(bare), this.#own));
    });
  }

  say(text: string): Promise<Uint8Array> {
    return this.#transact((context) => context.encryptMessage(this.#in, utf8(text)));
  }

  async hear(message: Uint8Array): Promise<Heard> {
    const { inner } = await this.#transact((context) => context.decryptMessage(this.#in, message));
    const { plaintext, senderClientId } = inner;
    if (plaintext === undefined || senderClientId === undefined)
      throw new Error("a handshake where words are expected");
    return { from: fromUtf8(senderClientId.copyBytes()), text: fromUtf8(plaintext) };
  }

  /** The Ed25519 key of the first external sender in the GroupContext. */
  async externalSender(): Promise<Uint8Array> {
    return (await this.client.getExternalSender(this.#in)).serialize();
  }

  async exported(): Promise<string> {
    return toHex((await this.client.exportSecretKey(this.#in, 32)).copyBytes());
  }

  epoch(): Promise<bigint> {
    return this.client.conversationEpoch(this.#in);
  }

  isIn(): boolean {
    return this.#isIn;
  }

  async members(): Promise<readonly string[]> {
    return (await this.client.getClientIds(this.#in)).map((id) => fromUtf8(id.copyBytes()));
  }

  get #in(): Opaque {
    if (this.#group === undefined) throw new Error(`${this.id} is in no group`);
    return this.#group;
  }

  get #own(): Opaque {
    if (this.#credential === undefined) throw new Error(`${this.id} has no credential`);
    return this.#credential;
  }

  #isOpaque(value: unknown): value is Opaque {
    return typeof value === "object" && value !== null && "uniffiDestroy" in value;
  }

  #enter(group: Opaque | undefined): void {
    if (group !== undefined) this.#group = group;
    this.#isIn = true;
  }

  async #clients(ids: readonly string[]) {
    const members = await this.client.getClientIds(this.#in);
    return members.filter((id) => ids.includes(fromUtf8(id.copyBytes())));
  }

  async #transact<Result>(work: (context: Context) => Promise<Result>): Promise<Result> {
    try {
      return await this.client.transaction(work);
    } catch (fault) {
      throw new Error(`core-crypto refuses: ${reasonOf(fault)}`, { cause: fault });
    }
  }

  async #send(work: (context: Context) => Promise<unknown>): Promise<Sent> {
    this.#sent = [];
    await this.#transact(work);
    const made = this.#sent.at(-1);
    if (made === undefined) throw new Error("core-crypto made no commit");
    const { commit, welcome, groupInfo } = made;
    return { commit, welcome: welcome?.serialize(), groupInfo: groupInfo.payload };
  }
}

/** Its errors have names of their kind as messages; the reason is inside. */
function reasonOf(fault: unknown): string {
  const inside = typeof fault === "object" && fault !== null && "inner" in fault ? fault.inner : undefined;
  const plain = JSON.stringify(inside, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
  return `${fault instanceof Error ? fault.message : ""} ${plain ?? String(fault)}`;
}
