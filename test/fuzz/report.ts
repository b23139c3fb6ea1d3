import { fromHex, toHex } from "../../src/codec/bytes.js";
import type { Input } from "./decoder.js";
import type { Failure, Tally } from "./fuzz.js";

/** An input on the command line: octets as they are, text as its UTF-16 code units, since it need not be well-formed. */
export function hexOf(input: Input): string {
  return typeof input === "string" ? `text:${Buffer.from(input, "utf16le").toString("hex")}` : toHex(input);
}

/** The input that {@link hexOf} wrote. */
export function inputOf(hex: string): Input {
  return hex.startsWith("text:") ? Buffer.from(hex.slice("text:".length), "hex").toString("utf16le") : fromHex(hex);
}

/** What went wrong, in which case, and how to see it again. */
export function describeFailure({ decoder, seed, index, message, input }: Failure): string {
  return [
    `${decoder} (seed ${seed}, case ${index}): ${message}`,
    `  ${typeof input === "string" ? JSON.stringify(input) : toHex(input)}`,
    `  npm run fuzz -- --only ${decoder} --hex ${hexOf(input)}`,
    `  npm run fuzz -- --only ${decoder} --seed ${seed} --at ${index}`,
  ].join("\n");
}

/** A table: what each decoder accepted and refused, and its slowest case. */
export function describeTallies(tallies: readonly Tally[]): string {
  const rows = tallies.map(({ decoder, cases, accepted, refused, slowest, seconds, failures }) => {
    const codes = [...refused].sort(([, one], [, other]) => other - one).map(([code, count]) => `${code} ${count}`);
    const figures = [cases, accepted, slowest.toFixed(1), seconds.toFixed(1), failures.length].map(String);
    return [decoder, ...figures, codes.join(", ")];
  });
  const lines = [["decoder", "cases", "accepted", "slowest ms", "cpu s", "faults", "refused"], ...rows];
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) => line.map((cell, column) => pad(cell, widths[column] ?? 0, column > 0)).join("  "))
    .join("\n");
}

function pad(cell: string, width: number, right: boolean): string {
  return right && width > 0 ? cell.padStart(width) : cell.padEnd(width);
}
