// The tarball of `npm pack` holds all that runs and nothing else, and is complete after `npm install -g`. npm treats the
// dependencies of a bundled package as bundled and does not fetch them, so the bundle must be closed.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

interface Manifest {
  readonly bin?: Readonly<Record<string, string>>;
  readonly man?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly bundleDependencies?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
}

const own = readManifest('package.json');
const command = ['pack', '--dry-run', '--json', '--ignore-scripts'];
const [packed] = JSON.parse(execFileSync('npm', command, { cwd: root, encoding: 'utf8' })) as {
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}[];
const files = new Set(packed?.files.map(({ path }) => path));
const bundled = [...files].flatMap(
  (path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1] ?? [],
);

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
}

test('the bundle is ASCII: it is loaded as one byte per character, and esbuild escapes texts but not regular expressions', () => {
  for (const part of ['main', 'rest']) {
    const lines = readFileSync(join(root, `dist/bundle/${part}.cjs`), 'utf8').split('\n');
    expect(lines.filter((line) => /[^\0-\x7f]/.test(line))).toEqual([]);
  }
});

test('the package has the program, its pages, its manual, its examples and the README', () => {
  const wanted = [
    ...['main', 'rest'].flatMap((part) => [
      `dist/bundle/${part}.cjs`,
      `dist/bundle/${part}.${process.version}.${process.arch}.cache`,
    ]),
    'dist/bundle/LICENSES.txt',
    // Threads load files beside the bundle.
    'dist/links/sql/sql-worker.js',
    'bin/package.json',
    'dist/public/app.js',
    'dist/public/style.css',
    'views/head.ejs',
    'docs/prometheus/lvs.rules.yml',
    'docs/prometheus/dashboard.json',
    'docs/agent/agent.sh',
    ...readdirSync(join(root, 'docs/probes')).map((name) => `docs/probes/${name}`),
    'LICENSE',
    'README.md',
  ];
  const named = [...Object.values(own.bin ?? {}), ...(own.man ?? [])];
  expect([...wanted, ...named].filter((path) => !files.has(path))).toEqual([]);
  expect(named).toEqual(['bin/lvs-stats', 'docs/lvs-stats.1']);
});

test('the package has no sources, tests, source maps, data or pictures from the documents', () => {
  const ours = [...files].filter((path) => !path.startsWith('node_modules/'));
  const expected =
    /^(bin|views)\/|^dist\/.*(?<!\.map)$|^docs\/.*\.(md|1)$|^docs\/(agent|probes|prometheus)\/|^(package\.json|LICENSE|README\.md)$/;
  expect(ours.filter((path) => !expected.test(path))).toEqual([]);
  expect(packed?.size).toBeLessThan(4_000_000);
});

/** The files of our threads, and all that they import of ours: they load these from beside the bundle. */
function threadFiles(): readonly string[] {
  const reached = new Set<string>();
  const follow = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const from of importsOf(readFileSync(join(root, path), 'utf8')))
      if (from.startsWith('.')) follow(join(dirname(path), from));
  };
  const threads = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('-worker.js') && !path.startsWith('public/'),
  );
  expect(threads.sort()).toEqual([
    'demonstration/demo-worker.js',
    'links/sql/sql-worker.js',
    'render/png/draw-worker.js',
  ]);
  for (const path of threads) follow(`dist/${path}`);
  return [...reached];
}

test('bundled packages need only bundled packages, and have no platform-specific build', () => {
  expect(bundled).toEqual(expect.arrayContaining(['canvas', 'chart.js', 'chartjs-node-canvas', 'tslib']));
  const needs = bundled.flatMap((name) => {
    const { dependencies, peerDependencies } = readManifest(`node_modules/${name}/package.json`);
    return Object.keys({ ...dependencies, ...peerDependencies });
  });
  expect(needs.filter((name) => !bundled.includes(name))).toEqual([]);
  expect([...files].filter((path) => path.endsWith('.node'))).toEqual([]);
});

test('every module imported at run time is in the package or its dependencies', () => {
  const threads = threadFiles();
  expect(threads.filter((path) => !files.has(path))).toEqual([]);
  const scripts = [...[...files].filter((path) => path.startsWith('bin/')), ...threads];
  const astray = scripts.flatMap((path) =>
    importsOf(readFileSync(join(root, path), 'utf8'))
      .filter((from) => !isThere(path, from))
      .map((from) => `${path}: ${from}`),
  );
  expect(scripts.length).toBeGreaterThan(100);
  expect(astray).toEqual([]);
});

test('the package has no install script', () => {
  const { preinstall, install, postinstall } = own.scripts ?? {};
  expect([preinstall, install, postinstall]).toEqual([undefined, undefined, undefined]);
});

test('the package contains what the bundle requires, and the bundle does not load its own contents again', () => {
  const text = ['main', 'rest'].map((part) => readFileSync(join(root, `dist/bundle/${part}.cjs`), 'utf8')).join('\n');
  const required = [...text.matchAll(/\b(?:require|importPackage)\(\s*["']([^"']+)["']\)/g)].map(
    ([, name = '']) => name,
  );
  expect(required).toEqual(expect.arrayContaining(['express', 'level', 'tinypool', 'node:fs']));
  expect(required.filter((from) => !isThere('dist/bundle/main.cjs', from))).toEqual([]);
  expect(required.filter((from) => /^(commander|execa|ipaddr\.js)\b/.test(from))).toEqual([]);
});

test('the package has the licence of each bundled package beside the bundle', () => {
  const text = readFileSync(join(root, 'dist/bundle/LICENSES.txt'), 'utf8');
  for (const name of ['commander', 'execa', 'ipaddr.js', 'classic-level', 'abstract-level', 'node-gyp-build']) {
    expect(text, name).toMatch(new RegExp(`^${name}\n\n[^]*?(Permission is hereby granted|MIT)`, 'm'));
  }
});

/** The imports of a built module and its workers. */
function importsOf(text: string): string[] {
  const pattern =
    /^(?:import|export)\b[^;]*?from '([^']+)';|^import '([^']+)';|import\('([^']+)'\)|new URL\('(\.[^']+)'/gms;
  return [...text.matchAll(pattern)].map(([, a, b, c, d]) => a ?? b ?? c ?? d ?? '');
}

function isThere(path: string, from: string): boolean {
  if (from.startsWith('.')) return files.has(join(dirname(path), from));
  if (from.startsWith('node:') || builtinModules.includes(from)) return true;
  const name = from.split('/', from.startsWith('@') ? 2 : 1).join('/');
  return own.dependencies?.[name] !== undefined;
}
