import type { RoleName } from "../../../src/worker/engine-api.js";
import type { Standing } from "../../../src/worker/organiser-api.js";

/** What the room's policy says that members change in a course. */
export interface Rules {
  readonly name: string;
  readonly moderated: boolean;
  readonly multiDevice: boolean;
  readonly locked: boolean;
}

/** Who is in which role, in a few lines: what engines and hub have to agree with. Users and devices are named as in the cast. */
export class RoomModel {
  /** The user of each device that is inside. */
  readonly inside = new Map<string, string>();
  readonly known = new Set<string>();
  readonly standings = new Map<string, Standing>();
  rules: Rules = { name: "A room of a test", moderated: false, multiDevice: true, locked: false };

  constructor(owner: { readonly device: string; readonly user: string }) {
    this.enter(owner.device, owner.user);
    this.standings.set(owner.user, "owner");
  }

  standingOf(user: string): Standing {
    return this.standings.get(user) ?? "none";
  }

  roleOf(user: string): RoleName {
    const standing = this.standingOf(user);
    if (standing !== "none") return standing;
    return this.isModerated ? "visitor" : "regular_user";
  }

  /** Whether the user has ever been inside: before, nobody knows its URI. */
  knows(user: string): boolean {
    return this.known.has(user);
  }

  /** In a single-device room a user's other device goes out by that. */
  enter(device: string, user: string): void {
    if (!this.rules.multiDevice) this.removeUser(user);
    this.inside.set(device, user);
    this.known.add(user);
  }

  isInside(user: string): boolean {
    return [...this.inside.values()].includes(user);
  }

  /** Users inside, with their roles and devices. */
  roster(): string[] {
    const users = [...new Set(this.inside.values())];
    const devices = (user: string) => [...this.inside.values()].filter((each) => each === user).length;
    return users.map((user) => `${user} ${this.roleOf(user)} ${devices(user)}`).sort();
  }

  maySpeak(user: string): boolean {
    return !this.isModerated || this.roleOf(user) !== "visitor";
  }

  mayJoin(user: string): boolean {
    const standing = this.standingOf(user);
    return standing !== "banned" && (!this.rules.locked || standing !== "none" || this.isInside(user));
  }

  mayLeave(device: string): boolean {
    const user = this.inside.get(device) ?? "";
    const rest = [...this.inside].filter(([other]) => other !== device).map(([, each]) => each);
    return !this.rules.locked || !this.leads(user) || rest.some((other) => this.leads(other));
  }

  mayRule(user: string): boolean {
    return this.roleOf(user) === "owner";
  }

  mayKick(by: string, user: string): boolean {
    return this.leads(by) && (this.roleOf(by) === "owner" || this.roleOf(user) !== "owner");
  }

  mayGive(by: string, user: string, standing: Standing): boolean {
    if (this.roleOf(by) === "owner") return true;
    // an admin touches the places below its own, and makes admins
    return this.roleOf(by) === "admin" && !["owner", "admin"].includes(this.standingOf(user)) && standing !== "owner";
  }

  give(user: string, standing: Standing): void {
    this.standings.set(user, standing);
    if (standing === "banned") this.removeUser(user);
  }

  removeUser(user: string): void {
    for (const [device, each] of [...this.inside]) if (each === user) this.inside.delete(device);
  }

  get isModerated(): boolean {
    return this.rules.moderated || this.rules.locked;
  }

  leads(user: string): boolean {
    return ["owner", "admin"].includes(this.roleOf(user));
  }
}
