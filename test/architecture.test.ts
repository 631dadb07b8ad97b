// The rules of ARCHITECTURE.md, checked against the imports: which folder of src/ may import which, where each package may be
// imported, and what the code in the browser may use. A stage knows the model, never a later stage; `commands` wires them.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** Folders that a folder may import from, besides itself. */
const knows: Readonly<Record<string, readonly string[]>> = {
  model: [],
  interpret: ['model'],
  files: [],
  collect: ['model', 'files'],
  store: ['model', 'files'],
  rrd: ['model', 'files'],
  render: ['model', 'files'],
  report: ['model', 'render'],
  demo: ['model', 'interpret'],
  web: ['model', 'render'],
  doctor: ['model', 'interpret', 'collect'],
  setup: ['model', 'files'],
  cli: ['model', 'files', 'collect', 'store', 'rrd', 'render', 'report', 'web'],
  demonstration: ['model', 'interpret', 'files', 'store', 'render', 'demo', 'cli'],
  drawing: ['model', 'store', 'render', 'report', 'cli', 'demonstration'],
  cycle: ['model', 'interpret', 'collect', 'store', 'render', 'web', 'cli', 'drawing'],
  commands: [
    ...['model', 'interpret', 'files', 'collect', 'store', 'rrd', 'render', 'report', 'demo', 'doctor', 'setup', 'web'],
    ...['cli', 'demonstration', 'drawing', 'cycle'],
  ],
  '.': ['model', 'cli', 'commands'],
};

/** The only places that may import each package; `node:` modules are not listed. */
const homes: Readonly<Record<string, string | readonly string[]>> = {
  execa: ['rrd/read-dump.ts'],
  level: 'store',
  'chart.js': [
    'render/draw/configuration.ts',
    'render/png/draw-png.ts',
    'render/png/fixed-scale.ts',
    'render/draw/line-controller.ts',
  ],
  'chartjs-node-canvas': 'render/png/draw-png.ts',
  '@napi-rs/canvas': 'render',
  tinypool: 'render',
  'ipaddr.js': 'model',
  ejs: 'report',
  commander: '.',
  'node-cron': 'cycle',
  yaml: 'cli',
  express: 'web',
  'express-rate-limit': 'web',
  helmet: 'web',
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

const clientFiles = readdirSync(join(root, 'public'), { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.ts'),
);

/** The imports of one file of the client: specifiers, those of files as paths from the root. */
function clientImports(file: string): string[] {
  const text = readFileSync(join(root, 'public', file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)';|import\('([^']+)'\)/gms)].map(([, a, b]) => {
    const from = a ?? b ?? '';
    return from.startsWith('.') ? relative(root, join(root, 'public', dirname(file), from)) : from;
  });
}

/** Everything that some files import, directly or not: files of src/ as paths from the root, and packages. */
function reachOf(paths: readonly string[]): string[] {
  const seen = new Set<string>();
  const reach = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    if (!path.startsWith('src/')) return;
    const own = imports.filter(({ file }) => `src/${file}` === path.replace(/\.js$/, '.ts'));
    for (const { from } of own) reach(from.startsWith('.') ? join(dirname(path), from) : from);
  };
  for (const path of paths) reach(path);
  return [...seen];
}

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

  test('has rooms of fifteen files at most; each of the commands has a file of its own', () => {
    const rooms = new Map<string, number>();
    const all = [...files, ...clientFiles.map((file) => `public/${file}`)];
    for (const file of all) rooms.set(dirname(file), (rooms.get(dirname(file)) ?? 0) + 1);
    const commands = rooms.get('commands');
    rooms.delete('commands');
    expect([...rooms].filter(([, count]) => count > 15)).toEqual([]);
    const program = readFileSync(join(root, 'src/main.ts'), 'utf8');
    expect(commands).toBe(program.match(/import\('\.\/commands\//g)?.length);
  });

  test('has no files that need each other to load', () => {
    const needs = new Map<string, readonly string[]>();
    for (const file of files) {
      const text = readFileSync(join(root, 'src', file), 'utf8');
      const values = [...text.matchAll(/^(?:import|export) (?!type\b)[^;]*?from '(\.[^']+)';/gms)];
      needs.set(
        file,
        values.map(([, from = '']) => join(dirname(file), from).replace(/\.js$/, '.ts')),
      );
    }
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      (needs.get(from) ?? []).some((next) => {
        if (next === to) return true;
        if (seen.has(next)) return false;
        seen.add(next);
        return reaches(next, to, seen);
      });
    expect(files.filter((file) => reaches(file, file))).toEqual([]);
  });

  test('imports each package in its home only', () => {
    const astray = imports
      .filter(({ from }) => !from.startsWith('.') && !from.startsWith('node:'))
      .filter(({ file, from }) => {
        const home = homes[from.startsWith('@') ? from.split('/').slice(0, 2).join('/') : (from.split('/')[0] ?? '')];
        const isIn = (place: string): boolean => place === '.' || file === place || file.startsWith(`${place}/`);
        return home === undefined || ![home].flat().some(isIn);
      });
    expect(astray).toEqual([]);
  });

  test('of the model does no input or output', () => {
    expect(imports.filter(({ folder, from }) => folder === 'model' && from.startsWith('node:'))).toEqual([]);
  });

  test('of the viewer names and sends answers in one place; files and pages have their own', () => {
    const users = (target: string) =>
      imports.filter(({ folder, from }) => folder === 'web' && from.endsWith(target)).map(({ file }) => file);
    expect(users('/conditional.js').sort()).toEqual(['web/routes/answer.ts', 'web/routes/assets.ts']);
    expect(users('/deliver.js').sort()).toEqual([
      'web/pages/page-frame.ts',
      'web/routes/answer.ts',
      'web/routes/route.ts',
    ]);
  });

  test.each(files)('of %s opens with its duty', (file) => {
    expect(readFileSync(join(root, 'src', file), 'utf8')).toMatch(/^\/\/ \S/);
  });
});

/** The code of a file: comments are free to name anything. */
function codeOf(path: string): string {
  return readFileSync(join(root, path), 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, '');
}

/** Questions that only a registry of kinds answers: the patterns that asked them elsewhere, and the files that still may. */
const questions: readonly (readonly [string, RegExp, readonly string[]])[] = [
  ['which fields a description has', /'\w+' in (\w+\.)*about\b/, []],
  [
    'which kind a description is of',
    /about\.kind [!=]==|(kind [!=]==|case) '(service|real-server|haproxy(-(frontend|backend|server))?|director(-part)?|totals|processor|connection-table)'/,
    // Specific to the kernel's table: how real servers are reached, and their weights.
    [
      ...['src/model/service/outbound.ts', 'src/model/service/service-setup.ts', 'src/rrd/known-files.ts'],
      ...['src/render/files/service-stacks.ts', 'src/web/pages/idle-servers.ts'],
    ],
  ],
  [
    'how a name begins',
    /'haproxy_|\/\^?haproxy_|(startsWith|includes)\('(all|cpu_|fwm|haproxy)/,
    ['src/model/names/haproxy-name.ts'],
  ],
  [
    'how a data source or a label is called, for its direction',
    /(startsWith|replace|includes)\('(In|Out)|(label|name) [!=]== '(in|out)'|\bi === 1 &&|\/\^?(In|Out)\b/,
    [],
  ],
  ['at which place a direction stands', /\[5, 6\]|quantity [!=]== [01]\b|< 0 \? 1 : 0/, []],
];

describe('the kinds of archives', () => {
  test.each(questions)('are not distinguished by %s', (_question, asked, allowed) => {
    const all = [...files.map((file) => `src/${file}`), ...clientFiles.map((file) => `public/${file}`)];
    expect(all.filter((path) => asked.test(codeOf(path)) && !allowed.includes(path))).toEqual([]);
    // A file that no longer asks is struck off.
    expect(allowed.filter((path) => !asked.test(codeOf(path)))).toEqual([]);
  });

  test('are known by their registries, a source by its name where it is read and where its tables are', () => {
    const known = imports
      .map(({ file, from }) => ({ file, to: relative('.', join(dirname(file), from)) }))
      .filter(({ file, to }) => /^\w+\/kinds\/(?!kind|depiction|registry)/.test(to) && !/^\w+\/kinds\//.test(file));
    expect([...new Set(known.map(({ file }) => file))].sort()).toEqual([
      'interpret/haproxy/judge-haproxy.ts',
      'model/archive.ts',
      'model/ledger-event.ts',
      'report/html.ts',
      'report/report.ts',
      'web/data/catalogue.ts',
    ]);
  });
});

describe('what runs in a browser', () => {
  test.each(clientFiles)(
    '%s knows the model, the definitions of graphs and the wire, and opens with its duty',
    (file) => {
      const allowed =
        /^(public\/[\w/-]+\.js|src\/(model|render)\/[\w/-]+\.js|src\/web\/(wire|pages\/age)\.js|chart\.js)$/;
      expect(clientImports(file).filter((from) => !allowed.test(from))).toEqual([]);
      expect(readFileSync(join(root, 'public', file), 'utf8')).toMatch(/^\/\/ \S/);
    },
  );

  test('reaches nothing of Node, however far it reaches', () => {
    const reached = reachOf(clientFiles.flatMap(clientImports));
    const packages = reached.filter((path) => !path.startsWith('src/') && !path.startsWith('public/'));
    expect(packages.sort()).toEqual(['chart.js', 'ipaddr.js']);
  });

  test('knows chart.js in one file, its host of graphs', () => {
    expect(clientFiles.filter((file) => clientImports(file).includes('chart.js'))).toEqual(['graph/canvas-host.ts']);
  });
});

describe('the definitions of graphs', () => {
  const definitions = files.filter((file) => /^render\/define\/define-[\w-]+\.ts$/.test(file));

  test('reach neither chart.js nor a canvas, types included', () => {
    expect(definitions.length).toBeGreaterThan(2);
    const reached = reachOf(definitions.map((file) => `src/${file}`));
    expect(reached).toContain('src/render/define/picture.js');
    const packages = reached.filter((path) => !path.startsWith('src/'));
    expect(packages).toEqual(['ipaddr.js']);
    expect(reached.filter((path) => /\/(configuration|draw-[\w-]+)\.js$/.test(path))).toEqual([]);
  });
});
