import { readFileSync } from "node:fs";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { ensureBuilt } from "./freshness.mjs";

/** What package.json promises is in dist/: publint looks at the built files, so they are built first. */
if (!ensureBuilt()) process.exit(1);
const { messages } = await publint({ strict: true, pack: false });
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
for (const message of messages) console.log(formatMessage(message, manifest, { color: false }) ?? message.code);
process.exitCode = messages.length > 0 ? 1 : 0;
