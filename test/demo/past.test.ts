// What is put together from services that were gone through one by one equals what the whole table tells, cycle by cycle.

import { describe, expect, it } from 'vitest';
import { createDirector, type Director } from '../../src/demo/director.js';
import type { Past } from '../../src/demo/past.js';
import type { ArchiveChange } from '../../src/model/cycle.js';
import { emptyTable } from '../../src/model/cycle.js';
import type { LedgerEvent } from '../../src/model/ledger-event.js';
import { directorName } from '../../src/model/name.js';
import { collected, dayS, endS } from './simulated-history.js';

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
    expectSame(director.past(untilS), collectedPast(director, director.readingTimes(epochS, untilS)));
  });

  it('equals what a collector found in a year, at all turns of any service', () => {
    const director = createDirector({ seed: 1, services: 40, epochS: untilS - 365 * dayS, endS });
    const past = director.past(untilS);
    expectSame(past, collectedPast(director, turnsUpTo(director, untilS)));
    const ofDirector = past.events.filter(({ archive }) => archive === directorName);
    expect(ofDirector.map(({ kind, cause }) => `${kind}: ${cause}`)).toEqual(
      Array(2).fill('counters-reset: table-cleared'),
    );
    expect(past.events.length).toBeGreaterThan(3 * 40);
  });

  it('may end in the middle of whatever happens', () => {
    const director = createDirector({ seed: 6, services: 16, epochS: untilS - 14 * dayS, endS });
    const turns = director.turningTimes();
    expect(turns.length).toBeGreaterThan(50);
    for (const timeS of turns.filter((_, i) => i % 4 === 0)) {
      expectSame(director.past(timeS), collectedPast(director, turnsUpTo(director, timeS)));
    }
  });

  it('tells how far it has come', () => {
    const director = createDirector({ seed: 1, services: 3, epochS: untilS - dayS, endS });
    const done: number[] = [];
    director.past(untilS, (count) => done.push(count));
    expect(done).toEqual([1, 2, 3]);
  });
});

/** The same, and in the same order: of events, of services, and of names that are gone. */
function expectSame(past: Past, expected: Past): void {
  expect(past.events).toEqual(expected.events);
  expect(past.archives).toEqual(expected.archives);
  expect(past.table).toEqual(expected.table);
  expect([...past.table.services.keys()]).toEqual([...expected.table.services.keys()]);
  expect([...past.table.gone]).toEqual([...expected.table.gone]);
}

function turnsUpTo(director: Director, timeS: number): readonly number[] {
  return [...director.turningTimes().filter((turnS) => turnS < timeS), timeS];
}

function collectedPast(director: Director, timesS: Iterable<number>): Past {
  const events: LedgerEvent[] = [];
  const archives = new Map<string, ArchiveChange>();
  let table = emptyTable;
  for (const cycle of collected(director, timesS)) {
    events.push(...cycle.events);
    for (const change of cycle.archives) archives.set(change.name, change);
    table = cycle.table;
  }
  return { table, events, archives };
}
