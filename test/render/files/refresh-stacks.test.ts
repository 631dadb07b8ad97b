// The director's stacks stay within the budget for any number of services, and each is drawn eventually.
// The costs of reading and drawing are counted, not measured.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { graphTypes, type Period, periods, stackTypes } from '../../../src/render/define/graph-request.js';
import { writePicture } from '../../../src/render/files/picture-file.js';
import type { PictureJob } from '../../../src/render/files/picture-job.js';
import { refreshPictures } from '../../../src/render/files/refresh.js';
import type { RefreshTally } from '../../../src/render/files/refresh-tally.js';
import { drawHere } from '../../../src/render/png/draw-pool.js';
import { archiveOf, lastS, sourceOf } from '../sample-archives.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-stacks-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The pictures of a cycle, `period/name-type`, in order. */
interface Cycle {
  readonly tally: RefreshTally;
  readonly drawn: readonly string[];
  readonly spent: number;
}

interface Director {
  readonly services: number;
  /** The budget of a cycle; each reading of a service's rows costs 1: those shown, those of percentiles and of its highest row. */
  readonly budget: number;
  readonly drawingCosts?: number;
  readonly periods?: readonly Period[];
  readonly draws?: boolean;
}

function namesOf(services: number): readonly string[] {
  return Array.from({ length: services }, (_, i) => `198.18.${i >> 8}.${i & 255}_80`);
}

/** Refreshes after the n-th cycle. */
async function refreshAfter(
  n: number,
  { services, budget, drawingCosts = 1, draws = false, ...rest }: Director,
): Promise<Cycle> {
  const nowS = lastS + n * 300;
  const archives = ['all', ...namesOf(services)].map((name, i) => archiveOf(name, { lastS: nowS, firstS: 1000 + i }));
  let spent = 0;
  const drawn: string[] = [];
  const flat = sourceOf(archives, 7);
  const source: typeof flat = {
    ...flat,
    fetch: (query) => {
      spent += 1;
      return flat.fetch({ ...query });
    },
    fetchMany: (query) => {
      spent += query.names.length;
      return flat.fetchMany(query);
    },
    fetchBoth: (query) => {
      spent += 1;
      return flat.fetchBoth(query);
    },
  };
  const draw = async (jobs: readonly PictureJob[]) => {
    spent += jobs.length * drawingCosts;
    drawn.push(...jobs.map(({ path }) => path.slice(folder.length + 1, -'.png'.length)));
    if (draws && drawn.at(-1)?.includes('/all-') === true) return drawHere(jobs);
    for (const { path, dataS } of jobs) writePicture(path, Buffer.from('a picture'), dataS);
    return jobs.map(() => 'drawn' as const);
  };
  const tally = await refreshPictures({
    lend: (use) => use(source),
    draw,
    folder,
    looks: { timeZone: 'UTC', theme: 'light', pixelRatio: 1, hosts: new Map(), note: null },
    drawnSinceMs: 0,
    wholeSinceMs: 1,
    busyness: new Map(),
    hasBudget: (share) => spent < share * budget,
    periods: rest.periods ?? ['day', 'week', 'month', 'year'],
  });
  return { tally, drawn, spent };
}

const all = (period: Period) => stackTypes.map((type) => `${period}/all-${type}`);
const isStack = (picture: string): boolean => picture.includes('/all-');

describe('stacks within a budget', () => {
  test('stop when it is spent, and leave a share of it to the services', async () => {
    const { tally, drawn, spent } = await refreshAfter(0, { services: 300, budget: 160 });
    expect(spent).toBeLessThan(160 + 16);
    expect(drawn.filter((picture) => !isStack(picture)).length).toBeGreaterThan(20);
    expect(tally.waiting).toBe(4 * (300 * graphTypes.length + stackTypes.length) - drawn.length);
  });

  test('are resumed by the next cycles until they are drawn, with data from when they began', async () => {
    const director = { services: 60, budget: 100, periods: ['week'] } as const;
    const first = await refreshAfter(0, director);
    expect(first.drawn.filter(isStack)).toEqual([]);
    const second = await refreshAfter(1, director);
    expect(second.drawn.filter(isStack)).toEqual(all('week'));
    const { mtimeMs } = statSync(join(folder, 'week/all-cps.png'));
    expect(mtimeMs / 1000).toBe(lastS - (lastS % 1800));
    expect(readdirSync(join(folder, 'week')).filter((file) => !file.endsWith('.png'))).toEqual([]);
  });

  test('draw the same whether they were interrupted or not', async () => {
    const director = { services: 40, periods: ['year'], draws: true, drawingCosts: 0 } as const;
    await refreshAfter(0, { ...director, budget: 1e6 });
    const whole = stackTypes.map((type) => readFileSync(join(folder, `year/all-${type}.png`)));
    rmSync(folder, { recursive: true });
    for (let n = 0; n < 3; n += 1) {
      expect(existsSync(join(folder, 'year/all-cps.png'))).toBe(false);
      await refreshAfter(n, { ...director, budget: 40 });
    }
    expect(stackTypes.map((type) => readFileSync(join(folder, `year/all-${type}.png`)))).toEqual(whole);
  });

  test('draw the day first, yet draw the others regularly, even if the day could use the whole budget', async () => {
    const director = { services: 100, budget: 200 };
    const cycles: (readonly string[])[] = [];
    for (let n = 0; n < 40; n += 1) cycles.push((await refreshAfter(n, director)).drawn.filter(isStack));
    expect(cycles.flat().slice(0, stackTypes.length)).toEqual(all('day'));
    for (const period of Object.keys(periods)) {
      const drawnIn = [...cycles.keys()].filter((n) => cycles[n]?.includes(`${period}/all-cps`));
      expect([period, drawnIn.length > 0]).toEqual([period, true]);
    }
    const [days, weeks] = (['day', 'week'] as const).map(
      (period) => cycles.flat().filter((picture) => picture === `${period}/all-cps`).length,
    );
    expect(days).toBeGreaterThan(10);
    expect(weeks).toBeGreaterThan(2);
  });

  test('draw a day that takes many cycles, with data from when it began', async () => {
    const director = { services: 100, budget: 50, periods: ['day'] } as const;
    const drawnIn: number[] = [];
    for (let n = 0; n < 12; n += 1) if ((await refreshAfter(n, director)).drawn.some(isStack)) drawnIn.push(n);
    expect(drawnIn.length).toBeGreaterThanOrEqual(2);
    expect(statSync(join(folder, 'day/all-cps.png')).mtimeMs / 1000).toBeGreaterThan(lastS);
  });

  test.each<[title: string, spoil: (bytes: Buffer) => Uint8Array]>([
    ['is damaged', (bytes) => Buffer.from(bytes.map((byte, i) => (i === 500 ? byte ^ 1 : byte)))],
    ['is cut off', (bytes) => bytes.subarray(0, 100)],
    ['is empty', () => new Uint8Array()],
  ])('start over if the unfinished file %s', async (_title, spoil) => {
    const director = { services: 100, periods: ['year'] } as const;
    await refreshAfter(0, { ...director, budget: 200 });
    const path = join(folder, 'year/all.unfinished');
    writeFileSync(path, spoil(readFileSync(path)));
    const { drawn, spent } = await refreshAfter(1, { ...director, budget: 1000 });
    expect(drawn.filter(isStack)).toEqual(all('year'));
    expect(spent).toBeGreaterThan(100 + stackTypes.length);
  });

  test('start over after a rewind to an earlier time', async () => {
    const director = { services: 100, periods: ['year'], budget: 200 } as const;
    await refreshAfter(10, director);
    const { drawn } = await refreshAfter(5, director);
    expect(drawn.filter(isStack)).toEqual([]);
  });
});
