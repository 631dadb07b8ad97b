import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkAccessTimes, checkDataFolder, checkRoom, readRoom } from '../../src/doctor/data-checks.js';

const root = mkdtempSync(join(tmpdir(), 'data-'));
afterAll(() => rmSync(root, { recursive: true }));

const userId = process.getuid?.() ?? null;
mkdirSync(join(root, 'there'));
writeFileSync(join(root, 'file'), '');

describe('checkDataFolder', () => {
  test.each([
    ['a folder of this user', 'there', 'ok', 'is writable; it belongs to user'],
    ['a folder that does not exist yet', 'there/not/yet', 'ok', 'does not exist yet'],
    ['a file', 'file', 'problem', 'is not a folder'],
    ['a folder that would lie in a file', 'file/data', 'problem', 'is not a folder'],
  ])('reports %s', (_, path, state, said) => {
    expect(checkDataFolder(join(root, path), userId)).toMatchObject({ state, finding: expect.stringContaining(said) });
  });

  test.each([
    ['that is not writable', '/proc/sys'],
    ['that does not exist yet, below one that is not writable', '/proc/sys/lvs-stats'],
  ])('reports a folder %s with its owner', (_, path) => {
    const found = checkDataFolder(path, 1234);
    expect(found.state).toBe('problem');
    expect(found.finding).toMatch(/cannot be written by user 1234; it belongs to user \d+$/);
    expect(found.remedy).toContain('--data');
  });
});

describe('checkAccessTimes', () => {
  const data = join(root, 'there');

  /** A /proc with these mounts: their folders and options. */
  function procWith(...mounts: readonly (readonly [path: string, options: string])[]): string {
    const proc = mkdtempSync(join(root, 'proc-'));
    mkdirSync(join(proc, 'self'));
    const lines = mounts.map(
      ([path, options], i) => `${20 + i} 1 8:${i} / ${path} ${options} shared:1 - ext4 /dev/sda rw`,
    );
    writeFileSync(join(proc, 'self/mountinfo'), `${lines.join('\n')}\n`);
    return proc;
  }

  test.each([
    ['relatime', [['/', 'rw,relatime']], 'ok'],
    ['noatime', [['/', 'rw,noatime']], 'warning'],
    [
      'noatime elsewhere',
      [
        ['/', 'rw,relatime'],
        [`${data}-other`, 'rw,noatime'],
      ],
      'ok',
    ],
    [
      'noatime on the folder itself',
      [
        ['/', 'rw,relatime'],
        [data, 'rw,noatime'],
      ],
      'warning',
    ],
    [
      'the last of two mounts on a folder',
      [
        ['/', 'rw,noatime'],
        ['/', 'rw,relatime'],
      ],
      'ok',
    ],
    [
      'a folder with a blank in its name',
      [
        ['/', 'rw,relatime'],
        ['/a\\040b', 'rw,noatime'],
      ],
      'ok',
    ],
    ['no mount', [['/elsewhere', 'rw']], 'warning'],
  ] as const)('with %s', (_, mounts, state) => {
    expect(checkAccessTimes(join(data, 'not/yet'), procWith(...mounts)).state).toBe(state);
  });

  test('reads what a blank in a path is written as', () => {
    mkdirSync(join(root, 'a b'));
    const proc = procWith(['/', 'rw,relatime'], [`${root}/a\\040b`, 'rw,noatime']);
    const found = checkAccessTimes(join(root, 'a b'), proc);
    expect(found).toMatchObject({
      state: 'warning',
      finding: expect.stringContaining(`the mount ${root}/a b has noatime`),
    });
  });

  test('reads the mounts of this machine', () => {
    expect(['ok', 'warning']).toContain(checkAccessTimes(data, '/proc').state);
  });
});

describe('checkRoom', () => {
  const room = { freeBytes: 5 * 2 ** 30, inodes: 100_000, freeInodes: 50_000 };

  test.each([
    ['enough', {}, 'ok', '5.0 GiB free'],
    ['exactly the minimum', { freeBytes: 100 * 2 ** 20 }, 'ok', '100 MiB free'],
    ['a byte less than the minimum', { freeBytes: 100 * 2 ** 20 - 1 }, 'problem', 'below the minimum of 100 MiB'],
    ['none', { freeBytes: 0 }, 'problem', '0.0 MiB free'],
    ['no inodes', { freeInodes: 3 }, 'problem', 'only 3 of 100000 inodes'],
    ['a file system without inodes', { inodes: 0, freeInodes: 0 }, 'ok', ' free'],
  ])('reports %s', (_, change, state, said) => {
    expect(checkRoom({ ...room, ...change })).toMatchObject({ state, finding: expect.stringContaining(said) });
  });

  test('checks the room for a folder that does not exist yet', () => {
    expect(readRoom(join(root, 'not/yet'))).toEqual(
      expect.objectContaining({ freeBytes: expect.any(Number), inodes: readRoom(root).inodes }),
    );
    expect(readRoom(root).freeBytes).toBeGreaterThan(0);
  });
});
