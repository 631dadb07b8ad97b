// Real limits and permissions of the system (ulimit, chmod): a clear error and exit 1, nothing lost, and the next cycle resumes.
// The archives of a read-only data folder can still be read.

import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { withStore } from '../../src/store/open.js';
import { filesBelow, type Run, run, scratch } from '../commands/program.js';
import { type Fault, hasGcc, useDisk } from './disk.js';
import { type Base, copyBase, makeBase, newestCycle } from './history.js';
import { expectSameRows, rowsOf } from './rows.js';

const newFolder = scratch();
const disk = useDisk();
const program = fileURLToPath(new URL('../../bin/lvs-stats', import.meta.url));
const otherId = 65_534;

/** False if the program is in a folder that only root can enter. */
const canRunAsOther = runAsOther(['--version']).status === 0;

let base: Base;
let before: Readonly<Record<string, Run>>;

beforeAll(async () => {
  base = await makeBase(newFolder);
  const copy = copyBase(base, newFolder);
  before = await read(copy);
  for (const { status, stdout, stderr } of Object.values(before)) {
    expect({ status, stderr, isEmpty: stdout === '' }).toEqual({ status: 0, stderr: '', isEmpty: false });
  }
});

/** Runs the program in a shell that first sets a limit. */
function runLimited(limit: string, args: readonly string[]): Promise<Run> {
  const child = spawn('sh', ['-c', `${limit}; exec "$@"`, 'sh', process.execPath, program, ...args], {
    env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC' },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

function collectInto(data: string): readonly string[] {
  return ['collect', '--data', data, '--ipvsadm', base.ipvsadm, '--no-pictures'];
}

/** Checks that all archives have their rows, and stores the next cycle. */
async function expectWholeAndResuming(data: string): Promise<void> {
  const lastS = await withStore(data, async (store) => {
    expectSameRows(await rowsOf(store, base.rows.startS, base.rows.endS), base.rows, base.lastS);
    return newestCycle(store);
  });
  expect(await run(collectInto(data))).toMatchObject({ status: 0, stderr: '' });
  expect(await withStore(data, newestCycle)).toBeGreaterThan(lastS);
}

/** Grants or denies write permission for a folder and its contents. */
function permit(folder: string, isWritable: boolean): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) permit(path, isWritable);
    else chmodSync(path, isWritable ? 0o644 : 0o444);
  }
  chmodSync(folder, isWritable ? 0o755 : 0o555);
}

/** Gives a data folder to another user, as whom root then works. Without root, nothing changes. */
function giveAway(data: string): void {
  if (process.getuid?.() !== 0) return;
  for (const path of readdirSync(data, { recursive: true })) chownSync(join(data, path.toString()), otherId, otherId);
  chownSync(data, otherId, otherId);
  // Parent folders of this test, but not the system's folder of temporary files.
  for (let folder = dirname(data); folder.includes('lvs-stats-commands-'); folder = dirname(folder)) {
    chmodSync(folder, 0o755);
  }
}

/** Runs the program as the other user, since root can read every folder. */
function runAsOther(args: readonly string[]) {
  const user = process.getuid?.() === 0 ? { uid: otherId, gid: otherId } : {};
  return spawnSync(process.execPath, [program, ...args], { ...user, encoding: 'utf8', env: { TZ: 'UTC' } });
}

/** Read-only commands. */
const readings = {
  list: ['list', '--format', 'json'],
  fetch: ['fetch', 'all', '--format', 'csv'],
  events: ['events', '--format', 'json'],
  render: ['render', '--since', '1d', '--type', 'cps', '--out'],
} as const;

async function read(data: string, env: Readonly<Record<string, string>> = {}): Promise<Readonly<Record<string, Run>>> {
  const runs: Record<string, Run> = {};
  for (const [title, args] of Object.entries(readings)) {
    const out = title === 'render' ? [newFolder('out')] : [];
    const ended = await run([...args, ...out, '--data', data], { env });
    runs[title] = title === 'render' ? { ...ended, stdout: filesBelow(out[0] ?? '').join() } : ended;
  }
  return runs;
}

/** Checks that reading from a read-only disk returns the same as before, with a notice of the copy. */
async function expectReading(data: string, env: Readonly<Record<string, string>>): Promise<void> {
  for (const [title, ended] of Object.entries(await read(data, env))) {
    const { stdout } = before[title] ?? {};
    expect(ended, title).toEqual({ status: 0, stdout, stderr: expect.stringMatching(/^lvs-stats: .*\n$/) });
  }
}

describe("within its user's limits, a cycle", () => {
  test.concurrent('that exceeds the file size limit fails, and the next one resumes', async () => {
    const data = copyBase(base, newFolder);
    const ended = await runLimited('ulimit -f 1', collectInto(data));
    expect(ended).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^lvs-stats: .*too large.*ulimit -f.*\n$/i),
    });
    await expectWholeAndResuming(data);
  });

  test.concurrent('that exceeds any limit of file handles fails cleanly, otherwise it is stored', async () => {
    const statuses = new Set<number | null>();
    for (const handles of [20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128]) {
      const data = copyBase(base, newFolder);
      const { status, stderr } = await runLimited(`ulimit -n ${handles}`, collectInto(data));
      statuses.add(status);
      if (status === 0) continue;
      expect({ status, stderr }).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^(lvs-stats: .*(too many open files|EMFILE).*ulimit -n.*\n)+$/),
      });
      await expectWholeAndResuming(data);
    }
    expect(statuses).toEqual(new Set([0, 1]));
  });

  test.concurrent('in a read-only folder fails, its archives can be read, and the next one resumes', async () => {
    const data = copyBase(base, newFolder);
    giveAway(data);
    permit(data, false);
    const ended = await run(collectInto(data));
    expect(ended).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^lvs-stats: .*permission/i) });
    await expectReading(data, {});
    permit(data, true);
    await expectWholeAndResuming(data);
  });
});

test.skipIf(!canRunAsOther)('readers of an inaccessible data folder report that, not that it is empty', () => {
  const data = newFolder();
  giveAway(data);
  chmodSync(data, 0);
  for (const args of [['list'], ['fetch', 'all'], ['events']]) {
    const { status, stdout, stderr } = runAsOther([...args, '--data', data]);
    expect({ status, stdout }, args[0]).toEqual({ status: 1, stdout: '' });
    expect(stderr, args[0]).toMatch(
      /^lvs-stats: cannot .*permission denied.*; run as the owner of the data folder.*\n$/,
    );
  }
});

describe.skipIf(!hasGcc)('(needs gcc) the archives can be read on', () => {
  test.concurrent.each<Fault>(['a full disk', 'a read-only disk', 'a disk that cannot be written'])(
    '%s',
    async (fault) => {
      const data = copyBase(base, newFolder);
      await expectReading(data, disk.failing(data, { fault, from: 1, count: 0 }));
      await expectWholeAndResuming(data);
    },
  );
});
