// The judge of probes: values, sums, failures, arrivals and departures.

import { describe, expect, test } from 'vitest';
import { interpretReads } from '../../../src/interpret/interpret.js';
import { judgedRead } from '../../../src/interpret/judged-read.js';
import { probesJudge } from '../../../src/interpret/probes/judge-probes.js';
import { type Cycle, emptyState, type KnownState } from '../../../src/model/cycle.js';
import {
  knownFailure,
  knownValue,
  maxProbeArchives,
  type ProbeReading,
  probesSource,
} from '../../../src/model/probes/reading.js';
import { otherIn } from '../../../src/model/table/other-sources.js';

const startS = 1_763_700_000;

function cycle(previous: KnownState, n: number, probes: readonly ProbeReading[] | null): Cycle {
  const reads = [judgedRead(probesJudge, probes && { probes })];
  return interpretReads(previous, { timeS: startS + 300 * n, host: null, reads });
}

/** The cycles of readings, each from the one before. */
function cycles(...all: readonly (readonly ProbeReading[] | null)[]): readonly Cycle[] {
  const made: Cycle[] = [];
  for (const [n, probes] of all.entries()) made.push(cycle(made.at(-1)?.table ?? emptyState, n, probes));
  return made;
}

const plain = (value: number): ProbeReading => ({ name: 'load', reads: 'file', result: [{ labels: [], value }] });

const labelled = (values: Readonly<Record<string, number>>): ProbeReading => ({
  name: 'flows',
  reads: 'command',
  result: Object.entries(values).map(([bridge, value]) => ({ labels: [['bridge', bridge]], value })),
});

const failing = (name: string, failure = 'it hangs'): ProbeReading => ({ name, reads: 'command', result: { failure } });

const valuesOf = ({ readings }: Cycle) => Object.fromEntries(readings.map((own) => [own.archive, own.values[0]]));
const eventsOf = ({ events }: Cycle) => events.map(({ archive, kind }) => `${archive} ${kind}`);
const probesIn = ({ table }: Cycle) => otherIn(table, probesSource);

test('a probe has a value from a second before its first reading, and the known state remembers it', () => {
  const [first, second] = cycles([plain(4)], [plain(-2.5)]);
  expect(first?.readings).toEqual([
    { archive: 'probe_load', sinceS: startS - 1, timeS: startS, values: Float64Array.of(4) },
  ]);
  expect(second?.readings[0]).toMatchObject({ sinceS: startS, values: Float64Array.of(-2.5) });
  expect(first && eventsOf(first)).toContain('probe_load appeared');
  expect(second && knownValue(probesIn(second), 'probe_load')).toBe(-2.5);
  expect(second?.archives).toEqual([]);
});

test('values with labels have archives of their own, and their probe has the sum, unless one is unknown', () => {
  const [first, second] = cycles([labelled({ br0: 1, br1: 2 })], [labelled({ br0: 1, br1: Number.NaN })]);
  const names = ['probe_flows', 'probe_flows/bridge=br0', 'probe_flows/bridge=br1'] as const;
  expect(first && valuesOf(first)).toEqual({ [names[0]]: 3, [names[1]]: 1, [names[2]]: 2 });
  expect(second && valuesOf(second)).toEqual({ [names[0]]: Number.NaN, [names[1]]: 1, [names[2]]: Number.NaN });
  const about = first?.archives.map((own) => [own.name, own.about]);
  expect(about).toContainEqual([names[0], { kind: 'probe', reads: 'command', isSum: true }]);
  expect(about).toContainEqual([names[1], { kind: 'probe-value' }]);
});

test('a probe that fails makes all of its values unknown, loses none, and disturbs no other', () => {
  const [, failed, after] = cycles(
    [labelled({ br0: 1 }), plain(1)],
    [failing('flows'), plain(2)],
    [labelled({ br0: 5 }), plain(3)],
  );
  if (failed === undefined || after === undefined) throw new Error('no cycles');
  expect(valuesOf(failed)).toEqual({ probe_flows: Number.NaN, 'probe_flows/bridge=br0': Number.NaN, probe_load: 2 });
  expect(knownFailure(probesIn(failed), 'flows')).toBe('it hangs');
  expect(knownFailure(probesIn(failed), 'load')).toBeNull();
  expect(probesIn(failed).failure).toBeNull();
  expect(failed.archives).toEqual([]);
  expect(valuesOf(after)).toEqual({ probe_flows: 5, 'probe_flows/bridge=br0': 5, probe_load: 3 });
  expect(knownFailure(probesIn(after), 'flows')).toBeNull();
});

test('a probe that never gave a value has an archive that is unknown', () => {
  const [first] = cycles([failing('flows')]);
  expect(first && valuesOf(first)).toEqual({ probe_flows: Number.NaN });
});

describe('an archive is gone', () => {
  test('after two readings without its labels, but not by a failure between them', () => {
    const all = cycles(
      [labelled({ br0: 1, br1: 2 })],
      [labelled({ br0: 1 })],
      [failing('flows')],
      [labelled({ br0: 1 })],
      [labelled({ br0: 1, br1: 3 })],
    );
    const name = 'probe_flows/bridge=br1';
    expect(all.map(({ table }) => otherIn(table, probesSource).archives.has(name))).toEqual([
      ...[true, true, true, false, true],
    ]);
    expect(all[1]?.archives).toMatchObject([{ name, lastS: startS, goneS: null }]);
    expect(all[3]?.archives).toMatchObject([{ name, lastS: startS, goneS: startS + 300 }]);
    expect(all[3]?.table.gone.get(name)).toBe(startS);
    // The time away is unknown.
    expect(all[4] && valuesOf(all[4])[name]).toBeNaN();
    expect(all[4]?.table.gone.has(name)).toBe(false);
  });

  test('at once when its probe left the policy', () => {
    const [, left, back] = cycles([plain(1), labelled({ br0: 1 })], [plain(1)], [plain(1), labelled({ br0: 1 })]);
    expect(left && eventsOf(left)).toEqual(['probe_flows gone']);
    expect(left?.archives.map(({ name, goneS }) => [name, goneS])).toEqual([
      ['probe_flows', startS + 300],
      ['probe_flows/bridge=br0', startS + 300],
    ]);
    expect(back && eventsOf(back)).toEqual(['probe_flows back']);
  });

  test('a day after the last cycle with probes, when no cycle reads any', () => {
    const [first] = cycles([plain(1)]);
    if (first === undefined) throw new Error('no cycle');
    expect(cycle(first.table, 288, null).archives).toEqual([]);
    const gone = cycle(first.table, 289, null);
    expect(gone.archives).toMatchObject([{ name: 'probe_load', lastS: startS }]);
    expect(otherIn(gone.table, probesSource).archives.size).toBe(0);
  });
});

test('labels that change with each reading make a bounded number of archives, and the probe says so', () => {
  const part = 100;
  const full = maxProbeArchives / part;
  const numbered = (n: number) =>
    labelled(Object.fromEntries(Array.from({ length: part }, (_, i) => [`${n}x${i}`, 1])));
  const all = cycles(...Array.from({ length: full + 1 }, (_, n) => [numbered(n)]), [numbered(full)]);
  const archives = new Set(all.flatMap(({ readings }) => readings.map(({ archive }) => archive)));
  expect(archives.size).toBe(maxProbeArchives + 1);
  const [last, again] = all.slice(-2);
  expect(last && valuesOf(last)).toEqual({ probe_flows: Number.NaN });
  expect(again && knownFailure(probesIn(again), 'flows')).toContain(`made ${maxProbeArchives} archives already`);
});
