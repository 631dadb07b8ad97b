// The examples of docs/map.md and of `lvs-stats map --help`, asked of a demonstration that runs. Its first three services suffice.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../until.js';
import { runHere } from './here.js';
import { scratch, start } from './program.js';

const page = readFileSync(new URL('../../docs/map.md', import.meta.url), 'utf8');
const newFolder = scratch();

/** The arguments of commands in a text, without descriptions and redirections. */
function commandsIn(text: string): readonly string[] {
  const lines = [...text.matchAll(/^ +lvs-stats map(.*)$/gm)];
  return lines.map(([, rest = '']) => rest.replace(/( {2,}| > ).*$/, '').trim());
}

/** The options of the table of questions, but for those that have a placeholder, such as `--uses VIP`. */
function optionsIn(text: string): readonly string[] {
  const [, table = ''] = text.split('## Questions');
  const cells = table.split('\n## ')[0]?.match(/^\| `--.*? \|/gm) ?? [];
  return cells.flatMap((cell) => [...cell.matchAll(/`(--[^`]+)`/g)].map(([, own = '']) => own)).filter(isConcrete);
}

function isConcrete(options: string): boolean {
  return !/[A-Z]{3}/.test(options);
}

describe('the examples of the map', async () => {
  const data = newFolder();
  const map = (...args: readonly string[]) => runHere(['map', '--data', data, ...args]);
  let demo: ReturnType<typeof start>;
  beforeAll(async () => {
    demo = start(['demo', '--services', '3', '--since', '1d', '--listen', '127.0.0.1:0', '--data', data]);
    await until('the agents of the demonstration report', async () => {
      if (demo.child.exitCode !== null) throw new Error(`the demonstration ended with ${demo.child.exitCode}`);
      const { status, stderr } = await map();
      return status === 0 && stderr === '';
    });
  });
  afterAll(async () => {
    demo.child.kill('SIGTERM');
    await demo.ended;
  });

  const { stdout: help } = await runHere(['map', '--help']);
  const [ofPage, ofHelp, ofTable] = [commandsIn(page), commandsIn(help), optionsIn(page)];

  test('are on the page, in the help and in the table', () => {
    expect(ofPage.length).toBeGreaterThan(6);
    expect(ofHelp.length).toBeGreaterThan(5);
    expect(ofTable).toEqual(expect.arrayContaining(['--between web,db', '--by rack', '--unknown']));
  });

  test.each([...new Set([...ofPage, ...ofHelp, ...ofTable])])('"map %s" has an answer', async (options) => {
    const { status, stdout, stderr } = await map(...options.split(' ').filter((own) => own !== ''));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(options.includes('svg') ? /^<svg .*<title>/s : /^\d+ nodes, [1-9]\d* edges?$/m);
  });

  test('the data file of the page adds its nodes and edges', async () => {
    const [, yaml = ''] = /^## The data file$[\s\S]*?```yaml\n([\s\S]*?)```/m.exec(page) ?? [];
    const path = join(newFolder('file'), 'added.yaml');
    writeFileSync(path, yaml);
    const { status, stdout, stderr } = await map(
      '--add',
      path,
      '--expand',
      'legacy,services,web,db',
      '--search',
      'mainframe',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^mainframe +192\.0\.2\.10:443 +\?$/m);
    const names = await map('--add', path, '--expand', 'db,web', '--search', 'db.example.com');
    expect(names.stdout).toMatch(/^www01 +db\.example\.com +4$/m);
  });
});
