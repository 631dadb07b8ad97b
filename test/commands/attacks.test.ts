// Root's commands in folders of a hostile user: links, hard links, pipes and swapped folders must not reach anything that the user
// could not write alone. The canary is a file of root's in a folder of root's.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { printingPair } from './fakes.js';
import { filesBelow, run, scratch, succeed } from './program.js';
import { evenPair, recordPair } from './recordings.js';

const newFolder = scratch();
const bob = 65_534;
const startS = 1_700_000_100;

/** A folder of the user's, below folders that everybody may enter. */
function ofBob(name: string): string {
  const folder = newFolder(name);
  for (let above = dirname(folder); above !== tmpdir() && above !== '/'; above = dirname(above))
    chmodSync(above, 0o755);
  chownSync(folder, bob, bob);
  return folder;
}

function linkOfBob(target: string, path: string): void {
  symlinkSync(target, path);
  lchownSync(path, bob, bob);
}

function folderOfBob(path: string): string {
  mkdirSync(path, { recursive: true });
  chownSync(path, bob, bob);
  return path;
}

describe.skipIf(process.getuid?.() !== 0)("(needs root) in a hostile user's folder, root", () => {
  let canaries: string;
  let [canary, before] = ['', ''];

  /** The canaries' names, bytes, owners, modes and times. */
  const state = (): string =>
    filesBelow(canaries)
      .map((name) => {
        const { uid, gid, mode, mtimeMs, size } = lstatSync(join(canaries, name));
        return [name, uid, gid, mode, mtimeMs, size, readFileSync(join(canaries, name), 'latin1')].join(' ');
      })
      .join('\n');

  beforeEach(() => {
    canaries = newFolder('canaries');
    chmodSync(canaries, 0o755);
    canary = join(canaries, 'canary');
    for (const name of ['canary', 'report.html', 'report.csv', 'report.json', 'lvs.backup', 'CURRENT', 'all-cps.png'])
      writeFileSync(join(canaries, name), `the ${name} of root\n`);
    mkdirSync(join(canaries, 'day'));
    writeFileSync(join(canaries, 'day', 'all-cps.png'), 'a picture of root');
    before = state();
  });

  /** Archives that root owns. */
  async function ownArchives(): Promise<string> {
    const [data, record] = [newFolder(), newFolder('record')];
    for (const n of [0, 1, 2]) recordPair(record, startS + 300 * n, evenPair(1, n));
    await succeed('replay', record, '--data', data);
    return data;
  }

  /** Archives that the user owns. */
  async function archivesOfBob(): Promise<string> {
    const [data, record] = [ofBob('data'), newFolder('record')];
    chmodSync(record, 0o755);
    for (const n of [0, 1, 2]) recordPair(record, startS + 300 * n, evenPair(1, n));
    await succeed('replay', record, '--data', data);
    return data;
  }

  const collect = (data: string): Promise<unknown> =>
    run(['collect', '--data', data, '--ipvsadm', printingPair(newFolder('pair'), evenPair(1, 5))]);

  test.each([
    ['backup', (file: string) => ['backup', file, '--force']],
    ['export', (file: string) => ['export', 'all', '--out', file]],
  ])('%s does not follow a link with the name of its file', async (_, args) => {
    const [data, folder] = [await ownArchives(), ofBob('out')];
    const file = join(folder, 'lvs.backup');
    linkOfBob(canary, file);
    expect(await run([...args(file), '--data', data])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/cannot write .*lvs\.backup \(EACCES/),
    });
    expect(state()).toBe(before);
    rmSync(file);
    linkSync(canary, file);
    expect(await run([...args(file), '--data', data])).toMatchObject({ status: 0 });
    expect(lstatSync(file)).toMatchObject({ uid: bob, nlink: 1 });
    expect([state(), lstatSync(canary).nlink]).toEqual([before, 1]);
  });

  test('backup neither waits for the reader of a pipe nor writes to it', async () => {
    const [data, folder] = [await ownArchives(), ofBob('out')];
    const pipe = join(folder, 'lvs.backup');
    execFileSync('mkfifo', [pipe]);
    expect(await run(['backup', pipe, '--force', '--data', data])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/cannot write .* \(it is a pipe of user 0\)/),
    });
  });

  test.each([
    ['backup', (to: string) => ['backup', join(to, 'lvs.backup'), '--force']],
    ['export', (to: string) => ['export', 'all', '--out', join(to, 'canary')]],
    ['render', (to: string) => ['render', '--out', to]],
    ['render of a span', (to: string) => ['render', '--since', '1d', '--type', 'cps', '--out', to]],
  ])('%s writes nothing if its folder is a link', async (_, args) => {
    const [data, folder] = [await ownArchives(), ofBob('out')];
    linkOfBob(canaries, join(folder, 'way'));
    for (const period of ['week', 'month', 'year', '30d'])
      linkOfBob(join(canaries, 'day'), join(folderOfBob(join(folder, 'real')), period));
    for (const to of [join(folder, 'way'), join(folder, 'real')]) await run([...args(to), '--data', data]);
    expect(state()).toBe(before);
  });

  test('collect records nothing through links with the names of recordings', async () => {
    const folder = ofBob('out');
    linkOfBob(canaries, join(folder, 'way'));
    const pair = printingPair(newFolder('pair'), evenPair(1, 1));
    const collectInto = (name: string): Promise<unknown> =>
      run(['collect', '--data', newFolder(), '--ipvsadm', pair, '--record', join(folder, name)]);
    expect(await collectInto('way')).toMatchObject({ status: 1 });
    expect(state()).toBe(before);
    expect(await collectInto('new')).toMatchObject({ status: 0 });
    for (const name of filesBelow(join(folder, 'new')))
      expect(lstatSync(join(folder, 'new', name)).uid, name).toBe(bob);
    expect(filesBelow(join(folder, 'new'))).toHaveLength(2);
  });

  test.each([['archives'], ['locks'], ['locks/collect'], ['graphs'], ['graphs/day'], ['archives.repaired'], ['.']])(
    'no command writes if "%s" in a data folder is a link',
    async (name) => {
      const data = await archivesOfBob();
      const place = name === '.' ? data : join(data, name);
      rmSync(place, { recursive: true, force: true });
      if (name !== '.') folderOfBob(dirname(place));
      linkOfBob(canaries, place);
      await collect(data);
      const file = join(newFolder('out'), 'file');
      for (const args of [['check'], ['repair'], ['render'], ['backup', file]]) await run([...args, '--data', data]);
      expect(state()).toBe(before);
      expect(readdirSync(canaries).sort()).toEqual(
        ['canary', 'CURRENT', 'all-cps.png', 'day', 'lvs.backup', 'report.csv', 'report.html', 'report.json'].sort(),
      );
    },
  );

  test('no command writes through links to files in a data folder', async () => {
    const data = await archivesOfBob();
    const names = ['LOG', 'LOG.old', 'cycle.json', 'verified-tables', '000099.log', '000099.ldb', '000099.dbtmp'];
    for (const name of names) {
      rmSync(join(data, 'archives', name), { force: true });
      linkOfBob(canary, join(data, 'archives', name));
    }
    folderOfBob(join(data, 'graphs', 'day'));
    for (const name of ['all-cps.png', 'all.unfinished', 'all-traffic.png'])
      linkOfBob(canary, join(folderOfBob(join(data, 'graphs', 'day')), name));
    await collect(data);
    for (const args of [['check'], ['repair'], ['render'], ['list']]) await run([...args, '--data', data]);
    expect(state()).toBe(before);
  });

  test('no command creates a data folder through a link', async () => {
    const folder = ofBob('home');
    linkOfBob(canaries, join(folder, 'way'));
    const made = await run(['collect', '--data', join(folder, 'way', 'data'), '--ipvsadm', 'true']);
    expect(made.status).toBe(1);
    expect(readdirSync(canaries)).not.toContain('data');
    const backup = join(newFolder('out'), 'file');
    await succeed('backup', backup, '--quiet', '--data', await ownArchives());
    expect(await run(['restore', backup, '--data', join(folder, 'way', 'data')])).toMatchObject({ status: 1 });
    expect(readdirSync(canaries)).not.toContain('data');
    await succeed('restore', backup, '--data', join(folder, 'data'));
    expect(lstatSync(join(folder, 'data', 'archives', 'CURRENT')).uid).toBe(bob);
  });

  test("setup writes no file through a link below a root of the user's", async () => {
    const root = ofBob('image');
    folderOfBob(join(root, 'etc'));
    linkOfBob(canaries, join(root, 'etc', 'cron.d'));
    const ended = await run(['setup', '--cron', '--root', root, '--data', '/var/lib/lvs-stats', '--force']);
    expect(ended.status).not.toBe(0);
    expect(readdirSync(canaries)).not.toContain('lvs-stats');
    expect(state()).toBe(before);
  });

  test("no command reaches root's files through a folder that keeps turning into a link", async () => {
    const [data, home] = [await ownArchives(), ofBob('home')];
    const place = join(home, 'out');
    const swaps = `
      const { mkdirSync, renameSync, symlinkSync, rmSync, unlinkSync } = require('node:fs');
      const [place, target] = process.argv.slice(1);
      process.setgid(${bob}); process.setuid(${bob});
      mkdirSync(place + '.real', { recursive: true });
      process.stdout.write('ready');
      for (;;) {
        try { renameSync(place + '.real', place); } catch {}
        try { renameSync(place, place + '.real'); } catch {}
        try { symlinkSync(target, place); unlinkSync(place); } catch {}
      }`;
    const swapper: ChildProcess = spawn(process.execPath, ['-e', swaps, place, canaries], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await new Promise((ready) => swapper.stdout?.once('data', ready));
      for (let round = 0; round < 3; round += 1) {
        await run(['backup', join(place, 'lvs.backup'), '--force', '--quiet', '--data', data]);
        await run(['export', 'all', '--out', join(place, 'canary'), '--data', data]);
        expect(state()).toBe(before);
      }
      await run(['render', '--since', '1d', '--type', 'cps', '--format', 'csv', '--out', place, '--data', data]);
      await collect(place);
    } finally {
      swapper.kill('SIGKILL');
    }
    expect(state()).toBe(before);
    expect(readdirSync(canaries)).not.toContain('archives');
    expect(readdirSync(canaries)).not.toContain('locks');
  });

  test.each([['archives/000099.log'], ['archives/CURRENT'], ['archives/MANIFEST-000001'], ['archives/000098.ldb']])(
    'collect and check do not wait for a pipe at %s',
    async (name) => {
      const data = await archivesOfBob();
      rmSync(join(data, name), { force: true });
      execFileSync('mkfifo', [join(data, name)]);
      chownSync(join(data, name), bob, bob);
      const pair = printingPair(newFolder('pair'), evenPair(1, 5));
      const ended = await run(['collect', '--data', data, '--ipvsadm', pair, '--no-pictures']);
      expect(ended).toMatchObject({ status: 1, stderr: expect.stringMatching(/ is a pipe, a socket or a device/) });
      expect((await run(['check', '--data', data])).status).toBe(1);
    },
  );

  test('collect recreates a lock with a pipe among its files', async () => {
    const data = await archivesOfBob();
    execFileSync('mkfifo', [join(data, 'locks', 'collect', 'LOG.pipe')]);
    expect(await collect(data)).toMatchObject({ status: 0, stderr: '' });
  });
});

test("backup removes a killed process's unfinished files, and a link with such a name but not its target", async () => {
  const [data, record, folder] = [newFolder(), newFolder('record'), newFolder('out')];
  for (const n of [0, 1]) recordPair(record, startS + 300 * n, evenPair(1, n));
  await succeed('replay', record, '--data', data);
  const [file, kept] = [join(folder, 'lvs.backup'), join(folder, 'kept')];
  writeFileSync(kept, 'kept');
  const [part, old] = [`${file}.999999999-0123456789abcdef.part`, `${file}.999999999.part`];
  writeFileSync(part, '');
  symlinkSync(kept, old);
  renameSync(part, part);
  await succeed('backup', file, '--quiet', '--data', data);
  expect([existsSync(part), existsSync(old), readFileSync(kept, 'utf8')]).toEqual([false, false, 'kept']);
});
