// Checks the rules of ARCHITECTURE.md against the imports: which folder of src/ may import which, where each package may be
// imported, and what browser code may use.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** The folders that each folder may import, besides itself. */
const knows: Readonly<Record<string, readonly string[]>> = {
  model: [],
  interpret: ['model'],
  files: [],
  metrics: ['model'],
  rules: ['model', 'metrics'],
  alert: ['model', 'interpret', 'files', 'collect'],
  collect: ['model', 'files'],
  links: ['model', 'interpret', 'files'],
  agent: ['model', 'files', 'collect', 'links', 'peers', 'metrics'],
  peers: ['model'],
  map: ['model', 'files'],
  fleet: ['model'],
  engine: ['model', 'files'],
  push: ['model', 'files', 'engine'],
  store: ['model', 'files'],
  rrd: ['model', 'files'],
  render: ['model', 'files'],
  report: ['model', 'render'],
  demo: ['model', 'interpret'],
  web: ['model', 'render', 'metrics', 'map', 'fleet'],
  doctor: ['model', 'interpret', 'collect'],
  setup: ['model', 'files'],
  cli: [
    ...[
      'model',
      'files',
      'collect',
      'links',
      'map',
      'engine',
      'push',
      'store',
      'rrd',
      'render',
      'report',
      'web',
      'agent',
      'setup',
    ],
  ],
  demonstration: ['model', 'interpret', 'files', 'store', 'render', 'demo', 'links', 'map', 'cli'],
  drawing: ['model', 'store', 'render', 'report', 'cli', 'demonstration'],
  cycle: [
    'fleet',
    'map',
    'model',
    'interpret',
    'files',
    'metrics',
    'alert',
    'collect',
    'links',
    'engine',
    'push',
    'store',
    'render',
    'web',
    'cli',
    'drawing',
  ],
  commands: [
    ...['model', 'interpret', 'files', 'collect', 'store', 'rrd', 'render', 'report', 'demo', 'doctor', 'setup', 'web'],
    ...[
      'cli',
      'demonstration',
      'drawing',
      'cycle',
      'metrics',
      'rules',
      'alert',
      'links',
      'agent',
      'map',
      'push',
      'engine',
    ],
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
  snappyjs: 'push/series/write-request.ts',
  nodemailer: 'alert/channels/mail.ts',
  'sql.js': 'links/sql',
  '@msgpack/msgpack': 'agent/serf/frames.ts',
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

/** The imports of a client file; relative ones become paths from the root. */
function clientImports(file: string): string[] {
  const text = readFileSync(join(root, 'public', file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)';|import\('([^']+)'\)/gms)].map(([, a, b]) => {
    const from = a ?? b ?? '';
    return from.startsWith('.') ? relative(root, join(root, 'public', dirname(file), from)) : from;
  });
}

/** The transitive imports of some files: packages, and paths from the root. */
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

describe('src', () => {
  test('has files and imports to check', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(100);
  });

  test.each(Object.keys(knows))('has only permitted imports in %s', (folder) => {
    const foreign = imports
      .filter((one) => one.folder === folder && one.from.startsWith('.'))
      .map(({ file, from }) => ({ file, to: folderOf(relative('.', join(dirname(file), from))) }))
      .filter(({ to }) => to !== folder && !knows[folder]?.includes(to));
    expect(foreign).toEqual([]);
  });

  test('has a rule for every folder', () => {
    expect([...new Set(files.map(folderOf))].filter((folder) => knows[folder] === undefined)).toEqual([]);
  });

  test('has at most fifteen files per folder, and one file per command', () => {
    const rooms = new Map<string, number>();
    const all = [...files, ...clientFiles.map((file) => `public/${file}`)];
    for (const file of all) rooms.set(dirname(file), (rooms.get(dirname(file)) ?? 0) + 1);
    const commands = rooms.get('commands');
    rooms.delete('commands');
    expect([...rooms].filter(([, count]) => count > 15)).toEqual([]);
    const program = readFileSync(join(root, 'src/main.ts'), 'utf8');
    expect(commands).toBe(program.match(/import\('\.\/commands\//g)?.length);
  });

  test('has no import cycles', () => {
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

  test('imports each package only in its home', () => {
    const astray = imports
      .filter(({ from }) => !from.startsWith('.') && !from.startsWith('node:'))
      .filter(({ file, from }) => {
        const home = homes[from.startsWith('@') ? from.split('/').slice(0, 2).join('/') : (from.split('/')[0] ?? '')];
        const isIn = (place: string): boolean => place === '.' || file === place || file.startsWith(`${place}/`);
        return home === undefined || ![home].flat().some(isIn);
      });
    expect(astray).toEqual([]);
  });

  test('does no I/O in the model', () => {
    expect(imports.filter(({ folder, from }) => folder === 'model' && from.startsWith('node:'))).toEqual([]);
  });

  test("validates and sends the viewer's answers in one place, except files and pages", () => {
    const users = (target: string) =>
      imports.filter(({ folder, from }) => folder === 'web' && from.endsWith(target)).map(({ file }) => file);
    expect(users('/conditional.js').sort()).toEqual(['web/routes/answer.ts', 'web/routes/assets.ts']);
    expect(users('/deliver.js').sort()).toEqual([
      'web/frame/page-frame.ts',
      'web/metrics-route.ts',
      'web/routes/answer.ts',
      'web/routes/route.ts',
    ]);
  });

  test.each(files)('has an opening comment in %s', (file) => {
    expect(readFileSync(join(root, 'src', file), 'utf8')).toMatch(/^\/\/ \S/);
  });
});

describe('a page for contributors', () => {
  test.each(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/failures.md', 'docs/format.md'])(
    '%s names files that exist',
    (page) => {
      const text = readFileSync(join(root, page), 'utf8');
      const named = [...text.matchAll(/`((?:src|public|test|build|bin|views)\/[\w./-]+)`/g)].map(
        ([, path = '']) => path,
      );
      expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    },
  );
});

/** The code of a file without its comments, which may name anything. */
function codeOf(path: string): string {
  return readFileSync(join(root, path), 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, '');
}

/** Questions that only a registry of kinds answers: the pattern that gives each away, and the files that may still ask it. */
const questions: readonly (readonly [string, RegExp, readonly string[]])[] = [
  ['the fields of a description', /'\w+' in (\w+\.)*about\b/, []],
  [
    'the kind of a description',
    /about\.kind [!=]==|(kind [!=]==|case) '(service|real-server|haproxy(-(frontend|backend|server))?|director(-part)?|totals|processor|connection-table)'/,
    // Specific to the kernel's table: forwarding methods and weights.
    [
      ...['src/model/service/outbound.ts', 'src/model/service/service-setup.ts', 'src/rrd/known-files.ts'],
      ...['src/render/files/service-stacks.ts', 'src/web/pages/idle-servers.ts'],
    ],
  ],
  [
    'the prefix of a name',
    /'haproxy_|\/\^?haproxy_|(startsWith|includes)\('(all|cpu_|fwm|haproxy)/,
    ['src/model/names/haproxy-name.ts'],
  ],
  [
    'the direction in the name of a data source or label',
    /(startsWith|replace|includes)\('(In|Out)|(label|name) [!=]== '(in|out)'|\bi === 1 &&|\/\^?(In|Out)\b/,
    [],
  ],
  ['the position of a direction', /\[5, 6\]|quantity [!=]== [01]\b|< 0 \? 1 : 0/, []],
];

describe('archive kinds', () => {
  test.each(questions)('are not distinguished by %s', (_question, asked, allowed) => {
    const all = [...files.map((file) => `src/${file}`), ...clientFiles.map((file) => `public/${file}`)];
    expect(all.filter((path) => asked.test(codeOf(path)) && !allowed.includes(path))).toEqual([]);
    // The list must not name files that no longer ask.
    expect(allowed.filter((path) => !asked.test(codeOf(path)))).toEqual([]);
  });

  test('are imported only by their registries, and by name where a source is read or its tables are', () => {
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

describe('browser code', () => {
  test.each(clientFiles)(
    'in %s imports only the model, graph definitions and the wire, and has an opening comment',
    (file) => {
      const allowed =
        /^(public\/[\w/-]+\.js|src\/(model|render)\/[\w/-]+\.js|src\/web\/(wire|pages\/age)\.js|chart\.js|d3-force)$/;
      expect(clientImports(file).filter((from) => !allowed.test(from))).toEqual([]);
      expect(readFileSync(join(root, 'public', file), 'utf8')).toMatch(/^\/\/ \S/);
    },
  );

  test('reaches no Node module, even indirectly', () => {
    const reached = reachOf(clientFiles.flatMap(clientImports));
    const packages = reached.filter((path) => !path.startsWith('src/') && !path.startsWith('public/'));
    expect(packages.sort()).toEqual(['chart.js', 'd3-force', 'ipaddr.js']);
  });

  test('imports chart.js in a single file', () => {
    expect(clientFiles.filter((file) => clientImports(file).includes('chart.js'))).toEqual(['graph/canvas-host.ts']);
  });

  test('imports d3-force in a single file, which only the worker of the map loads', () => {
    expect(clientFiles.filter((file) => clientImports(file).includes('d3-force'))).toEqual(['map/placing.ts']);
    expect(reachOf(clientImports('map.ts'))).not.toContain('d3-force');
  });
});

describe('graph definitions', () => {
  const definitions = files.filter((file) => /^render\/define\/(\w+\/)?define-[\w-]+\.ts$/.test(file));

  test('reach neither chart.js nor a canvas, types included', () => {
    expect(definitions.length).toBeGreaterThan(2);
    const reached = reachOf(definitions.map((file) => `src/${file}`));
    expect(reached).toContain('src/render/define/picture.js');
    const packages = reached.filter((path) => !path.startsWith('src/'));
    expect(packages).toEqual(['ipaddr.js']);
    expect(reached.filter((path) => /\/(configuration|draw-[\w-]+)\.js$/.test(path))).toEqual([]);
  });
});
