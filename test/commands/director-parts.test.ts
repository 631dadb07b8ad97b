// The kernel's counters of the whole director: list, fetch and render.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { interpret } from '../../src/interpret/interpret.js';
import { emptyState } from '../../src/model/cycle.js';
import type { Counters, KernelReading } from '../../src/model/snapshot.js';
import { withStore } from '../../src/store/open.js';
import { readPng } from './png.js';
import { filesBelow, run, scratch, succeed } from './program.js';

const newFolder = scratch();
const startS = 1_700_000_100;

function countersAt(n: bigint): Counters {
  return { conns: n, inPkts: 8n * n, outPkts: 10n * n, inBytes: 800n * n, outBytes: 10_000n * n };
}

/** A kernel with two processors that count 300 and 600 connections each step. */
function kernel(step: number): KernelReading {
  const n = BigInt(step) * 300n + 1n;
  const nothing = { ratesPerS: null, laterTotals: null, isEstimating: true, syncDaemons: '' };
  const processors = new Map([
    [0, countersAt(n)],
    [1, countersAt(2n * n)],
  ]);
  return { ...nothing, totals: countersAt(3n * n), processors, tableSize: 4096, tableEntries: step };
}

describe('the parts of the director', async () => {
  const data = newFolder();
  await withStore(data, async (store) => {
    let table = emptyState;
    for (let step = 0; step < 50; step += 1) {
      const snapshot = { timeS: startS + 300 * step, host: null, services: [], kernel: kernel(step) };
      const cycle = interpret(table, snapshot);
      await store.append(cycle, false);
      table = cycle.table;
    }
    await store.sync();
  });
  const names = ['all', 'all/cpu_0', 'all/cpu_1', 'all/table', 'all/total'];

  test('are listed behind it', async () => {
    const listed = JSON.parse(await succeed('list', '--data', data, '--format', 'json')) as {
      readonly name: string;
      readonly kind: string;
    }[];
    expect(listed.map(({ name }) => name)).toEqual(names);
    expect(listed.map(({ kind }) => kind)).toEqual([
      'director',
      'processor',
      'processor',
      'connection-table',
      'totals',
    ]);
  });

  test.each([
    ['all/total', 'time,Conns,InPkts,OutPkts,InBytes,OutBytes', '3,24,30,2400,30000'],
    ['all/cpu_1', 'time,Conns,InPkts,OutPkts,InBytes,OutBytes', '2,16,20,1600,20000'],
    ['all/table', 'time,Size,Entries', '4096,49'],
  ])('%s has rows of its own data sources', async (name, titles, values) => {
    const lines = (
      await succeed('fetch', name, '--data', data, '--format', 'csv', '--end', String(startS + 300 * 49 - 1))
    )
      .trim()
      .split('\n');
    expect(lines[0]).toBe(titles);
    expect(lines.at(-1)).toBe(`${startS + 300 * 49},${values}`);
  });

  test('are drawn on request, by the graphs of what they count', async () => {
    const out = newFolder('out');
    await succeed(
      'render',
      '--data',
      data,
      '--since',
      '2h',
      '--out',
      out,
      '--vs',
      'all/*',
      '--type',
      'cps,active',
      '--format',
      'png',
    );
    expect(filesBelow(out)).toEqual(['all/cpu_0-cps.png', 'all/cpu_1-cps.png', 'all/total-cps.png']);
    expect(readPng(join(out, 'all/total-cps.png')).width).toBe(760);
    const all = newFolder('out');
    await succeed('render', '--data', data, '--since', '2h', '--out', all, '--type', 'cps', '--format', 'png');
    expect(filesBelow(all)).toEqual(['all-cps.png']);
  });

  test('have no graph of what they do not count', async () => {
    const { status, stderr } = await run(['picture', 'all/total', 'active', '--data', data]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('all/total has no graph "active": choose one of cps,'),
    ]);
  });
});
