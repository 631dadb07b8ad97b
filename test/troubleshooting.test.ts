// Checks docs/troubleshooting.md against the source: it has a line for every error code, and for no other.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');
const documented = [...page.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
  cell.replaceAll('`', '').split(', '),
);

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

test('the troubleshooting page has a line for each error code', () => {
  expect(thrown.length).toBeGreaterThan(60);
  expect([...new Set(thrown)].filter((code) => !documented.includes(code ?? ''))).toEqual([]);
});

test('the troubleshooting page has no line for a code that no longer exists', () => {
  expect(documented.filter((code) => !thrown.includes(code))).toEqual([]);
});
