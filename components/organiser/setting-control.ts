import { html, type TemplateResult } from "lit";
import type { SettingValues } from "../../src/client/contract.js";
import type { OrganiserStrings } from "./organiser-strings.js";
import { historyChoices, type SettingField } from "./setting-fields.js";

/** Is told what a setting is put to. */
type Set = <Key extends keyof SettingValues>(key: Key, value: SettingValues[Key]) => void;

/** A setting as something to set. */
export function settingControl(
  field: SettingField,
  values: SettingValues,
  words: OrganiserStrings,
  set: Set,
): TemplateResult {
  const { key } = field;
  if (field.kind === "switch") {
    return html`<label class="switch">
      <input
        id=${key}
        type="checkbox"
        .checked=${values[field.key]}
        @change=${({ currentTarget }: Event) => set(field.key, (currentTarget as HTMLInputElement).checked)}
      />
      <span>${words.settings[key]}</span>
    </label>`;
  }
  return html`<div class="question">
    <label class="small" for=${key}>${words.settings[key]}</label>
    ${control(field, values, words, set)}
  </div>`;
}

/** A setting as it is, for those who may not set it. */
export function settingText(field: SettingField, values: SettingValues, words: OrganiserStrings): TemplateResult {
  return html`<div>
    <dt class="muted small">${words.settings[field.key]}</dt>
    <dd>${textOf(field, values, words) || "–"}</dd>
  </div>`;
}

function textOf(field: SettingField, values: SettingValues, words: OrganiserStrings): string {
  switch (field.kind) {
    case "text":
      return values[field.key];
    case "style":
      return words.styles[values.membershipStyle];
    case "switch":
      return values[field.key] ? words.yes : words.no;
    case "optionality":
      return words.optionality[values[field.key]];
    case "history":
      return words.history(values.historySeconds);
    case "clients":
      return values.loggingClients.join(", ");
  }
}

function control(
  field: Exclude<SettingField, { kind: "switch" }>,
  values: SettingValues,
  words: OrganiserStrings,
  set: Set,
): TemplateResult {
  switch (field.kind) {
    case "text":
      return html`<input class="field" id=${field.key} dir="auto" autocomplete="off" maxlength="200"
        .value=${values[field.key]}
        @input=${({ currentTarget }: Event) => set(field.key, (currentTarget as HTMLInputElement).value)} />`;
    case "style": {
      // The other two are decided when a room is made; whose room is one of them sees it, and may leave it.
      const styles = new Set(["open", "members_only", values.membershipStyle] as const);
      return choice(field.key, [...styles], values.membershipStyle, words.styles, (style) => set(field.key, style));
    }
    case "optionality": {
      const kinds = ["optional", "required", "forbidden"] as const;
      return choice(field.key, kinds, values[field.key], words.optionality, (kind) => set(field.key, kind));
    }
    case "history": {
      const choices = historyChoices(values.historySeconds);
      return html`<select
        class="field"
        id=${field.key}
        @change=${({ currentTarget }: Event) => set(field.key, secondsIn((currentTarget as HTMLSelectElement).value))}
      >
        ${choices.map(
          (seconds) =>
            html`<option value=${seconds ?? ""} ?selected=${seconds === values.historySeconds}>${words.history(seconds)}</option>`,
        )}
      </select>`;
    }
    case "clients":
      return html`<textarea class="field" id=${field.key} rows="2" aria-describedby="clients-hint" spellcheck="false"
          .value=${values.loggingClients.join("\n")}
          @change=${({ currentTarget }: Event) => set(field.key, linesOf((currentTarget as HTMLTextAreaElement).value))}
        ></textarea>
        <p class="muted small" id="clients-hint">${words.onePerLine}</p>`;
  }
}

function choice<Kind extends string>(
  id: string,
  kinds: readonly Kind[],
  present: Kind,
  labels: Readonly<Record<Kind, string>>,
  choose: (kind: Kind) => void,
): TemplateResult {
  const chosen = ({ currentTarget }: Event): void => {
    const kind = kinds[(currentTarget as HTMLSelectElement).selectedIndex];
    if (kind !== undefined) choose(kind);
  };
  return html`<select class="field" id=${id} @change=${chosen}>
    ${kinds.map((kind) => html`<option value=${kind} ?selected=${kind === present}>${labels[kind]}</option>`)}
  </select>`;
}

function secondsIn(value: string): number | null {
  return value === "" ? null : Number(value);
}

function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
