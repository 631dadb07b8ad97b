// The bulk history equals what a collector makes of the same snapshots, reading by reading, through every event.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDirector, type Director } from '../../../src/demo/director.js';
import { interpret } from '../../../src/interpret/interpret.js';
import { emptyState } from '../../../src/model/cycle.js';
import { collected, dayS, endS, linesOfColumns, linesOfCycles } from '../simulated-history.js';

const stretches = [
  { title: 'the last day: an outage of a service, a drained real server', fromDay: 1.2, toDay: 0, services: 40 },
  { title: 'the last week: a flood, a gap, a service back, counters zeroed', fromDay: 6, toDay: 0.5, services: 18 },
  { title: 'a restart of the machine, a service that goes', fromDay: 13.4, toDay: 8.5, services: 18 },
  { title: 'real servers added, replaced and removed, counters zeroed', fromDay: 23.5, toDay: 15.4, services: 12 },
  { title: 'half a day without a reading', fromDay: 48, toDay: 46.4, services: 18 },
  { title: 'a service missing for one reading', fromDay: 85, toDay: 83.5, services: 18 },
  { title: 'a service that is new', fromDay: 105, toDay: 103, services: 18 },
  { title: 'a holiday', fromDay: 131.5, toDay: 130, services: 18 },
  { title: 'a long gap', fromDay: 164, toDay: 160.5, services: 18 },
  { title: 'another restart', fromDay: 242, toDay: 240.5, services: 18 },
];

describe('a history in bulk', () => {
  it.each(stretches)('equals the collected one: $title', ({ fromDay, toDay, services }) => {
    const epochS = Math.round(endS - fromDay * dayS);
    const toS = Math.round(endS - toDay * dayS);
    const director = createDirector({ seed: services, services, epochS, endS });
    const expected = linesOfCycles(collected(director, director.readingTimes(epochS, toS)));
    const found = new Map<string, string[]>();
    for (const columns of director.history(epochS, toS)) {
      if (columns.timesS.length > 0) found.set(columns.name, linesOfColumns(columns));
    }
    expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [name, lines] of expected) expect(found.get(name), name).toEqual(lines);
  });

  const epochS = endS - 26 * dayS;
  const director = createDirector({ seed: 5, services: 19, epochS, endS });
  const whole = new Map([...historyLines(director, epochS, endS)]);

  it('is the same however it is cut into windows', () => {
    const names = [...whole.keys()];
    const window = fc.record({
      fromS: fc.integer({ min: epochS - 600, max: endS }),
      lengthS: fc.integer({ min: -300, max: dayS }),
    });
    fc.assert(
      fc.property(window, fc.constantFrom(...names), ({ fromS, lengthS }, name) => {
        const toS = Math.min(fromS + lengthS, endS);
        const lines = linesOfColumns(director.growthColumns(name, fromS, toS));
        const isInside = (line: string): boolean =>
          Number(line.split(' ')[1]) > fromS && Number(line.split(' ')[1]) <= toS;
        expect(lines).toEqual(whole.get(name)?.filter(isInside));
      }),
      { numRuns: 300 },
    );
  });

  it('is empty for a window without a reading', () => {
    const columns = director.growthColumns('all', endS - 200, endS - 100);
    expect(columns.timesS).toHaveLength(0);
    expect(columns.columns).toHaveLength(7);
    expect([...director.history(endS - 200, endS - 100)]).toEqual([]);
  });

  it('names an archive that it never had', () => {
    expect(() => director.growthColumns('192.0.2.99_80', epochS, endS)).toThrow(/never had "192.0.2.99_80"/);
  });

  it('of no service at all is the director alone', () => {
    const empty = createDirector({ seed: 1, services: 0, epochS, endS });
    const lines = linesOfCycles(collected(empty, empty.readingTimes(epochS, epochS + dayS)));
    expect(new Map(historyLines(empty, epochS, epochS + dayS))).toEqual(lines);
  });
});

describe('the turning times', () => {
  const epochS = endS - 13 * dayS;
  const director = createDirector({ seed: 2, services: 18, epochS, endS });
  const timesS = director.readingTimes(epochS, endS);
  const lastS = timesS.at(-1) ?? endS;

  it('give every event, every change of an archive and the last table', () => {
    const all = [...collected(director, timesS)];
    const few = [...collected(director, new Set([...director.turningTimes(), lastS]))];
    expect(few.length).toBeLessThan(all.length / 20);
    // Only this test skips the readings between turning times.
    const told = (cycles: typeof all) =>
      cycles.flatMap(({ events }) => events.filter(({ kind }) => kind !== 'cycle-missed'));
    expect(told(few)).toEqual(told(all));
    expect(few.flatMap(({ archives }) => archives)).toEqual(all.flatMap(({ archives }) => archives));
    expect(few.at(-1)?.table).toEqual(all.at(-1)?.table);
  });

  it('include every kind of event of a year', () => {
    const year = createDirector({ seed: 2, services: 40, epochS: endS - 366 * dayS, endS });
    let table = emptyState;
    const kinds = new Set<string>();
    for (const timeS of year.turningTimes()) {
      const cycle = interpret(table, year.snapshotAt(timeS));
      table = cycle.table;
      for (const { kind } of cycle.events) kinds.add(kind);
    }
    kinds.delete('cycle-missed');
    expect([...kinds].sort()).toEqual([
      'appeared',
      'back',
      'counters-reset',
      'gone',
      'real-server-added',
      'real-server-removed',
      'sum-complete',
      'sum-incomplete',
      'weight-changed',
    ]);
  });
});

function* historyLines(director: Director, fromS: number, toS: number): Generator<[string, string[]]> {
  for (const columns of director.history(fromS, toS)) yield [columns.name, linesOfColumns(columns)];
}
