import { explainChange } from "../../policy/explain-change.js";
import type { ExplainedChange, SettingsChange } from "../../worker/organiser-api.js";
import { acceptedBy } from "../accepted.js";
import { judgeChange, ownSeat } from "../change-policy.js";
import type { EngineContext } from "../context.js";
import { settingsChange } from "./change-settings.js";

/** What a change of settings would do. Throws EngineProblem. */
export async function explain(context: EngineContext, wished: SettingsChange): Promise<ExplainedChange> {
  const place = ownSeat(context);
  const { room } = place.staying;
  const change = settingsChange(room, place.own, wished);
  const accepted = acceptedBy(context.memory, change.policy);
  return {
    allowed: accepted.allowed ? judgeChange(place, change) : accepted,
    effects: explainChange(room, change.policy),
  };
}
