import { concat } from "../codec/bytes.js";
import { Unreachable } from "./provider-refusal.js";

/** The octets of an answer. Throws Unreachable when there are more than `most`; the rest of it is not fetched then. */
export async function readBody(response: Response, most: number): Promise<Uint8Array> {
  // What a header says is no bound, but spares reading what is too much anyway.
  if (Number(response.headers.get("Content-Length")) > most) await tooMuch(response.body, most);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const chunk = await reader?.read();
    if (chunk?.value === undefined) return concat(...chunks);
    length += chunk.value.length;
    if (length > most) await tooMuch(reader, most);
    chunks.push(chunk.value);
  }
}

async function tooMuch(body: { cancel(): Promise<void> } | null | undefined, most: number): Promise<never> {
  await body?.cancel();
  throw new Unreachable(`Not what a provider answers: more than ${most} octets.`);
}
