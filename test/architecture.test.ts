// The line that data takes, as a rule: which folder of src/ may know which, and which package has its home where.
// A stage knows the model, never a later stage; `commands` wires them.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Folders that a folder may import from, besides itself. */
const knows: Readonly<Record<string, readonly string[]>> = {
  model: [],
  collect: ['model'],
  store: ['model'],
  render: ['model'],
  demo: ['model'],
  web: ['model', 'render'],
  doctor: ['model', 'collect'],
  commands: ['model', 'collect', 'store', 'render', 'demo', 'doctor', 'web'],
  '.': ['model', 'commands'],
};

/** The one place of each package that does something to the outside; `node:` modules are not listed. */
const homes: Readonly<Record<string, string>> = {
  execa: 'collect/ipvsadm.ts',
  level: 'store',
  'chart.js': 'render',
  'chartjs-node-canvas': 'render',
  '@napi-rs/canvas': 'render',
  tinypool: 'render',
  'ipaddr.js': 'model',
  commander: '.',
  picomatch: 'model',
  'node-cron': 'commands',
  express: 'web',
  'express-rate-limit': 'web',
  helmet: 'web',
  compression: 'web',
  bcryptjs: 'web',
};

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly from: string;
}

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.ts'),
);
const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(root, 'src', file), 'utf8');
  const specifiers = [...text.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)';|import\('([^']+)'\)/gms)];
  return specifiers.map(([, a, b]) => ({ file, folder: folderOf(file), from: a ?? b ?? '' }));
});

function folderOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : '.';
}

describe('the source', () => {
  test('is looked at', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(100);
  });

  test.each(Object.keys(knows))('of %s imports only from folders it may know', (folder) => {
    const foreign = imports
      .filter((one) => one.folder === folder && one.from.startsWith('.'))
      .map(({ file, from }) => ({ file, to: folderOf(relative('.', join(dirname(file), from))) }))
      .filter(({ to }) => to !== folder && !knows[folder]?.includes(to));
    expect(foreign).toEqual([]);
  });

  test('has no folder without a rule', () => {
    expect([...new Set(files.map(folderOf))].filter((folder) => knows[folder] === undefined)).toEqual([]);
  });

  test('imports each package in its home only', () => {
    const astray = imports
      .filter(({ from }) => !from.startsWith('.') && !from.startsWith('node:'))
      .filter(({ file, from }) => {
        const home = homes[from.startsWith('@') ? from.split('/').slice(0, 2).join('/') : (from.split('/')[0] ?? '')];
        return home === undefined || (home !== '.' && file !== home && !file.startsWith(`${home}/`));
      });
    expect(astray).toEqual([]);
  });

  test('of the model does no input or output', () => {
    expect(imports.filter(({ folder, from }) => folder === 'model' && from.startsWith('node:'))).toEqual([]);
  });

  test.each(files)('of %s opens with its duty', (file) => {
    expect(readFileSync(join(root, 'src', file), 'utf8')).toMatch(/^\/\/ \S/);
  });
});
