import { clientUri, domainOf } from "../../codec/mimi-uri.js";
import { listedUsers } from "../../policy/roles.js";
import type { RoomSettings, SettingsChange, SettingValues } from "../../worker/organiser-api.js";
import { judgeChange, ownSeat } from "../change-policy.js";
import type { EngineContext } from "../context.js";
import { valuesOf } from "../setting-values.js";
import { settingsChange } from "./change-settings.js";

/** The room's policy as a form shows it. Throws EngineProblem. */
export async function settings(context: EngineContext): Promise<RoomSettings> {
  const place = ownSeat(context);
  const { room } = place.staying;
  const values = valuesOf(room.policy);
  const others = otherValues(values, domainOf(room.hub));
  const names = Object.keys(others) as Setting[];
  const may = (name: Setting) => judgeChange(place, settingsChange(room, place.own, others[name])).allowed;
  const banned = [...listedUsers(room.policy)].filter(([, role]) => role === "banned").map(([user]) => user);
  return { values, mayChange: names.filter(may), banned };
}

type Setting = keyof SettingValues;

/** Another value of each setting, with what else must change for the policy to be valid. */
function otherValues(values: SettingValues, domain: string): Readonly<Record<Setting, SettingsChange>> {
  const { membershipStyle, knockAllowed, loggingClients } = values;
  const logger = [clientUri(domain, "logger", "logger")];
  const optionality = (value: SettingValues["readReceipts"]) => (value === "required" ? "forbidden" : "required");
  return {
    name: { name: values.name === "A" ? "B" : "A" },
    lockdown: { lockdown: !values.lockdown },
    membershipStyle: { membershipStyle: membershipStyle === "open" ? "members_only" : "open", knockAllowed: false },
    // "This option can only be enabled if the membership_style is members-only" (framework draft, 7.1)
    knockAllowed: knockAllowed ? { knockAllowed: false } : { knockAllowed: true, membershipStyle: "members_only" },
    moderated: { moderated: !values.moderated },
    multiDevice: { multiDevice: !values.multiDevice },
    pseudonymousIds: { pseudonymousIds: !values.pseudonymousIds },
    discoverable: { discoverable: !values.discoverable },
    persistentRoom: { persistentRoom: !values.persistentRoom },
    deliveryNotifications: { deliveryNotifications: optionality(values.deliveryNotifications) },
    readReceipts: { readReceipts: optionality(values.readReceipts) },
    historySeconds: { historySeconds: values.historySeconds === null ? 1 : null },
    loggingClients: { loggingClients: loggingClients.length > 0 ? [] : logger },
    loggingPolicy: {
      loggingPolicy: values.loggingPolicy === "" ? "about:blank" : "",
      // "If logging is forbidden then the other fields are empty" (7.4.2)
      loggingClients: loggingClients.length > 0 ? loggingClients : logger,
    },
  };
}
