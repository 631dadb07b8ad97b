// The past that is joined from services one by one equals that of the whole table, cycle by cycle; and the sections'
// contributions add up to the director's readings.

import { describe, expect, it } from 'vitest';
import { createDirector, type Director } from '../../../src/demo/director.js';
import type { GrowthColumns } from '../../../src/demo/past/growth-columns.js';
import type { Past } from '../../../src/demo/past/past.js';
import type { ArchiveChange } from '../../../src/model/cycle.js';
import { emptyState } from '../../../src/model/cycle.js';
import type { LedgerEvent } from '../../../src/model/ledger-event.js';
import { directorName, isOfDirector } from '../../../src/model/names/name.js';
import { cloneable } from '../../../src/model/table/known-table.js';
import { collected, dayS, endS, linesOfColumns } from '../simulated-history.js';

/** A window of sealed readings ends here. */
const untilS = endS - (endS % (8 * 3600));

describe('the past of a director', () => {
  it.each([
    { title: 'of several', days: 6, services: 18, seed: 2 },
    { title: 'of the only one there is', days: 25, services: 1, seed: 3 },
    { title: 'of none', days: 1, services: 0, seed: 5 },
  ])('equals what a collector found in all readings $title', ({ days, services, seed }) => {
    const epochS = untilS - days * dayS;
    const director = createDirector({ seed, services, epochS, endS });
    expectSame(pastOf(director, untilS), collectedPast(director, director.readingTimes(epochS, untilS)), true);
  });

  it('equals what a collector found in a year, at all turns of any service', () => {
    const director = createDirector({ seed: 1, services: 40, epochS: untilS - 365 * dayS, endS });
    const past = pastOf(director, untilS);
    expectSame(past, collectedPast(director, turnsUpTo(director, untilS)));
    const ofDirector = past.events.filter(({ archive }) => archive === directorName);
    const resets = ofDirector.filter(({ kind }) => kind === 'counters-reset');
    expect(resets.map(({ cause }) => cause)).toEqual(Array(2).fill('machine-restarted'));
    expect(ofDirector.filter(({ kind }) => kind === 'cycle-missed')).toHaveLength(5);
    expect(past.events.length).toBeGreaterThan(3 * 40);
  });

  it('is plain data, which threads can hand over', () => {
    const director = createDirector({ seed: 1, services: 9, epochS: untilS - 20 * dayS, endS });
    const { pasts } = director.section({ from: 0, to: 9 }, untilS);
    expect(structuredClone(pasts)).toEqual(pasts);
  });

  it('may end in the middle of whatever happens', () => {
    const director = createDirector({ seed: 6, services: 16, epochS: untilS - 14 * dayS, endS });
    const turns = director.turningTimes();
    expect(turns.length).toBeGreaterThan(50);
    // Each end is itself a turn, so one collector passes them all.
    const ends = new Set(turns.filter((_, i) => i % 4 === 0));
    for (const past of pastsAfter(director, turns)) {
      const timeS = past.table.timeS ?? 0;
      if (ends.has(timeS)) expectSame(pastOf(director, timeS), past);
    }
  });
});

describe('sections of a director', () => {
  it('have the readings of its archives, and add up to its own', () => {
    const epochS = untilS - 26 * dayS;
    const director = createDirector({ seed: 7, services: 19, epochS, endS });
    const parts = [0, 5, 18].map((from, i, all) => director.section({ from, to: all[i + 1] ?? 19 }, untilS));
    const found = parts.flatMap((part) => [...linesOf(part.history())]);
    const whole = [...linesOf(director.history(epochS, untilS))];
    const isDirector = ([name]: readonly [string, unknown]): boolean => isOfDirector(name);
    expect(found.filter((one) => !isDirector(one))).toEqual(whole.filter((one) => !isDirector(one)));
    const columnsOf = (own: GrowthColumns | undefined) => [...(own?.columns ?? []), ...(own?.tally ?? [])];
    const sums = parts.map(({ history }) => columnsOf([...history()].at(-1)));
    const all = [...director.history(epochS, untilS)].find(({ name }) => name === directorName);
    expect(columnsOf(all)).toHaveLength(7 + 6);
    for (const [i, column] of columnsOf(all).entries()) {
      expect(column.map((_, row) => sums.reduce((sum, part) => sum + (part[i]?.[row] ?? 0), 0))).toEqual(column);
    }
  });
});

function* linesOf(history: Iterable<GrowthColumns>): Generator<[string, string[]]> {
  for (const columns of history) yield [columns.name, linesOfColumns(columns)];
}

/** The same, and in the same order: of events, of services, and of names that are gone. */
function expectSame(past: Past, expected: Past, isWhole = false): void {
  // Where only turns were collected, most cycles were missed.
  const eventsOf = ({ events }: Past) => (isWhole ? events : events.filter(({ kind }) => kind !== 'cycle-missed'));
  expect(eventsOf(past)).toEqual(eventsOf(expected));
  expect(past.archives).toEqual(expected.archives);
  expect(cloneable(past.table)).toEqual(cloneable(expected.table));
  expect([...past.table.director.services.keys()]).toEqual([...expected.table.director.services.keys()]);
  expect([...past.table.gone]).toEqual([...expected.table.gone]);
}

/** Put together from sections of seven services. */
function pastOf(director: Director, timeS: number): Past {
  const starts = [...director.characters.keys()].filter((i) => i % 7 === 0);
  const sections = starts.map((from) => director.section({ from, to: from + 7 }, timeS));
  return director.past(
    sections.flatMap(({ pasts }) => pasts),
    timeS,
  );
}

function turnsUpTo(director: Director, timeS: number): readonly number[] {
  return [...director.turningTimes().filter((turnS) => turnS < timeS), timeS];
}

function collectedPast(director: Director, timesS: Iterable<number>): Past {
  let newest: Past = { table: emptyState, events: [], archives: new Map() };
  for (const past of pastsAfter(director, timesS)) newest = past;
  return newest;
}

/** The knowledge of a collector after each reading; its events and archives are the same objects, which grow. */
function* pastsAfter(director: Director, timesS: Iterable<number>): Generator<Past> {
  const events: LedgerEvent[] = [];
  const archives = new Map<string, ArchiveChange>();
  for (const { table, events: newer, archives: changes } of collected(director, timesS)) {
    events.push(...newer);
    for (const change of changes) archives.set(change.name, change);
    yield { table, events, archives };
  }
}
