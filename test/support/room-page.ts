/** What a person does and sees in a page with a `<mimi-room>`. */
import type { Page } from "./browser-page.js";
import type { Profile } from "./browsers.js";

/** A message as the timeline shows it. */
export interface Shown {
  readonly own: boolean;
  readonly text: string;
  readonly status: string;
}

const NICKNAME = { role: "textbox", name: "your name in this room" };
const JOIN = { role: "button", name: "join the room" };
export const COMPOSER = { role: "textbox", name: "message" };

/** Joins from the preview and waits for the composer. */
export async function join(page: Page, nickname: string): Promise<void> {
  await page.fill(NICKNAME, nickname);
  await page.click(JOIN);
  await page.see(COMPOSER);
}

/** Opens the room's page in a profile and joins. */
export async function arrive(profile: Profile, url: string, nickname: string): Promise<Page> {
  const page = await profile.open(url);
  await join(page, nickname);
  return page;
}

/** Types messages and sends each with Enter. */
export async function say(page: Page, ...texts: string[]): Promise<void> {
  await page.fill(COMPOSER, "");
  for (const text of texts) {
    await page.type(text);
    await page.press("Enter");
  }
}

/** The messages in the order in which they stand. */
export function transcript(page: Page): Promise<Shown[]> {
  return page.evaluate((dom) =>
    dom.all({ css: "mimi-room-message" }).map((message) => {
      const root = message.shadowRoot ?? message;
      const article = root.querySelector("article");
      return {
        own: article?.classList.contains("own") ?? false,
        text: dom.tidy(root.querySelector("[part~=bubble]")?.textContent ?? ""),
        status: ["waiting", "sending", "sent", "failed"].find((status) => article?.classList.contains(status)) ?? "",
      };
    }),
  );
}

/** The texts of the messages in the order in which they stand. */
export async function texts(page: Page): Promise<string[]> {
  return (await transcript(page)).map((message) => message.text);
}

/** Waits until each of the texts stands in the timeline, acknowledged. */
export async function seeSent(page: Page, ...wanted: string[]): Promise<void> {
  await page.waitFor(
    `messages ${JSON.stringify(wanted)} shown and sent`,
    (dom, wanted) => {
      const sent = dom
        .all({ css: "mimi-room-message" })
        .map(
          (message) => (message.shadowRoot ?? message).querySelector("article.sent [part~=bubble]")?.textContent ?? "",
        )
        .map(dom.tidy);
      return wanted.every((text) => sent.includes(text));
    },
    wanted,
  );
}

/** Waits until the timeline shows a message in a status. */
export async function seeStatus(page: Page, text: string, status: Shown["status"]): Promise<void> {
  await page.waitFor(
    `message "${text}" is ${status}`,
    (dom, text, status) =>
      dom
        .all({ css: "mimi-room-message" })
        .map((message) => (message.shadowRoot ?? message).querySelector(`article.${status} [part~=bubble]`))
        .some((bubble) => bubble && dom.tidy(bubble.textContent ?? "") === text),
    text,
    status,
  );
}

/** Waits until so many people are inside, as the header's button says. */
export async function seePeople(page: Page, count: number): Promise<void> {
  await page.see({ role: "button", name: `people (${count})` });
}

/** The names in the list of occupants, sorted; the list is opened for it and closed again. */
export async function people(page: Page): Promise<string[]> {
  await page.click({ role: "button", name: "show people" });
  await page.see({ part: "occupant" });
  const names = await page.evaluate((dom) =>
    dom.all({ part: "occupant" }).map((occupant) => dom.tidy(occupant.querySelector("bdi")?.textContent ?? "")),
  );
  await page.click({ role: "button", name: "hide people" });
  return names.sort();
}

/** Leaves and waits for the way back in. */
export async function leave(page: Page): Promise<void> {
  await page.click({ role: "button", name: "leave" });
  await page.click({ css: ".danger" });
  await page.see({ role: "button", name: "join again" });
}
