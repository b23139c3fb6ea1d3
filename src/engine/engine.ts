import { Superseded } from "../storage/superseded.js";
import type { Acceptance, Draft, EngineEvent, NewRoom, RoomState, TimelineEntry } from "../worker/engine-api.js";
import type {
  ExplainedChange,
  RoomSettings,
  SettingsChange,
  Standing,
  UserModeration,
} from "../worker/organiser-api.js";
import { Advertiser } from "./advertiser.js";
import { accept } from "./commands/accept.js";
import { changeSettings } from "./commands/change-settings.js";
import { changeStanding } from "./commands/change-standing.js";
import { createRoom } from "./commands/create-room.js";
import { discard } from "./commands/discard.js";
import { explain } from "./commands/explain.js";
import { join, takeSeat } from "./commands/join.js";
import { kick } from "./commands/kick.js";
import { leave } from "./commands/leave.js";
import { moderation } from "./commands/moderation.js";
import { offerUserKey } from "./commands/offer-user-key.js";
import { older } from "./commands/older.js";
import { preview } from "./commands/preview.js";
import { recoveryKit } from "./commands/recovery-kit.js";
import { rename } from "./commands/rename.js";
import { restore } from "./commands/restore.js";
import { retry } from "./commands/retry.js";
import { sendMessage } from "./commands/send-message.js";
import { settings } from "./commands/settings.js";
import { Connection } from "./connection.js";
import { EngineContext } from "./context.js";
import { deliverCommit } from "./deliver-commit.js";
import { problem, storageProblem } from "./engine-problem.js";
import { Objector } from "./objector.js";
import { isMembersCommit } from "./pending-record.js";
import type { EnginePorts } from "./ports.js";
import { ProposalCommitter } from "./proposal-committer.js";
import { mustReturn } from "./receive/refused-event.js";
import { deliverAgain } from "./repair/deliver-again.js";
import { Hold } from "./repair/hold.js";
import { Refuser } from "./repair/refuser.js";
import { Repairer } from "./repair/repairer.js";
import { Replenisher } from "./replenisher.js";
import { restoreSeat } from "./restore-seat.js";
import { Sender } from "./sender.js";

/** Which seat an engine is for: a room at a provider (both as readAddress gives them), under a name on disk. */
export interface EngineSeat {
  readonly provider: string;
  readonly room: string;
  readonly name: string;
}

/**
 * The room engine: one engine, one seat, one room. It holds the group's state, and is the only writer of its seat's database;
 * {@link take} takes the seat over from any engine before. Every method may be called again after a crash.
 */
export class Engine {
  readonly #context: EngineContext;
  readonly #connection: Connection;
  readonly #sender: Sender;
  readonly #repairer: Repairer;
  readonly #refuser: Refuser;
  #opening: Promise<void> | undefined;
  #seating: Promise<void> | undefined;

  private constructor(context: EngineContext) {
    this.#context = context;
    this.#connection = new Connection(context);
    const committer = new ProposalCommitter(context);
    this.#sender = new Sender(context, () => committer.now());
    const hold = new Hold(context, () => this.#sender.again());
    this.#repairer = new Repairer(context, {
      suspend: () => this.#connection.suspend(),
      resume: () => this.#connection.restart(),
      takeSeat: (check) => this.#seat(() => takeSeat(context, check)),
      hold: () => hold.begin(),
    });
    this.#refuser = new Refuser(context, { comeBack: () => this.#repairer.begin(), hold: () => hold.begin() });
    const replenisher = new Replenisher(context);
    const objector = new Objector(context);
    const advertiser = new Advertiser(context);
    context.onDiverged = (refusal) => this.#repairer.begin(refusal);
    context.onOnline = () => {
      this.#repairer.checkAnswered();
      this.#sender.again();
      // The hub may have taken it, and taken it back, while nobody here listened: then no event ever settles it.
      const { pending } = context.memory;
      if (pending && isMembersCommit(pending)) deliverAgain(context);
    };
    context.holdsBack = () => hold.holds || this.#repairer.returning;
    context.onBehind = (epoch) => this.#connection.catchUp(epoch);
    context.onSilence = () => this.#connection.check();
    context.onChange = (memory) => {
      this.#connection.follow(memory);
      objector.consider(memory);
      this.#refuser.consider(memory);
      committer.consider(memory);
      advertiser.consider(memory);
      hold.consider(memory);
      this.#sender.kick();
      replenisher.consider(memory);
    };
  }

  /**
   * Takes the seat over. `listener` is told every event of this engine. Throws EngineProblem `storageUnavailable` or
   * `storageFull`, or Superseded when a later version of this code has the seat.
   */
  static async take(ports: EnginePorts, seat: EngineSeat, listener: (event: EngineEvent) => void): Promise<Engine> {
    try {
      const context = new EngineContext(ports, await ports.takeSeat(seat.name), seat);
      await restoreSeat(context);
      context.onEvent = listener;
      return new Engine(context);
    } catch (error) {
      throw error instanceof Superseded ? error : storageProblem(error);
    }
  }

  get state(): RoomState {
    return this.#context.state;
  }

  /**
   * Resumes the seat, or fetches the preview. Resolves with the state reached. Only the first call does anything, or one
   * that brings a key that is taken.
   */
  async open(userKey?: string): Promise<RoomState> {
    if (userKey !== undefined && (await offerUserKey(this.#context, userKey))) {
      // Whom the room lets in depends on who asks: it is asked anew.
      await this.#opening;
      this.#opening = undefined;
    }
    this.#opening ??= this.#open();
    await this.#opening;
    return this.state;
  }

  async #open(): Promise<void> {
    const context = this.#context;
    const { seat, pending, log } = context.memory;
    const joining = pending && !isMembersCommit(pending);
    if (seat && log.astray) this.#repairer.begin();
    else if (joining && !mustReturn(log)) {
      // Its answer may never have come: the same request is sent again. The page is told how it ends by states.
      context.setSituation({ phase: "joining" });
      context.background("join", () => this.#seat(() => takeSeat(context)));
    } else this.#refuser.remind(context.memory);
    if (seat) {
      context.onChange(context.memory);
      if (pending?.purpose === "changePolicy") context.background("resume", () => deliverCommit(context, pending));
    } else if (!joining) await preview(context);
  }

  /** Whether nothing was on disk when this engine took the seat. */
  get fresh(): boolean {
    return this.#context.database.fresh;
  }

  /** The person was in the room as `nickname` until the seat's storage was emptied: that is said, and the way in is shown. */
  emptied(nickname: string): void {
    const context = this.#context;
    this.#opening = Promise.resolve();
    const { problem: told } = problem("storageCleared", "The seat's database was deleted.");
    context.setSituation({ phase: "left", problem: told });
    const change = { suggestedNickname: nickname };
    context.background("emptied", () => context.step(async () => ({ change, result: undefined })));
    context.background("preview", async () =>
      context.setSituation({ preview: await context.provider.room(context.room) }),
    );
  }

  async join(nickname: string): Promise<void> {
    if (this.#context.memory.seat) return;
    await this.#seat(() => join(this.#context, nickname));
  }

  /** One way into the room at a time; whoever asks meanwhile waits for the one under way. */
  #seat(work: () => Promise<void>): Promise<void> {
    this.#seating ??= work().finally(() => {
      this.#seating = undefined;
    });
    return this.#seating;
  }

  async create(room: NewRoom): Promise<void> {
    this.#opening ??= Promise.resolve();
    await this.#seat(() => createRoom(this.#context, room));
  }

  send(draft: Draft): Promise<string> {
    return sendMessage(this.#context, draft);
  }

  retry(messageId: string): Promise<void> {
    return retry(this.#context, messageId);
  }

  discard(messageId: string): Promise<void> {
    return discard(this.#context, messageId);
  }

  async leave(): Promise<void> {
    await leave(this.#context);
  }

  async reconnect(): Promise<void> {
    const context = this.#context;
    const { phase, problem } = context.situation;
    context.hurryUp();
    if (context.memory.seat) {
      if (problem?.code === "outOfSync" || this.#repairer.unfinished) {
        await this.#repairer.now(problem?.code === "outOfSync");
      } else {
        context.setSituation({ problem: undefined });
        this.#connection.nudge();
      }
      this.#sender.kick();
      return;
    }
    if (this.#seating || phase === "preview" || phase === "joining") return;
    // A join that failed is tried again; whoever left or was removed is shown the way in anew.
    const { identity, pending } = context.memory;
    const mayTry = phase === "failed" && problem?.code !== "policyChanged";
    if (mayTry && identity?.nickname && (pending || context.situation.preview)) {
      return this.#seat(() => takeSeat(context));
    }
    context.setSituation({ phase: "loading", problem: undefined });
    await preview(context);
  }

  rename(name: string): Promise<void> {
    return rename(this.#context, name);
  }

  accept(acceptance: Acceptance): Promise<void> {
    return accept(this.#context, acceptance);
  }

  moderation(user: string): Promise<UserModeration> {
    return moderation(this.#context, user);
  }

  kick(user: string): Promise<void> {
    return kick(this.#context, user);
  }

  changeStanding(user: string, standing: Standing): Promise<void> {
    return changeStanding(this.#context, user, standing);
  }

  settings(): Promise<RoomSettings> {
    return settings(this.#context);
  }

  explain(change: SettingsChange): Promise<ExplainedChange> {
    return explain(this.#context, change);
  }

  changeSettings(change: SettingsChange): Promise<void> {
    return changeSettings(this.#context, change);
  }

  older(before: number, limit: number): Promise<TimelineEntry[]> {
    return older(this.#context, before, limit);
  }

  recoveryKit(passphrase: string): Promise<string> {
    return recoveryKit(this.#context, passphrase);
  }

  async restore(kit: string, passphrase: string): Promise<void> {
    await restore(this.#context, kit, passphrase);
  }

  /** The page may be frozen from now on. */
  pause(): void {
    this.#connection.pause();
  }

  /** The page is back, or the network. */
  resume(): void {
    this.#context.hurryUp();
    this.#connection.resume();
  }

  /** Stops for good, without a trace on disk or at the provider. */
  stop(): void {
    this.#context.stop();
  }
}
