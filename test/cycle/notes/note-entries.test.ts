import { describe, expect, test } from 'vitest';
import { noteEntries } from '../../../src/cycle/notes/note-entries.js';
import type { Note } from '../../../src/model/note.js';

const refused = (n: number): Note => ({ kind: 'refused', entry: `10.0.0.${n}_80`, text: `10.0.0.${n}_80 is left out` });
const torn: Note = { kind: 'torn', entry: '10.0.1.1_80', text: '10.0.1.1_80 came or went' };
const remark: Note = { kind: 'remark', entry: '', text: 'it holds the listing 2 times' };
const before = { leftOut: { count: 1, entries: [refused(1)] } };

describe('the notes of a cycle', () => {
  test('are warnings only for newly unreadable entries', () => {
    expect(
      noteEntries(before, [remark, refused(1), torn, refused(2)]).map(({ level, text }) => `${level}: ${text}`),
    ).toEqual([
      'notice: 10.0.1.1_80 came or went',
      'warning: 10.0.0.2_80 is left out',
      'notice: 10.0.0.1_80 is left out',
      'notice: it holds the listing 2 times',
    ]);
  });

  test('are at most ten lines, new ones first, and the number of others', () => {
    const many = Array.from({ length: 30 }, (_, n) => refused(n + 1));
    const rest: Note = { kind: 'refused', entry: '', text: '2000 more', count: 2000 };
    const entries = noteEntries({}, [remark, ...many, rest]);
    expect(entries).toHaveLength(11);
    expect(entries[0]?.text).toBe('10.0.0.1_80 is left out');
    expect(entries.at(-1)).toEqual({
      level: 'warning',
      text: 'and 22 more notes like these, on 2020 entries left out, which the viewer lists',
    });
  });

  test('are empty for a cycle without notes', () => {
    expect(noteEntries({}, [])).toEqual([]);
  });
});
