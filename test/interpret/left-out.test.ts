import { describe, expect, test } from 'vitest';
import { newNotes, withLeftOut } from '../../src/interpret/left-out.js';
import { type Cycle, emptyState, type KnownState } from '../../src/model/cycle.js';
import { concerns } from '../../src/model/ledger-event.js';
import { leftOutOf, type Note } from '../../src/model/note.js';

const refused = (entry: string): Note => ({ kind: 'refused', entry, text: `${entry} is left out` });
const torn: Note = { kind: 'torn', entry: 'b', text: 'b came or went' };
const remark: Note = { kind: 'remark', entry: 'c', text: 'c is listed twice' };

function cycleOf(table: KnownState): Cycle {
  return { timeS: 600, previousS: 300, hasJumped: false, readings: [], archives: [], events: [], table };
}

/** The cycles of some readings, one after the other. */
function cyclesOf(...all: readonly (readonly Note[] | null)[]): readonly Cycle[] {
  const cycles: Cycle[] = [];
  let previous: KnownState = emptyState;
  for (const notes of all) {
    // Interpreting makes a new table, which knows nothing of what was left out.
    const cycle = withLeftOut(previous, cycleOf(emptyState), notes);
    cycles.push(cycle);
    previous = cycle.table;
  }
  return cycles;
}

const told = (cycles: readonly Cycle[]) =>
  cycles.map(({ events }) => events.map(({ kind, to, detail }) => [kind, to, detail].join(' ').trim()).join());

describe('what a cycle left out', () => {
  test('is counted by entry, once, with what stands for many', () => {
    const more: Note = { kind: 'refused', entry: '', text: '5 more', count: 5 };
    const { count, entries } = leftOutOf([refused('a'), torn, refused('a'), remark, more]);
    expect(count).toBe(7);
    expect(entries.map(({ entry }) => entry)).toEqual(['a', 'b']);
  });

  test('is kept for a thousand entries at most', () => {
    const { count, entries } = leftOutOf(Array.from({ length: 3000 }, (_, n) => refused(`entry ${n}`)));
    expect([count, entries.length]).toEqual([3000, 1000]);
  });

  test('stands in the table while there is any', () => {
    const [none, some, over] = cyclesOf([remark], [torn], []);
    expect(none?.table.leftOut).toBeUndefined();
    expect(some?.table.leftOut).toMatchObject({ count: 1, entries: [{ entry: 'b' }] });
    expect(over?.table.leftOut).toBeUndefined();
  });

  test('is an event when what cannot be read becomes other entries, and when all are read again', () => {
    const cycles = cyclesOf([], [refused('b'), refused('a')], [refused('a'), refused('b')], [refused('a')], [], []);
    expect(told(cycles)).toEqual(['', 'entries-left-out 2 a, b', '', 'entries-left-out 1 a', 'entries-read-again', '']);
    const [event] = cycles[1]?.events ?? [];
    expect(event).toMatchObject({ archive: 'all', timeS: 600 });
    if (event !== undefined)
      expect(['all', 'all/total', 'a'].map((name) => concerns(event, name))).toEqual([true, true, false]);
  });

  test('is no event if it only came or went', () => {
    expect(told(cyclesOf([torn, remark], [], [torn]))).toEqual(['', '', '']);
  });

  test('names ten in an event, and counts the rest', () => {
    const [, cycle] = cyclesOf(
      [],
      Array.from({ length: 12 }, (_, n) => refused(`e${String(n).padStart(2, '0')}`)),
    );
    expect(cycle?.events[0]).toMatchObject({ to: '12', detail: expect.stringMatching(/^e00, .*, e09 and 2 more$/) });
  });

  test('stays as it was where a source failed', () => {
    const cycles = cyclesOf([refused('a')], null, [refused('a')]);
    expect(told(cycles)).toEqual(['entries-left-out 1 a', '', '']);
    expect(cycles[1]?.table.leftOut?.count).toBe(1);
  });

  test('is news where the cycle before did not leave it out', () => {
    const [cycle] = cyclesOf([refused('a')]);
    const known = cycle?.table ?? emptyState;
    expect(newNotes(known, [refused('a'), torn, remark]).map(({ entry }) => entry)).toEqual(['b', 'c']);
  });
});
