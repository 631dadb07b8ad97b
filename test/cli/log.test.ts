// Lines for people, the journal and programs.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { formatEntry, isJournal, type Level, report, say, setLogStyle } from '../../src/cli/log.js';

const plain = { format: 'text', isJournal: false, isNamed: true, nowMs: Date.UTC(2026, 10, 27, 8, 15) } as const;

describe('a line', () => {
  test('for people begins with the name of the program', () => {
    expect(formatEntry({ level: 'warning', text: 'the disk is full' }, plain)).toBe('lvs-stats: the disk is full\n');
  });

  const priorities: readonly (readonly [Level, number])[] = [
    ['error', 3],
    ['warning', 4],
    ['notice', 5],
    ['info', 6],
  ];

  test.each(priorities)('of level %s has priority %i in the journal, and no name', (level, priority) => {
    expect(formatEntry({ level, text: 'one\ntwo' }, { ...plain, isJournal: true })).toBe(
      `<${priority}>one\n<${priority}>two\n`,
    );
  });

  test('for programs is one object per line, whatever the text', () => {
    const entry = { level: 'error', text: 'one\n"two"', details: { code: 'io' } } as const;
    const json = formatEntry(entry, { ...plain, format: 'json' });
    expect(json).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(json)).toEqual({
      time: '2026-11-27T08:15:00.000Z',
      level: 'error',
      message: 'one\n"two"',
      code: 'io',
    });
  });
});

test('the journal is recognised by device and inode number, since children inherit the variable', () => {
  expect(isJournal('9:1234', { dev: 9, ino: 1234 })).toBe(true);
  expect(isJournal('9:1234', { dev: 9, ino: 1235 })).toBe(false);
  expect(isJournal(undefined, { dev: 9, ino: 1234 })).toBe(false);
});

describe('quiet', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    setLogStyle({ format: 'text', isQuiet: false });
  });

  test('omits information, and reports warnings and errors', () => {
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    setLogStyle({ format: 'text', isQuiet: true });
    report('8 services');
    say('one came or went');
    expect([out.mock.calls, err.mock.calls]).toEqual([[], []]);
    say('the disk is nearly full', { level: 'warning' });
    say('not permitted', { level: 'error', code: 'not-permitted' });
    expect(err.mock.calls.map(([text]) => text)).toEqual([
      'lvs-stats: the disk is nearly full\n',
      'lvs-stats: not permitted\n',
    ]);
  });
});
