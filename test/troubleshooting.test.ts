// docs/troubleshooting.md, held against the source: every code of an error has a line there, and no line is of a code that is no more.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');
const told = [...page.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '));

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.ts'),
);
const texts = files.map((path) => readFileSync(join(root, 'src', path), 'utf8'));
const thrown = texts.flatMap((text) => [
  ...[...text.matchAll(/new (?:User|Store|Collect|Time|Rrd|NoSuchPicture)Error\(\s*'([a-z-]+)'/g)].map(
    ([, code]) => code,
  ),
  ...[...text.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, code]) => code).filter(() => text.includes('ErrorCode =')),
]);

test('the page of troubleshooting has a line for each code of an error', () => {
  expect(thrown.length).toBeGreaterThan(60);
  expect([...new Set(thrown)].filter((code) => !told.includes(code ?? ''))).toEqual([]);
});

test('the page of troubleshooting has no line of a code that is no more', () => {
  expect(told.filter((code) => !thrown.includes(code))).toEqual([]);
});
