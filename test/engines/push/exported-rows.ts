// The samples that VictoriaMetrics has stored, each by itself. A query shows samples of one time as one, and so does an export, unless it is asked for
// with `reduce_mem_usage`. That export has a fault (version 1.79): where a row is unknown, it may show a value of another series, a different
// one each time. It also misses what is just being written to disk. So it is read several times, and what all complete ones have is stored.

import { randomUUID } from 'node:crypto';
import { keyOf, type Rows } from './rows.js';

/** Stored samples by series: the values of each time. */
type Samples = ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>;

/** Values that differ by less are one: blocks that are joined in the background may lose digits. */
const sameRatio = 1e-10;

/** Exports that must add nothing to what is known, one after another; and all of them at most. */
const [mostVain, mostExports] = [4, 60];

/** An export: its known samples, and the number of all. */
interface Export {
  readonly size: number;
  readonly known: Samples;
}

/** The known rows that VictoriaMetrics has stored. Throws if it has a row twice. */
export async function exportedRows(base: string, director: string): Promise<Rows> {
  let stored = await exported(base, director);
  for (let [vain, exports] = [0, 1]; vain < mostVain && exports < mostExports; exports += 1) {
    const next = await exported(base, director);
    if (next.size < stored.size) continue;
    const known = next.size > stored.size ? next.known : inBoth(stored.known, next.known);
    vain = next.size === stored.size && countOf(known) === countOf(stored.known) ? vain + 1 : 0;
    stored = { size: next.size, known };
  }
  return new Map([...stored.known].map(([key, samples]) => [key, rowsOf(key, samples)]));
}

async function exported(base: string, director: string): Promise<Export> {
  await fetch(`${base}/internal/force_flush`);
  const matcher = `{__name__=~"lvs_row_.+",director="${director}",asked!="${randomUUID()}"}`;
  const body = new URLSearchParams({ 'match[]': matcher, reduce_mem_usage: '1' });
  const response = await fetch(`${base}/api/v1/export`, { method: 'POST', body });
  if (response.status !== 200) throw new Error(`the export ended with ${response.status}`);
  const known = new Map<string, Map<number, number[]>>();
  let size = 0;
  // An unknown row is null, but NaN at the beginning of a block.
  const text = (await response.text()).replaceAll('"values":[NaN', '"values":[null');
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const { metric, values, timestamps } = JSON.parse(line) as ExportedBlock;
    const key = keyOf(metric);
    const own = known.get(key) ?? new Map<number, number[]>();
    known.set(key, own);
    size += values.length;
    for (const [i, value] of values.entries()) {
      if (value === null) continue;
      const atS = (timestamps[i] ?? Number.NaN) / 1000;
      own.set(atS, [...(own.get(atS) ?? []), value]);
    }
  }
  return { size, known };
}

/** A part of a series; null is an unknown row. */
interface ExportedBlock {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (number | null)[];
  readonly timestamps: readonly number[];
}

function inBoth(one: Samples, other: Samples): Samples {
  return new Map(
    [...one].map(([key, samples]) => {
      const both = [...samples].map(
        ([atS, values]) => [atS, commonOf(values, other.get(key)?.get(atS) ?? [])] as const,
      );
      return [key, new Map(both.filter(([, values]) => values.length > 0))];
    }),
  );
}

function commonOf(values: readonly number[], others: readonly number[]): readonly number[] {
  const left = [...others];
  return values.filter((value) => {
    const found = left.findIndex((one) => Math.abs(one - value) <= sameRatio * Math.abs(value));
    if (found >= 0) left.splice(found, 1);
    return found >= 0;
  });
}

function countOf(all: Samples): number {
  return [...all.values()].flatMap((samples) => [...samples.values()]).reduce((sum, { length }) => sum + length, 0);
}

function rowsOf(key: string, samples: ReadonlyMap<number, readonly number[]>): ReadonlyMap<number, number> {
  const twice = [...samples].find(([, values]) => values.length > 1);
  if (twice !== undefined) throw new Error(`${key} at ${twice[0]} is stored twice`);
  return new Map([...samples].map(([atS, [value = Number.NaN]]) => [atS, value]));
}
