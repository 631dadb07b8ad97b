// Resampling, with `rrdtool create --source` into the same archives as the oracle.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cf } from '../../../src/model/archive.js';
import type { Dump, DumpRra } from '../../../src/model/dump.js';
import { parseRetention, type Retention, standardRetention } from '../../../src/model/retention.js';
import { DumpParser } from '../../../src/rrd/parse-dump.js';
import { fittingRows } from '../../../src/store/import/foreign-rows.js';
import { randomFrom } from '../../random.js';
import { differences, hasRrdtool, runRrdtool } from '../rrdtool.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-resample-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function parse(text: string): Dump {
  const parser = new DumpParser('test');
  parser.push(text);
  return parser.finish();
}

/** A file of another tool: its step, its archives, and updates of two data sources, some of them unknown. */
interface Layout {
  readonly stepS: number;
  readonly rras: readonly string[];
  readonly updates: readonly string[];
  readonly startS: number;
}

/** `hasGaps`: some updates are unknown or missing. */
function layoutOf(seed: number, hasGaps: boolean): Layout {
  const random = randomFrom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const whole = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
  const stepS = pick([10, 20, 30, 60, 90, 120, 300, 600, 3600]);
  const cfs = pick([['AVERAGE'], ['AVERAGE', 'MAX'], ['AVERAGE', 'MAX', 'MIN', 'LAST'], ['MAX', 'AVERAGE', 'LAST']]);
  const archives: { readonly pdps: number; readonly rows: number }[] = [];
  for (let pdps = pick([1, 1, 2, 5]); archives.length < 5; pdps = Math.ceil(pdps * (1.5 + 6 * random()))) {
    archives.push({ pdps, rows: whole(20, 900) });
  }
  const rras = archives.flatMap(({ pdps, rows }) =>
    cfs.flatMap((cf) => (random() < 0.15 ? [] : [`RRA:${cf}:${pick([0, 0.1, 0.5, 0.9])}:${pdps}:${rows}`])),
  );
  const count = whole(300, 1500);
  const startS = 1_795_910_400 - whole(0, 200_000);
  const updates: string[] = [];
  let timeS = startS;
  for (let i = 0; i < count; i += 1) {
    timeS += hasGaps && random() < 0.01 ? stepS * whole(3, 60) : random() < 0.3 ? whole(1, 2 * stepS) : stepS;
    const value = (): string => (hasGaps && random() < 0.03 ? 'U' : String(Math.round(1e6 * random() ** 4)));
    updates.push(`${timeS}:${value()}:${value()}`);
  }
  return {
    stepS,
    rras: rras.some((one) => one.startsWith('RRA:AVERAGE')) ? rras : [...rras, 'RRA:AVERAGE:0.5:1:99'],
    updates,
    startS,
  };
}

/** The dump of a file of that layout, and its text. */
function fill(file: string, { stepS, rras, updates, startS }: Layout): string {
  const sources = ['a', 'b'].map((name) => `DS:${name}:GAUGE:${3 * stepS}:U:U`).join(' ');
  const parts: string[] = [];
  for (let i = 0; i < updates.length; i += 400) parts.push(`update ${file} ${updates.slice(i, i + 400).join(' ')}`);
  return (
    runRrdtool([
      `create ${file} --start ${startS} --step ${stepS} ${sources} ${rras.join(' ')}`,
      ...parts,
      `dump ${file}`,
    ]).at(-1) ?? ''
  );
}

/** Drops averages of several data points, which an import does not use as maxima. */
function withoutLongMeans(text: string): string {
  return text.replaceAll(/<rra>[\s\S]*?<\/rra>/g, (rra) =>
    /<cf>\s*AVERAGE/.test(rra) && !/<pdp_per_row>1</.test(rra) ? '' : rra,
  );
}

/** Resamples a file into archives of a retention with rrdtool. */
function judge(source: string, cf: Cf, { stepS, rras }: Retention): readonly DumpRra[] {
  const file = join(folder, 'judge.rrd');
  const archives = rras.map(({ pdpPerRow, rows }) => `RRA:${cf}:0.5:${pdpPerRow}:${rows}`);
  const sources = ['a', 'b'].map((name) => `DS:${name}:GAUGE:${2 * stepS}:U:U`).join(' ');
  const [, text = ''] = runRrdtool([
    `create ${file} --source ${source} --step ${stepS} ${sources} ${archives.join(' ')}`,
    `dump ${file}`,
  ]);
  return parse(text).rras;
}

const asRows = (columns: readonly Float64Array[]): number[][] =>
  Array.from(columns[0] ?? [], (_, row) => [row, ...columns.map((column) => column[row] ?? Number.NaN)]);

/** True if an archive of the file that covers the row has an unknown part in it. */
function touchesGap(
  { rras, lastS, stepS }: Dump,
  source: number,
  { fromS, toS }: { fromS: number; toS: number },
): boolean {
  return rras.some(({ pdpPerRow, columns }) => {
    const rowS = pdpPerRow * stepS;
    const values = columns[source] ?? new Float64Array(0);
    const startS = lastS - (lastS % rowS) - values.length * rowS;
    const [first, last] = [Math.floor((fromS - startS) / rowS), Math.ceil((toS - startS) / rowS)];
    return values.subarray(Math.max(0, first), Math.max(0, last)).some(Number.isNaN);
  });
}

describe.skipIf(!hasRrdtool)('resampled rows equal those of "rrdtool create --source" (needs rrdtool)', () => {
  const retentions = ['5m:100d,30m:100d,2h:200d,1d:797d', '1m:2d,10m:9d,1h:40d', '15m:30d,4h:60d'];
  const seeds = Array.from({ length: Number(process.env['LVS_STATS_SEQUENCES'] ?? 12) }, (_, i) => i + 1);

  test.each(seeds)('for a random file and several retentions, except at gaps, seed %i', (seed) => {
    const hasGaps = seed % 3 === 0;
    const layout = layoutOf(seed + Number(process.env['LVS_STATS_SEED'] ?? 0), hasGaps);
    const [file, stripped, xml] = ['file.rrd', 'stripped.rrd', 'stripped.xml'].map((name) => join(folder, name));
    const text = fill(`${file}`, layout);
    const dump = parse(text);
    writeFileSync(`${xml}`, withoutLongMeans(text));
    const hasMaxima = /<rra>/.test(readFileSync(`${xml}`, 'utf8'));
    if (hasMaxima) runRrdtool([`restore -f ${xml} ${stripped}`]);
    const retention = parseRetention(retentions[seed % retentions.length] ?? '');
    const made = fittingRows(dump, [0, 1], retention);
    for (const cf of ['AVERAGE', 'MAX'] as const) {
      const theirs = cf === 'MAX' && !hasMaxima ? [] : judge(`${cf === 'MAX' ? stripped : file}`, cf, retention);
      for (const [i, { rows, startS }] of made.rras.entries()) {
        const rowS = (retention.rras[i]?.pdpPerRow ?? 0) * retention.stepS;
        const label = `${cf} ${rowS} of ${layout.stepS} ${layout.rras.join(' ')}`;
        for (const [source, column] of rows[cf].entries()) {
          const expected = theirs[i]?.columns[source] ?? new Float64Array(column.length).fill(Number.NaN);
          const [own, judged] = [asRows([column]), asRows([expected])];
          for (const row of own.keys()) {
            if (differences(own.slice(row, row + 1), judged.slice(row, row + 1)).length === 0) continue;
            const place = { fromS: startS + row * rowS, toS: startS + (row + 1) * rowS };
            expect(touchesGap(dump, source, place), `${label}: row ${row}: ${own[row]} ${judged[row]}`).toBe(true);
          }
        }
      }
    }
  });

  test("for collectd's three days: 863, 144, 36 and 2 rows", () => {
    const endS = 1_795_910_400;
    const rows = [1, 7, 50, 223, 2635].map((pdps, i) => [pdps, [1200, 1235, 1210, 1202, 1201][i] ?? 0] as const);
    const rras = rows.flatMap(([pdps, count]) =>
      ['AVERAGE', 'MIN', 'MAX'].map((cf) => `RRA:${cf}:0.1:${pdps}:${count}`),
    );
    const updates = Array.from(
      { length: 3 * 8640 },
      (_, i) => `${endS - 3 * 86_400 + 10 * (i + 1)}:${i % 700}:${i % 90}`,
    );
    const file = join(folder, 'collectd.rrd');
    const dump = parse(fill(file, { stepS: 10, rras, updates, startS: endS - 7 * 86_400 }));
    const made = fittingRows(dump, [0, 1], standardRetention);
    const theirs = judge(file, 'AVERAGE', standardRetention);
    for (const [i, { rows: own }] of made.rras.entries()) {
      expect(differences(asRows(own.AVERAGE), asRows(theirs[i]?.columns ?? []))).toEqual([]);
    }
    const known = made.rras.map(({ rows: own }) => own.MAX[0]?.filter((value) => !Number.isNaN(value)).length);
    expect(known).toEqual([863, 144, 36, 2]);
  });
});
