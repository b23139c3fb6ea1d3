import type { Rule } from "../../../src/policy/rule.js";
import type { Attempt } from "./attempts.js";
import type { DishonestRoom, Setting } from "./dishonest-room.js";

/** One thing that a rule forbids, MLS allows, and somebody tries. */
export interface Forbidden {
  readonly rule: Rule;
  /** What is tried, as the end of a sentence that begins with "Mallory". */
  readonly what: string;
  readonly setting: Setting;
  /** What the hub says where it has another reason, which it finds first; by the rule otherwise. */
  readonly hub?: { readonly code: string; readonly why: string };
  make(room: DishonestRoom): Promise<Attempt>;
}
