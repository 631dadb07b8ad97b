// How the program starts, with V8's code cache from the build or without it. A cache is code, so the program rejects one that is
// damaged, belongs to another program or another Node, or lies elsewhere.

import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ownFake } from './commands/fakes.js';

const root = resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
const cacheName = `main.${process.version}.${process.arch}.cache`;
const scratch = mkdtempSync(join(tmpdir(), 'lvs-stats-start-'));

afterAll(() => {
  permit(0o755);
  rmSync(scratch, { recursive: true, force: true });
});

const copied = copyPackage();

function copyPackage(): string {
  const folder = join(scratch, 'package');
  for (const part of ['bin', 'dist', 'package.json', 'views']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

function inBundle(name: string): string {
  return join(copied, 'dist/bundle', name);
}

/** Preloaded: reports the files that the cache is read from, and whether V8 took it. */
const observer = `
import fs from 'node:fs';
import vm from 'node:vm';
const { readFileSync } = fs;
fs.readFileSync = (path, ...rest) => {
  if (String(path).endsWith('.cache')) process.stderr.write('reads ' + path + '\\n');
  return readFileSync(path, ...rest);
};
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    const fate = options.cachedData === undefined ? 'none' : this.cachedDataRejected ? 'rejected' : 'taken';
    process.stderr.write('code: ' + fate + '\\n');
  }
};`;

interface ProgramResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly folder?: string;
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  readonly isWatched?: boolean;
  readonly isOther?: boolean;
}

function runProgram({
  folder = copied,
  flags = [],
  args = ['--version'],
  isWatched = true,
  isOther = false,
}: RunOptions): ProgramResult {
  const watching = isWatched ? [`--import=data:text/javascript,${encodeURIComponent(observer)}`] : [];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...watching, ...flags, join(folder, 'bin/lvs-stats'), ...args],
    {
      cwd: scratch,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: scratch, TMPDIR: scratch, TZ: 'UTC' },
      ...(isOther && process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}),
    },
  );
  return { status, stdout, stderr };
}

/** Expects the version, and this fate of the cache. */
function expectVersion(ended: ProgramResult, fate: 'taken' | 'rejected' | 'none'): void {
  expect(ended).toMatchObject({ status: 0, stdout: `${version}\n` });
  expect(ended.stderr).toMatch(new RegExp(`^(reads .*\\n)?code: ${fate}\\n$`));
}

/** Changes a file of the copy while `use` runs. */
function whileChanged(name: string, change: (bytes: Buffer) => Buffer | null, use: () => void): void {
  const before = readFileSync(inBundle(name));
  const after = change(Buffer.from(before));
  if (after === null) rmSync(inBundle(name));
  else writeFileSync(inBundle(name), after);
  try {
    use();
  } finally {
    writeFileSync(inBundle(name), before);
  }
}

/** Makes the copy's folders and files read-only, or writable again. */
function permit(mode: 0o555 | 0o755): void {
  for (const part of ['bin', 'dist', 'views']) {
    const folder = join(copied, part);
    const below = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const name of ['', ...below]) chmodSync(join(folder, name), mode);
  }
  for (const path of [copied, scratch]) chmodSync(path, mode);
}

test('the Node that built the program accepts its code cache', () => {
  expectVersion(runProgram({ folder: root }), 'taken');
  expectVersion(runProgram({}), 'taken');
});

test('the program reads the code cache beside itself and nowhere else', () => {
  for (const folder of [scratch, join(scratch, 'package')]) cpSync(inBundle(cacheName), join(folder, cacheName));
  const read = (ended: ProgramResult) => [...ended.stderr.matchAll(/^reads (.*)$/gm)].map(([, path]) => path);
  expect(read(runProgram({}))).toEqual([inBundle(cacheName)]);
  whileChanged(
    cacheName,
    () => null,
    () => {
      const ended = runProgram({});
      expectVersion(ended, 'none');
      expect(read(ended)).toEqual([inBundle(cacheName)]);
    },
  );
});

test.each<[string, (bytes: Buffer) => Buffer | null]>([
  ['missing', () => null],
  ['empty', () => Buffer.alloc(0)],
  ['shorter than its checksum', (bytes) => bytes.subarray(0, 3)],
  ['cut', (bytes) => bytes.subarray(0, bytes.length / 2)],
  ['longer', (bytes) => Buffer.concat([bytes, Buffer.alloc(8)])],
  ['zeros', (bytes) => bytes.fill(0, 64)],
  ...[0, 20, 1000, 0.3, 0.6, 0.9].map((place): [string, (bytes: Buffer) => Buffer] => [
    `corrupt in one bit at ${place}`,
    (bytes) => {
      const at = place < 1 ? Math.floor(place * bytes.length) : place;
      bytes.writeUInt8(bytes.readUInt8(at) ^ 16, at);
      return bytes;
    },
  ]),
])('the program silently ignores a code cache that is %s', (_title, change) => {
  whileChanged(cacheName, change, () => expectVersion(runProgram({}), 'none'));
});

test('the program ignores the code cache of another program of the same length', () => {
  const exchange = (bytes: Buffer): Buffer =>
    Buffer.from(bytes.toString('latin1').replace('Stores the counters', 'Stores THE counters'), 'latin1');
  whileChanged('main.cjs', exchange, () => {
    expectVersion(runProgram({}), 'none');
    expect(runProgram({ args: ['--help'], isWatched: false }).stdout).toContain('Stores THE counters');
  });
});

/** Runs the help of a command, which loads the command. */
const helpOf = (name: string) => runProgram({ args: [name, '--help'] });

test('a cycle loads its part of the program only, and the rest comes with its own code when it is needed', () => {
  const fates = ({ stderr }: ProgramResult) => stderr.match(/^code: \w+$/gm);
  expect(fates(helpOf('collect'))).toEqual(['code: taken']);
  expect(fates(helpOf('list'))).toEqual(['code: taken', 'code: taken']);
  const data = join(scratch, 'collected');
  const args = ['collect', '--no-pictures', '--data', data, '--ipvsadm', ownFake('busy-director')];
  whileChanged(
    'rest.cjs',
    () => null,
    () => expect(runProgram({ args, isWatched: false })).toMatchObject({ status: 0, stderr: '' }),
  );
});

test('the program ignores a damaged code cache of the rest', () => {
  whileChanged(
    `rest.${process.version}.${process.arch}.cache`,
    (bytes) => bytes.subarray(0, bytes.length / 2),
    () => {
      const ended = helpOf('list');
      expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage: lvs-stats list') });
      expect(ended.stderr.match(/^code: \w+$/gm)).toEqual(['code: taken', 'code: none']);
    },
  );
});

test('the program runs when V8 rejects the code cache because its flags differ', () => {
  expectVersion(runProgram({ flags: ['--no-lazy-feedback-allocation'] }), 'rejected');
});

test('the program runs from a read-only folder, with a code cache or without, and leaves it unchanged', () => {
  const before = readdirSync(join(copied, 'dist/bundle'));
  permit(0o555);
  expectVersion(runProgram({ isOther: true }), 'taken');
  permit(0o755);
  whileChanged(
    cacheName,
    () => null,
    () => {
      permit(0o555);
      const [ended, after] = [runProgram({ isOther: true }), readdirSync(join(copied, 'dist/bundle'))];
      permit(0o755);
      expectVersion(ended, 'none');
      expect(after).toEqual(before.filter((name) => name !== cacheName));
    },
  );
});

test('the program loads no module in a way that the oldest supported Node lacks', () => {
  const flags = process.allowedNodeEnvironmentFlags.has('--experimental-require-module')
    ? ['--no-experimental-require-module']
    : [];
  const data = join(scratch, 'data');
  const args = ['demo', '--no-serve', '--services', '1', '--data', data];
  expect(runProgram({ flags, args, isWatched: false })).toMatchObject({ status: 0 });
  const out = join(scratch, 'out');
  const report = ['render', '--data', data, '--since', '1d', '--out', out];
  expect(runProgram({ flags, args: report, isWatched: false })).toMatchObject({ status: 0 });
});
