import "../../../components/hosted-page/hosted-page.js";
import { expect, fixture, waitUntil } from "@open-wc/testing";
import { html } from "lit";
import { embedSnippet } from "../../../components/hosted-page/embed-snippet.js";
import type { MimiHostedPage } from "../../../components/hosted-page/mimi-hosted-page.js";
import type { MimiMadeRoom } from "../../../components/hosted-page/mimi-made-room.js";
import type { MimiMakeRoom } from "../../../components/hosted-page/mimi-make-room.js";
import type { MimiRestoreSeat } from "../../../components/hosted-page/mimi-restore-seat.js";
import { takePageAddress } from "../../../components/hosted-page/page-address.js";

const room = "mimi://rooms.example/r/keynote";

describe("takePageAddress", () => {
  for (const [path, expected] of [
    ["/", undefined],
    ["/r/keynote", `mimi://${location.host}/r/keynote`],
    ["/r/keynote/", `mimi://${location.host}/r/keynote`],
    ["/r/", undefined],
    ["/r/a/b", undefined],
  ] as const) {
    it(`reads ${path}`, () => {
      expect(takePageAddress(new URL(path, location.href), history).room).to.equal(expected);
    });
  }

  it("takes an organiser's key out of the address bar", () => {
    const here = location.href;
    history.replaceState(null, "", "/r/keynote?x=1#owner=abc-_9");
    const { userKey } = takePageAddress(location, history);
    const [shown, kept] = [location.href, userKey];
    history.replaceState(null, "", here);
    expect(kept).to.equal("abc-_9");
    expect(shown).to.match(/\/r\/keynote\?x=1$/);
  });
});

describe("embedSnippet", () => {
  it("is a script with its hash, and the room", () => {
    const lines = embedSnippet("https://rooms.example", room, "sha384-abc").split("\n");
    expect(lines).to.deep.equal([
      '<script type="module" src="https://rooms.example/mimi-room.js" integrity="sha384-abc" crossorigin></script>',
      `<mimi-room provider="https://rooms.example" room="${room}"></mimi-room>`,
    ]);
  });
});

describe("the provider's page", () => {
  for (const theme of ["light", "dark"] as const) {
    it(`makes rooms, accessibly, ${theme}`, async () => {
      const page = await fixture<MimiHostedPage>(html`<mimi-hosted-page theme=${theme}></mimi-hosted-page>`);
      const details = page.shadowRoot?.querySelector("details");
      if (details) details.open = true;
      await expect(page).to.be.accessible();
    });
  }

  it("shows what an organiser takes away, accessibly", async () => {
    const made = await fixture<MimiMadeRoom>(html`<mimi-made-room .room=${room}></mimi-made-room>`);
    const snippet = made.shadowRoot?.querySelector("#snippet");
    // the provider has told the script's hash, or that it has none
    await waitUntil(() => snippet?.getAttribute("aria-busy") === "false");
    expect(snippet?.textContent).to.include(room);
    await expect(made).to.be.accessible();
  });

  it("asks for what is missing, and puts the focus on the first", async () => {
    const make = await fixture<MimiMakeRoom>(html`<mimi-make-room></mimi-make-room>`);
    fill(make, "#nickname", "");
    fill(make, "#site", "not an address");
    submit(make);
    await make.updateComplete;
    await make.updateComplete;
    const mistakes = [...(make.shadowRoot?.querySelectorAll(".mistake") ?? [])].map((mistake) => mistake.textContent);
    expect(mistakes.filter((mistake) => mistake !== "")).to.have.length(3);
    expect(make.shadowRoot?.activeElement?.id).to.equal("name");
    await expect(make).to.be.accessible();
  });

  it("says so when a file is no recovery kit", async () => {
    const restore = await fixture<MimiRestoreSeat>(html`<mimi-restore-seat></mimi-restore-seat>`);
    const input = restore.shadowRoot?.querySelector<HTMLInputElement>("#kit");
    const files = new DataTransfer();
    files.items.add(new File(["not json"], "kit.json"));
    if (input) input.files = files.files;
    input?.dispatchEvent(new Event("change"));
    submit(restore);
    while (restore.shadowRoot?.querySelector(".mistake")?.textContent === "") {
      await new Promise(requestAnimationFrame);
    }
    expect(restore.shadowRoot?.querySelector(".mistake")?.textContent).to.include("not a recovery kit");
  });
});

function fill(element: Element, selector: string, text: string): void {
  const field = element.shadowRoot?.querySelector<HTMLInputElement>(selector);
  if (!field) throw new Error(`no ${selector}`);
  field.value = text;
  field.dispatchEvent(new InputEvent("input"));
}

function submit(element: Element): void {
  element.shadowRoot?.querySelector("form")?.requestSubmit();
}
