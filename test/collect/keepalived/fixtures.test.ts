// Each part of the grammar, as the table that it asks for (test/fixtures/keepalived).

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatRules } from '../../../src/collect/ipvs/rules/format-rules.js';
import { readKeepalived } from '../../../src/collect/keepalived/read-keepalived.js';

const root = resolve(import.meta.dirname, '../../fixtures/keepalived');
const cases = readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** The table and the notes as a file of the fixtures has them, with paths from its folder. */
function textOf(name: string): string {
  const folder = join(root, name);
  const table = readKeepalived({ file: join(folder, 'keepalived.conf'), configId: 'lb1' });
  const notes = table.notes.map(({ text, place }) => {
    const at = place === null ? '' : `${relative(folder, place.file)}:${place.line}: `;
    return `${at}${text.replaceAll(`${folder}/`, '')}`;
  });
  const extent = [table.isWhole ? 'whole' : 'in part', ...[...table.leftOut].map((own) => `left out: ${own}`)];
  return `${[...formatRules(table), '', ...extent, ...notes].join('\n')}\n`;
}

describe('a configuration of keepalived', () => {
  test('has fixtures', () => {
    expect(cases.length).toBeGreaterThan(15);
  });

  test.each(cases)('asks for the expected table: %s', (name) => {
    const file = join(root, name, 'expected.txt');
    const text = textOf(name);
    if (process.env['LVS_STATS_UPDATE'] !== undefined) writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  test.each(cases)('gives no password away: %s', (name) => {
    const table = readKeepalived({ file: join(root, name, 'keepalived.conf'), configId: 'lb1' });
    expect(JSON.stringify([[...table.services], table.notes])).not.toContain('hunter2');
  });
});
