// A module keeps its bytes, but for the maximum of its memory; a module without one is refused.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { cappedModule } from '../../../src/links/sql/capped-module.js';

const bytes = readFileSync(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'));

/** Of a module with one memory of one page, and a maximum of 32,768. */
const small = [0, 97, 115, 109, 1, 0, 0, 0, 5, 6, 1, 1, 1, 128, 128, 2];

test('only the maximum changes', () => {
  const capped = cappedModule(Uint8Array.from(small), 64 * 2 ** 20);
  expect([...capped]).toEqual([...small.slice(0, 13), 128, 136, 0]);
});

test("sql.js' memory is found and capped in place", async () => {
  const capped = cappedModule(bytes, 64 * 2 ** 20);
  const changed = [...bytes.keys()].filter((i) => bytes[i] !== capped[i]);
  expect(capped.length).toBe(bytes.length);
  expect(changed.length).toBe(2);
  expect((changed.at(-1) ?? 0) - (changed[0] ?? 0)).toBe(1);
});

test.each([
  ['no memory', small.slice(0, 8)],
  ['a memory without a maximum', [...small.slice(0, 8), 5, 3, 1, 0, 1]],
])('%s is an error', (_what, module) => {
  expect(() => cappedModule(Uint8Array.from(module), 2 ** 20)).toThrow('is it another version?');
});

test('a limit below the beginning of the memory is an error', () => {
  expect(() => cappedModule(bytes, 2 ** 20)).toThrow('over the limit of 16');
});
