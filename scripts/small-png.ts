import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * A picture of a page with at most 256 colours, a fraction of the size.
 *
 * @param png - 8-bit RGB or RGBA, not interlaced, as browsers write it; its alpha is ignored.
 */
export function smallPng(png: Uint8Array): Buffer {
  const { width, height, channels, rows } = readPng(Buffer.from(png));
  return writePng(width, height, toPalette(rows, channels));
}

interface Indexed {
  readonly palette: readonly number[];
  readonly rows: readonly Buffer[];
}

/** The colours that are used most stay as they are; each of the others becomes the one nearest to it. */
function toPalette(rows: readonly Buffer[], channels: number): Indexed {
  const colors = rows.map((row) =>
    Array.from({ length: row.length / channels }, (_, at) => row.readUIntBE(at * channels, 3)),
  );
  const uses = new Map<number, number>();
  for (const color of colors.flat()) uses.set(color, (uses.get(color) ?? 0) + 1);
  const palette = [...uses]
    .sort((one, other) => other[1] - one[1])
    .slice(0, 256)
    .map(([color]) => color);
  const indices = new Map([...uses.keys()].map((color) => [color, nearest(palette, color)]));
  return { palette, rows: colors.map((line) => Buffer.from(line.map((color) => indices.get(color) ?? 0))) };
}

function nearest(palette: readonly number[], color: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [index, candidate] of palette.entries()) {
    const far = [16, 8, 0].reduce((sum, bits) => sum + (((candidate >> bits) & 255) - ((color >> bits) & 255)) ** 2, 0);
    if (far < least) [best, least] = [index, far];
    if (far === 0) break;
  }
  return best;
}

function readPng(png: Buffer): { width: number; height: number; channels: number; rows: Buffer[] } {
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") data.push(png.subarray(at + 8, at + 8 + length));
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const channels = png[25] === 6 ? 4 : 3;
  const stride = width * channels;
  const raw = inflateSync(Buffer.concat(data));
  const rows: Buffer[] = [];
  let above: Buffer = Buffer.alloc(stride);
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1);
    above = unfilter(raw[start] ?? 0, raw.subarray(start + 1, start + 1 + stride), above, channels);
    rows.push(above);
  }
  return { width, height, channels, rows };
}

/** PNG, 9.2: filter types. */
function unfilter(type: number, line: Buffer, above: Buffer, channels: number): Buffer {
  const row = Buffer.alloc(line.length);
  for (let x = 0; x < line.length; x++) {
    const a = row[x - channels] ?? 0;
    const b = above[x] ?? 0;
    const c = above[x - channels] ?? 0;
    const predicted = [0, a, b, (a + b) >> 1, paeth(a, b, c)][type] ?? 0;
    row[x] = ((line[x] ?? 0) + predicted) & 255;
  }
  return row;
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

function writePng(width: number, height: number, { palette, rows }: Indexed): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colors = Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]));
  const lines = Buffer.concat(rows.flatMap((row) => [Buffer.of(0), row]));
  const parts = [chunk("IHDR", header), chunk("PLTE", colors), chunk("IDAT", deflateSync(lines, { level: 9 }))];
  return Buffer.concat([SIGNATURE, ...parts, chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
