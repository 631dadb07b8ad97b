// The simulated kernel's counters beside its table: totals that balance with the services, and processors that add up to them, one
// of which receives more and more. Of four equal real servers, one takes more than its share.

import { describe, expect, it } from 'vitest';
import { splitTotals } from '../../src/demo/cast/processors.js';
import { createDirector } from '../../src/demo/director.js';
import type { GrowthColumns } from '../../src/demo/past/growth-columns.js';
import { addTally, livesOf, tallyColumns } from '../../src/demo/past/tally.js';
import { directorName, isOfDirector, serviceName } from '../../src/model/names/name.js';
import { collected, dayS, endS } from './simulated-history.js';

const epochS = endS - 13 * dayS;
const director = createDirector({ seed: 2, services: 18, epochS, endS });

describe('what the simulated kernel counts', () => {
  const parts = new Map<string, GrowthColumns>();
  for (const own of director.history(epochS, endS)) if (isOfDirector(own.name)) parts.set(own.name, own);
  const column = (name: string, i: number): Float64Array => parts.get(name)?.columns[i] ?? new Float64Array();

  it('is the sum over the services wherever that is known, and known where one of them restarted', () => {
    const rows = [...column(directorName, 2).keys()];
    const unknown = (name: string, i: number): number[] => rows.filter((row) => Number.isNaN(column(name, i)[row]));
    for (let counter = 0; counter < 5; counter += 1) {
      const differing = rows.filter((row) => {
        const sum = column(directorName, 2 + counter)[row] ?? Number.NaN;
        return !Number.isNaN(sum) && sum !== column('all/total', counter)[row];
      });
      expect(differing).toEqual([]);
    }
    // The first reading of all, and the one after the machine was restarted.
    expect(unknown('all/total', 0)).toHaveLength(2);
    expect(unknown(directorName, 2).length).toBeGreaterThan(5);
  });

  it('falls to four processors to the last packet, the more of it to one of them the nearer the end', () => {
    const shareAt = (row: number): number => (column('all/cpu_2', 1)[row] ?? 0) / (column('all/total', 1)[row] ?? 1);
    for (let counter = 0; counter < 5; counter += 1) {
      const sums = column('all/total', counter).map((_, row) =>
        [0, 1, 2, 3].reduce((sum, cpu) => sum + (column(`all/cpu_${cpu}`, counter)[row] ?? 0), 0),
      );
      expect(sums).toEqual(column('all/total', counter));
    }
    const last = column('all/total', 0).length - 1;
    expect(shareAt(last)).toBeCloseTo(0.58, 1);
    expect(shareAt(last - 2 * 288)).toBeGreaterThan(shareAt(last - 6 * 288) + 0.1);
    expect(shareAt(last - 6 * 288)).toBeCloseTo(0.255, 1);
  });

  it('balances: a collector finds no difference', () => {
    const timesS = director.readingTimes(endS - 6 * dayS, endS).filter((_, i) => i % 2 === 0);
    const cycles = [...collected(director, timesS)];
    expect(cycles.flatMap(({ events }) => events).filter(({ kind }) => kind.startsWith('books'))).toEqual([]);
    expect(cycles.at(-1)?.table.director.kernel.syncDaemons).toMatch(/^master \(mcast=eth1, syncid=7, /);
  });

  it('has as many connections in its table as the services have open', () => {
    const { services, kernel } = director.snapshotAt(endS);
    const open = services.flatMap(({ realServers }) => realServers.map((one) => one.activeConn + one.inActConn));
    expect(kernel?.tableEntries).toBe(open.reduce((sum, one) => sum + one, 0));
  });
});

describe('the tally of a service', () => {
  it('keeps what was counted before it was zeroed or removed, and loses it with the machine', () => {
    const lives = livesOf({
      spans: [
        { fromS: 0, toS: 100 },
        { fromS: 200, toS: Number.POSITIVE_INFINITY },
      ],
      bootsS: [0, 300],
      restartsS: [0, 50, 200, 300],
      countersAt: (timeS) => [timeS < 50 ? timeS : timeS - 50],
    });
    const timesS = Float64Array.of(10, 60, 150, 210, 310);
    const tally = Array.from({ length: tallyColumns }, () => new Float64Array(5));
    const columns = [1, 2, 7, 0, 0, 0, 0].map((value) => new Float64Array(5).fill(value));
    addTally(tally, lives, { timesS, columns });
    expect(tally.map(([...rows]) => rows)[0]).toEqual([7, 49 + 7, 49 + 49, 49 + 49 + 7, 7]);
    expect([...(tally[5] ?? [])]).toEqual([3, 3, 0, 3, 3]);
  });
});

it('a split never falls while packets come, before, while and after one processor is given more', () => {
  const timesS = Float64Array.from({ length: 3000 }, (_, i) => 300 * i);
  const counters = [1, 9, 8, 1e3, 4e3].map((size) => timesS.map((timeS) => Math.floor(size * timeS * 20)));
  const at = (timeS: number): readonly number[] => counters.map((column) => column[timeS / 300] ?? 0);
  const drift = { fromS: 300_000, from: at(300_000), to: at(600_000) };
  const means = [20, 180, 160, 2e4, 8e4];
  for (const processor of splitTotals({ timesS, counters }, { seed: 1, means, drift })) {
    for (const column of processor) {
      expect(column.findIndex((value, row) => row > 0 && value < (column[row - 1] ?? 0))).toBe(-1);
    }
  }
});

it('of four equal real servers one has taken 41 % of the new connections for hours', () => {
  const own = director.characters.find(({ story }) => story.pulls.length > 0);
  const name = own === undefined ? '' : serviceName(own.id);
  const sums = (own?.realServers ?? []).map(({ id }) => {
    const server = `${name}/${id.address}_${id.port}`;
    const [, , conns] = director.growthColumns(server, endS - 8 * 3600, endS).columns;
    return (conns ?? new Float64Array()).reduce((sum, value) => sum + value, 0);
  });
  expect(own).toMatchObject({ scheduler: 'wrr', flags: '' });
  expect(new Set(own?.realServers.map(({ weight }) => weight))).toEqual(new Set([1]));
  expect((sums[2] ?? 0) / sums.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0.41, 1.9);
});
