// Work that is kept: made once, one after the other, and only so much of it.

import { describe, expect, test } from 'vitest';
import { createKeptWork } from '../../../src/web/data/kept-work.js';

function watched(maxBytes: number) {
  const work = createKeptWork<string>(maxBytes, (made) => made.length);
  const made: string[] = [];
  const read = (key: string, text = key): Promise<string> =>
    work.read(key, async () => {
      made.push(key);
      return text;
    });
  return { read, made, forget: work.forget };
}

describe('what was made', () => {
  test('is made once, however many ask', async () => {
    const { read, made } = watched(100);
    expect(await Promise.all([read('a'), read('a'), read('b')])).toEqual(['a', 'a', 'b']);
    expect(await read('a')).toBe('a');
    expect(made).toEqual(['a', 'b']);
  });

  test('is kept up to so many bytes, what was used last for longest', async () => {
    const { read, made } = watched(25);
    for (const key of ['a', 'b']) await read(key, key.repeat(10));
    await read('a');
    await read('c', 'c'.repeat(10));
    for (const key of ['a', 'c', 'b']) await read(key, key.repeat(10));
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  test('is kept alone where it is larger than all together may be', async () => {
    const { read, made } = watched(5);
    await read('a', 'a'.repeat(10));
    await read('a');
    await read('b', 'b'.repeat(10));
    await read('b');
    await read('a', 'a'.repeat(10));
    expect(made).toEqual(['a', 'b', 'a']);
  });

  test('is not kept where making it failed, nor when it is to be forgotten', async () => {
    const work = createKeptWork<string>(100, (made) => made.length);
    await expect(work.read('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await work.read('a', async () => 'made')).toBe('made');
    work.forget();
    expect(await work.read('a', async () => 'again')).toBe('again');
  });
});
