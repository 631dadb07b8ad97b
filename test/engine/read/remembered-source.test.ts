// While an engine does not answer, a source gives its last answers again, and says in words what it cannot answer.

import { expect, test } from 'vitest';
import { PassingError } from '../../../src/engine/connection/http.js';
import type { EngineSource } from '../../../src/engine/read/engine-source.js';
import { rememberAnswers } from '../../../src/engine/read/remembered-source.js';

const rows = 1000;
const query = (name: string) => ({ name, cf: 'AVERAGE', startS: 0, endS: 300, stepS: 300 }) as const;

/** A source that answers with the number of the question, or fails, or takes its time. */
function sourceOf(state: { fails: boolean; waits: Promise<void> | null }) {
  let asked = 0;
  const fetch = async ({ name }: { name: string }) => {
    asked += 1;
    const number = asked;
    if (state.fails) throw new PassingError('answers 500');
    await state.waits;
    return { name, number, columns: [new Float64Array(rows)] };
  };
  return { source: { fetch } as unknown as EngineSource, asked: () => asked };
}

const memory = { engine: 'http://192.0.2.9:8428', mostBytes: 3 * 8 * rows, isFailing: () => false, patienceMs: 1 };

test('an answer is given again while the engine fails, and a new one when it works', async () => {
  const state = { fails: false, waits: null };
  const { source } = sourceOf(state);
  const remembered = rememberAnswers(source, memory);
  expect(await remembered.fetch(query('a'))).toMatchObject({ number: 1 });
  state.fails = true;
  expect(await remembered.fetch(query('a'))).toMatchObject({ number: 1 });
  await expect(remembered.fetch(query('b'))).rejects.toMatchObject({
    code: 'engine-failed',
    message: expect.stringMatching(/^the engine http:\/\/192\.0\.2\.9:8428 answers 500: check/),
  });
  state.fails = false;
  expect(await remembered.fetch(query('a'))).toMatchObject({ number: 4 });
});

test('an engine that is known to fail is not asked', async () => {
  const { source, asked } = sourceOf({ fails: false, waits: null });
  let isFailing = false;
  const remembered = rememberAnswers(source, { ...memory, isFailing: () => isFailing });
  await remembered.fetch(query('a'));
  isFailing = true;
  expect(await remembered.fetch(query('a'))).toMatchObject({ number: 1 });
  await expect(remembered.fetch(query('b'))).rejects.toMatchObject({ code: 'engine-failed' });
  expect(asked()).toBe(1);
});

test('an earlier answer is given where a new one takes long, which then replaces it', async () => {
  const state: { fails: boolean; waits: Promise<void> | null } = { fails: false, waits: null };
  const { source } = sourceOf(state);
  const remembered = rememberAnswers(source, memory);
  await remembered.fetch(query('a'));
  let go = (): void => {};
  state.waits = new Promise((resolve) => {
    go = resolve;
  });
  expect(await remembered.fetch(query('a'))).toMatchObject({ number: 1 });
  go();
  await new Promise((resolve) => setImmediate(resolve));
  state.waits = null;
  state.fails = true;
  expect(await remembered.fetch(query('a'))).toMatchObject({ number: 2 });
});

test('memory is bounded: the oldest answers go', async () => {
  const state = { fails: false, waits: null };
  const { source } = sourceOf(state);
  const remembered = rememberAnswers(source, memory);
  for (const name of ['a', 'b', 'a', 'c', 'd']) await remembered.fetch(query(name));
  state.fails = true;
  await expect(remembered.fetch(query('b'))).rejects.toMatchObject({ code: 'engine-failed' });
  expect(await remembered.fetch(query('d'))).toMatchObject({ number: 5 });
});

test('errors of another kind are passed on', async () => {
  const source = { fetch: () => Promise.reject(new RangeError('a defect')) } as unknown as EngineSource;
  await expect(rememberAnswers(source, memory).fetch(query('a'))).rejects.toThrow('a defect');
});
