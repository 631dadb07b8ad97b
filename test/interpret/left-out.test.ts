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

/** The cycles of consecutive readings. */
function cyclesOf(...all: readonly (readonly Note[] | null)[]): readonly Cycle[] {
  const cycles: Cycle[] = [];
  let previous: KnownState = emptyState;
  for (const notes of all) {
    // `interpret` creates a new table without the omitted entries.
    const cycle = withLeftOut(previous, cycleOf(emptyState), notes);
    cycles.push(cycle);
    previous = cycle.table;
  }
  return cycles;
}

const eventTexts = (cycles: readonly Cycle[]) =>
  cycles.map(({ events }) => events.map(({ kind, to, detail }) => [kind, to, detail].join(' ').trim()).join());

describe('an omitted entry', () => {
  test('counts once, and a note for many by its count', () => {
    const more: Note = { kind: 'refused', entry: '', text: '5 more', count: 5 };
    const { count, entries } = leftOutOf([refused('a'), torn, refused('a'), remark, more]);
    expect(count).toBe(7);
    expect(entries.map(({ entry }) => entry)).toEqual(['a', 'b']);
  });

  test('is one of at most a thousand that are kept', () => {
    const { count, entries } = leftOutOf(Array.from({ length: 3000 }, (_, n) => refused(`entry ${n}`)));
    expect([count, entries.length]).toEqual([3000, 1000]);
  });

  test('stays in the table until it is read', () => {
    const [none, some, over] = cyclesOf([remark], [torn], []);
    expect(none?.table.leftOut).toBeUndefined();
    expect(some?.table.leftOut).toMatchObject({ count: 1, entries: [{ entry: 'b' }] });
    expect(over?.table.leftOut).toBeUndefined();
  });

  test('causes an event if the unreadable entries change, and when all are read again', () => {
    const cycles = cyclesOf([], [refused('b'), refused('a')], [refused('a'), refused('b')], [refused('a')], [], []);
    expect(eventTexts(cycles)).toEqual([
      '',
      'entries-left-out 2 a, b',
      '',
      'entries-left-out 1 a',
      'entries-read-again',
      '',
    ]);
    const [event] = cycles[1]?.events ?? [];
    expect(event).toMatchObject({ archive: 'all', timeS: 600 });
    if (event !== undefined)
      expect(['all', 'all/total', 'a'].map((name) => concerns(event, name))).toEqual([true, true, false]);
  });

  test('causes no event if it only came or went', () => {
    expect(eventTexts(cyclesOf([torn, remark], [], [torn]))).toEqual(['', '', '']);
  });

  test('is named in the event up to the tenth, then only counted', () => {
    const [, cycle] = cyclesOf(
      [],
      Array.from({ length: 12 }, (_, n) => refused(`e${String(n).padStart(2, '0')}`)),
    );
    expect(cycle?.events[0]).toMatchObject({ to: '12', detail: expect.stringMatching(/^e00, .*, e09 and 2 more$/) });
  });

  test('is kept while a source fails', () => {
    const cycles = cyclesOf([refused('a')], null, [refused('a')]);
    expect(eventTexts(cycles)).toEqual(['entries-left-out 1 a', '', '']);
    expect(cycles[1]?.table.leftOut?.count).toBe(1);
  });

  test('is new if the previous cycle did not omit it', () => {
    const [cycle] = cyclesOf([refused('a')]);
    const known = cycle?.table ?? emptyState;
    expect(newNotes(known, [refused('a'), torn, remark]).map(({ entry }) => entry)).toEqual(['b', 'c']);
  });
});
