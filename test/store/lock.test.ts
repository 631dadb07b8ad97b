// Locks between processes: two never hold one at once, and damage to its files stops nobody, since they are empty. The processes
// are real (bin/hold-lock, of the built program).

import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Lock, takeLock } from '../../src/store/lock.js';
import { randomFrom } from '../random.js';
import { seed } from '../seed.js';
import { patienceMs } from '../until.js';
import { untilTried } from './tries.js';

/** A few hundred turns take a minute. */
const turns = Math.ceil(Number(process.env['LVS_STATS_MINUTES'] ?? 0.06) * 400);
const holder = fileURLToPath(new URL('bin/hold-lock', import.meta.url));

let data: string;
let folder: string;

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'lvs-stats-lock-'));
  folder = join(data, 'locks', 'collect');
});

afterEach(() => rmSync(data, { recursive: true, force: true }));

/** Takes the lock and releases it. */
async function takeAndRelease(): Promise<void> {
  const lock = await takeLock(data, 'collect', patienceMs);
  expect(lock).not.toBeNull();
  await lock?.release();
}

/** Runs another process that takes the lock `many` times; it is killed when it reports time `killedAt`. */
async function hold(many: number, at: number, killedAt = Number.POSITIVE_INFINITY) {
  const child = spawn(process.execPath, [holder, data, String(many), String(at)]);
  let [inside, stderr] = [0, ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    inside += text.split('\n').length - 1;
    if (inside >= killedAt) child.kill('SIGKILL');
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<void>((resolve) => void child.on('close', () => resolve()));
  await ended;
  return { status: child.exitCode, diedOf: child.signalCode, inside, stderr };
}

/** Checks that another process gets the lock only after this one releases it. */
async function expectOthersWaitFor(lock: Lock | null): Promise<void> {
  expect(lock).not.toBeNull();
  let hasEnded = false;
  const other = hold(1, 1).finally(() => {
    hasEnded = true;
  });
  await untilTried(folder);
  expect(hasEnded).toBe(false);
  await lock?.release();
  expect(await other).toEqual({ status: 0, diedOf: null, inside: 1, stderr: '' });
}

function pathOf(pattern: RegExp): string {
  return join(folder, readdirSync(folder).find((name) => pattern.test(name)) ?? '');
}

describe('a lock', () => {
  test.each<[title: string, spoil: () => void]>([
    ['names no list of files', () => writeFileSync(join(folder, 'CURRENT'), '')],
    ['has garbage in CURRENT', () => writeFileSync(join(folder, 'CURRENT'), Buffer.alloc(40, 0x5a))],
    ['names a missing list of files', () => writeFileSync(join(folder, 'CURRENT'), 'MANIFEST-000099\n')],
    ['lacks its list of files', () => rmSync(pathOf(/^MANIFEST/))],
    ['has an empty list of files', () => truncateSync(pathOf(/^MANIFEST/), 0)],
    ['has garbage in its list of files', () => writeFileSync(pathOf(/^MANIFEST/), Buffer.alloc(50, 0x5a))],
    [
      'has a folder as its list of files',
      () => {
        const path = pathOf(/^MANIFEST/);
        rmSync(path);
        mkdirSync(path);
      },
    ],
    [
      'has nothing but its lock file',
      () => {
        for (const name of readdirSync(folder)) if (name !== 'LOCK') rmSync(join(folder, name));
      },
    ],
  ])('that %s can still be taken, with the same lock file', async (_title, spoil) => {
    await takeAndRelease();
    const { ino } = statSync(join(folder, 'LOCK'));
    spoil();
    const lock = await takeLock(data, 'collect', 0);
    await expectOthersWaitFor(lock);
    expect(statSync(join(folder, 'LOCK')).ino).toBe(ino);
    expect(readdirSync(join(data, 'locks'))).toEqual(['collect']);
    await takeAndRelease();
  });

  test('stays held when its own process requests it again', async () => {
    const lock = await takeLock(data, 'collect', 0);
    expect(await takeLock(data, 'collect', 20)).toBeNull();
    await expectOthersWaitFor(lock);
  });

  test('has one holder when damaged and requested several times at once', async () => {
    await takeAndRelease();
    for (let round = 0; round < 20; round += 1) {
      writeFileSync(join(folder, 'CURRENT'), '');
      const locks = await Promise.all([1, 2, 3].map(() => takeLock(data, 'collect', 0)));
      const held = locks.filter((lock) => lock !== null);
      expect(held.length).toBeLessThanOrEqual(1);
      for (const lock of held) await lock.release();
    }
  });

  test('has one holder while ten processes take it, damage it and die', async () => {
    const random = randomFrom(seed);
    let areHolding = true;
    const others = Promise.all(Array.from({ length: 6 }, (_, i) => hold(turns, i))).finally(() => {
      areHolding = false;
    });
    const killAgain = async (): Promise<void> => {
      do {
        const { status, stderr } = await hold(Number.MAX_SAFE_INTEGER, Math.floor(random() * 3), 1 + random() * 4);
        expect({ status, stderr }).toEqual({ status: null, stderr: '' });
      } while (areHolding);
    };
    await Promise.all([1, 2, 3, 4].map(killAgain));
    for (const end of await others) expect(end).toEqual({ status: 0, diedOf: null, inside: turns, stderr: '' });
    await takeAndRelease();
  });

  test.each<[title: string, spoil: () => void]>([
    ['is a file', () => writeFileSync(folder, '')],
    ['has a folder as its lock file', () => mkdirSync(join(folder, 'LOCK'), { recursive: true })],
    [
      'is inside a file',
      () => {
        rmSync(join(data, 'locks'), { recursive: true });
        writeFileSync(join(data, 'locks'), '');
      },
    ],
  ])('that %s fails at once and says why', async (_title, spoil) => {
    mkdirSync(join(data, 'locks'));
    spoil();
    // If it waited, the test would time out.
    await expect(takeLock(data, 'collect', Number.POSITIVE_INFINITY)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringMatching(/^cannot take the lock in .*\/locks\/collect: .*: move it away$/),
    });
  });

  test('can be taken whatever bits of its files are flipped or missing', async () => {
    const random = randomFrom(seed);
    await takeAndRelease();
    for (let round = 0; round < 150; round += 1) {
      const names = readdirSync(folder).filter((name) => name !== 'LOCK' && statSync(join(folder, name)).size > 0);
      const path = join(folder, names[Math.floor(random() * names.length)] ?? '');
      const bytes = readFileSync(path);
      const at = Math.floor(random() * bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      writeFileSync(path, random() < 0.3 ? bytes.subarray(0, at) : bytes);
      await takeAndRelease();
    }
  });
});
