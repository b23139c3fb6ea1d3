/** A room at a provider of its own, members that say as much as is wanted in it, and sites that embed it. */
import { ok } from "../../demo/guest.js";
import { type RunningHost, startHostServer } from "../../demo/host-server.js";
import { submitMessageRequest } from "../../src/codec/hub-messages.js";
import { encode } from "../../src/codec/tls.js";
import { encodeContent } from "../../src/content/encode-content.js";
import { textContent } from "../../src/content/text-content.js";
import { peekMessage } from "../../src/mls/peek.js";
import { protectMessage } from "../../src/mls/protect.js";
import { ApiMember } from "../../test/support/api-member.js";
import { startChild, type Usage } from "./child.js";

export interface SpokenRoom {
  /** Starts a site of an origin of its own, whose page has the room. Resolves with the page's URL. */
  openSite(): Promise<string>;
  /** Reads the log to its end: whoever joined is heard from here on. */
  catchUp(): Promise<void>;
  /** Says so many messages, `m0`, `m1` and so on; resolves when all are acknowledged. */
  say(count: number): Promise<void>;
  /** What the provider's process has used. */
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

/** Starts everything; the members speak all at once, each one message after the other. */
export async function startSpokenRoom(members: number): Promise<SpokenRoom> {
  const provider = startChild(new URL("provider.ts", import.meta.url));
  const { url } = await provider.ask<{ url: string }>({ kind: "start" });
  const speakers: ApiMember[] = [];
  for (let index = 0; index < members; index += 1) {
    const speaker = await ApiMember.register(url, `Speaker ${index + 1}`);
    if (speakers[0] === undefined) await speaker.createRoom("rivers");
    else await speaker.join(speakers[0].room);
    speakers.push(speaker);
  }
  const room = speakers[0]?.room ?? "";
  const hosts: RunningHost[] = [];
  let said = 0;
  return {
    async openSite() {
      const host = await startHostServer({ port: 0, provider: url, room });
      hosts.push(host);
      return `${host.url}/`;
    },
    async catchUp() {
      for (const speaker of speakers) await followCommits(speaker);
    },
    async say(count) {
      const end = said + count;
      await Promise.all(
        speakers.map(async (speaker) => {
          while (said < end) await speak(speaker, `m${said++}`);
        }),
      );
    },
    usage: () => provider.ask<Usage>({ kind: "usage" }),
    async stop() {
      await Promise.all(hosts.map((host) => host.stop()));
      await provider.stop();
    },
  };
}

/** Reads the log to its end, but for what is said there. */
async function followCommits(member: ApiMember): Promise<void> {
  for (let more = true; more; ) {
    const page = await member.page();
    for (const event of page.events) {
      if (peekMessage(event.message).contentType === "application") member.cursor = Number(event.cursor);
      else await member.hear(event);
    }
    more = page.more;
  }
}

/** Says a text as a client does, in the format of messages. */
async function speak(speaker: ApiMember, text: string): Promise<void> {
  const { crypto, userUri } = speaker.guest;
  const salt = globalThis.crypto.getRandomValues(new Uint8Array(16));
  const content = encodeContent(textContent({ text, format: "markdown", salt, sender: userUri, room: speaker.room }));
  const { message, next } = await protectMessage(crypto, speaker.joined(), content);
  speaker.group = next;
  const body = encode(submitMessageRequest, { protocol: "mls10", appMessage: message, sendingUri: userUri });
  await ok(await speaker.submit(body)).arrayBuffer();
}
