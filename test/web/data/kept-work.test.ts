// A bounded cache of work: each result is made once, and one at a time.

import { describe, expect, test } from 'vitest';
import { createKeptWork } from '../../../src/web/data/kept-work.js';

function recordedWork(maxBytes: number) {
  const work = createKeptWork<string>(maxBytes, (made) => made.length);
  const made: string[] = [];
  const read = (key: string, text = key): Promise<string> =>
    work.read(key, async () => {
      made.push(key);
      return text;
    });
  return { read, made, forget: work.forget };
}

describe('kept work', () => {
  test('is made once, however many callers ask', async () => {
    const { read, made } = recordedWork(100);
    expect(await Promise.all([read('a'), read('a'), read('b')])).toEqual(['a', 'a', 'b']);
    expect(await read('a')).toBe('a');
    expect(made).toEqual(['a', 'b']);
  });

  test('drops the least recently used results beyond its size limit', async () => {
    const { read, made } = recordedWork(25);
    for (const key of ['a', 'b']) await read(key, key.repeat(10));
    await read('a');
    await read('c', 'c'.repeat(10));
    for (const key of ['a', 'c', 'b']) await read(key, key.repeat(10));
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  test('keeps a single result that exceeds the size limit', async () => {
    const { read, made } = recordedWork(5);
    await read('a', 'a'.repeat(10));
    await read('a');
    await read('b', 'b'.repeat(10));
    await read('b');
    await read('a', 'a'.repeat(10));
    expect(made).toEqual(['a', 'b', 'a']);
  });

  test('keeps neither failures nor results that it was asked to forget', async () => {
    const work = createKeptWork<string>(100, (made) => made.length);
    await expect(work.read('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await work.read('a', async () => 'made')).toBe('made');
    work.forget();
    expect(await work.read('a', async () => 'again')).toBe('again');
  });
});
