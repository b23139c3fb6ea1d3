/** A measured figure, as `npm run bench` collects it: one JSON object a line. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** The most that the value may be. */
  readonly limit?: number;
  /** How the value was measured, in a few words. */
  readonly how?: string;
}

export function printFigure(figure: Figure): void {
  console.log(JSON.stringify({ ...figure, value: Number(figure.value.toPrecision(5)) }));
}

/** The value below which `share` (0 to 1) of the values lie, by the nearest rank. */
export function percentile(values: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) throw new Error("no values to rank");
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export const median = (values: Iterable<number>): number => percentile(values, 0.5);
