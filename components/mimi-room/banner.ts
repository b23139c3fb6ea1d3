import { html, nothing, type TemplateResult } from "lit";
import type { Problem, RoomState } from "../../src/client/contract.js";
import { icons } from "../shared/icons.js";
import { keepsNothing, problemText } from "../shared/problem-text.js";
import type { Strings } from "../strings.js";

interface Action {
  readonly label: string;
  readonly run: () => void;
}

interface Banner {
  readonly picture: TemplateResult;
  readonly title: string;
  readonly body: string;
  readonly action?: Action | undefined;
  readonly urgent?: boolean;
}

/** What can be done from a banner. */
export interface BannerActions {
  readonly reconnect: () => void;
  readonly rejoin: () => void;
  readonly dismiss: () => void;
}

/** What stands between a room's header and its messages when something is not as it should be. */
export function roomBanner(
  room: RoomState,
  names: ReadonlyMap<string, string>,
  strings: Strings,
  actions: BannerActions,
): unknown {
  const banner = bannerOf(room, names, strings, actions);
  return banner === undefined ? nothing : draw(banner);
}

/** What an action came to that did not do what it should. */
export function troubleBanner(trouble: Problem | undefined, strings: Strings, actions: BannerActions): unknown {
  if (trouble === undefined) return nothing;
  return draw({
    picture: icons.alert,
    ...problemText(trouble, strings),
    action: { label: strings.dismiss, run: actions.dismiss },
    urgent: true,
  });
}

function bannerOf(
  room: RoomState,
  names: ReadonlyMap<string, string>,
  strings: Strings,
  actions: BannerActions,
): Banner | undefined {
  const { phase, problem, connection } = room;
  const text = problem === undefined ? undefined : problemText(problem, strings, names);
  if (phase === "left") {
    const { title, body } = text ?? { title: strings.leftTitle, body: strings.leftBody };
    return { picture: icons.door, title, body, action: wayBack(problem, strings, actions) };
  }
  if (phase === "joined" && connection === "offline" && !keepsNothing(problem)) {
    const action = { label: strings.reconnect, run: actions.reconnect };
    return { picture: icons.offline, ...strings.offline, action };
  }
  if (phase === "joined" && problem === undefined && isLockedDown(room))
    return { picture: icons.lock, ...strings.lockdown };
  if (text === undefined || problem === undefined) return undefined;
  return { picture: icons.alert, ...text, action: wayOut(problem, strings, actions) };
}

function wayBack(problem: Problem | undefined, strings: Strings, actions: BannerActions): Action | undefined {
  const { code, retry } = problem ?? {};
  // What the person does not accept it may accept yet: the rules are shown anew, and what is to be accepted.
  if (code === "notAccepted") return { label: strings.rejoin, run: actions.reconnect };
  return code === "banned" || retry === false ? undefined : { label: strings.rejoin, run: actions.rejoin };
}

function isLockedDown({ preview }: RoomState): boolean {
  return preview?.facts.some(({ kind }) => kind === "lockedDown") ?? false;
}

function wayOut({ code, retry }: Problem, strings: Strings, { reconnect }: BannerActions): Action | undefined {
  if (code === "outdated") return { label: strings.reload, run: () => location.reload() };
  return retry ? { label: strings.retry, run: reconnect } : undefined;
}

function draw({ picture, title, body, action, urgent }: Banner): TemplateResult {
  return html`<div class="banner" part="banner" role=${urgent === true ? "alert" : "status"}>
    ${picture}
    <p><strong>${title}</strong> <span>${body}</span></p>
    ${
      action === undefined
        ? nothing
        : html`<button class="button small" part="button" type="button" @click=${action.run}>${action.label}</button>`
    }
  </div>`;
}
