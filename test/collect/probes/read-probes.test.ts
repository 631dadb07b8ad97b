// Probes that run: their environment, their bounds and their rights. The programs are scripts.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findUser } from '../../../src/collect/probes/find-user.js';
import { type ProbeLimits, readProbes } from '../../../src/collect/probes/read-probes.js';
import type { ProbeTarget } from '../../../src/model/policy/probe.js';
import { until } from '../../until.js';

const isRoot = process.getuid?.() === 0;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-probes-'));
  chmodSync(folder, 0o777);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const user = 'nobody';

/** The command of a script in the shell, with arguments. */
function script(text: string, ...args: string[]): ProbeTarget {
  const path = join(folder, 'probe');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return { kind: 'command', words: [path, ...args], user };
}

const file = (path: string, as = user): ProbeTarget => ({ kind: 'file', path, user: as });

async function read(target: ProbeTarget, limits?: ProbeLimits) {
  const [reading] = await readProbes([{ name: 'flows', target, checks: [] }], limits);
  return reading?.result;
}

/** Reads a probe whose own program ends, with more and more time for it. */
async function readInTime(target: ProbeTarget) {
  for (let timeoutMs = 500; ; timeoutMs *= 2) {
    const result = await read(target, { timeoutMs, outputBytes: 2 ** 16 });
    const isLate = JSON.stringify(result).includes('did not finish');
    if (!isLate || timeoutMs > 60_000) return result;
  }
}

const failure = (text: string | RegExp) => ({
  failure: typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text),
});

describe('a command', () => {
  test('gets its arguments without a shell, and gives numbers', async () => {
    const target = script('printf "arguments{first=\\"%s\\"} %d\\n" "$1" $#', '$(id)', '*');
    expect(await read(target)).toEqual([{ labels: [['first', '$(id)']], value: 2 }]);
  });

  test('gets PATH and LANG, an empty input, and the root folder, but no secret of the collector', async () => {
    process.env['LVS_STATS_SECRET'] = 'hidden';
    const seen = join(folder, 'seen');
    try {
      expect(await read(script(`{ env; pwd; wc -c; } >${seen}; echo 1`))).toEqual([{ labels: [], value: 1 }]);
    } finally {
      delete process.env['LVS_STATS_SECRET'];
    }
    const lines = readFileSync(seen, 'utf8').trim().split('\n');
    const own = lines.filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line));
    expect(own.map((line) => line.replace(/=.*/, '')).sort()).toEqual(['/', '0', 'LANG', 'PATH']);
    expect(lines).toContain('LANG=C');
  });

  test.each<readonly [what: string, text: string, says: string]>([
    ['an exit code', 'echo "no bridge" >&2; echo 5; exit 3', 'it ended with exit code 3: "no bridge"'],
    ['a signal', 'kill -9 $$', 'it was ended by SIGKILL'],
    ['no output', 'exit 0', 'it gave no number'],
    ['other output', 'echo none', 'line 1, "none": expected a number'],
    [
      'too much output',
      'while :; do echo "# 0123456789012345678901234567890123456789"; done',
      'it wrote more than 64 kB',
    ],
    ['too many errors', 'while :; do echo "# 0123456789012345678901234567890123456789" >&2; done', 'more than 64 kB'],
  ])('that ends with %s has failed', async (_, text, says) => {
    expect(await read(script(text))).toEqual(failure(says));
  });

  test('that is missing, or may not be run, has failed', async () => {
    const absent: ProbeTarget = { kind: 'command', words: [join(folder, 'absent')], user };
    expect(await read(absent)).toEqual(failure(/absent: there is no such program$/));
    const target = script('echo 1');
    chmodSync(join(folder, 'probe'), 0o644);
    expect(await read(target)).toEqual(failure('the user of the probe may not run it'));
  });

  test('that hangs is ended with all that it started, and the others are read', async () => {
    const started = join(folder, 'started');
    const hanging = script(`sh -c 'echo $$ >>${started}; trap "" TERM; sleep 600' & echo $$ >>${started}; wait`);
    const well: ProbeTarget = file('/proc/sys/kernel/pid_max');
    const readings = await readProbes(
      [
        { name: 'hangs', target: hanging, checks: [] },
        { name: 'runs', target: well, checks: [] },
      ],
      { timeoutMs: 1000, outputBytes: 2 ** 16 },
    );
    expect(readings.map(({ result }) => result)).toEqual([
      failure('it did not finish within 1 s and was ended'),
      [{ labels: [], value: Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8')) }],
    ]);
    await until('all of them have ended', () => pidsIn(started).length === 2 && !pidsIn(started).some(isRunning));
  });

  test('that ends while something in the background keeps its output open says so', async () => {
    const says =
      /it ended, but something that it started kept its output open for [\d.]+ s: redirect the output of what/;
    expect(await readInTime(script('sleep 600 & echo 1'))).toEqual(failure(says));
  });

  test('that ends at SIGTERM did not finish in time', async () => {
    const stubborn = script('trap "echo 1; exit 0" TERM; while :; do sleep 0.1; done');
    const limits = { timeoutMs: 1000, outputBytes: 2 ** 16 };
    expect(await read(stubborn, limits)).toEqual(failure('it did not finish within 1 s and was ended'));
  });

  test.skipIf(spawnSync('sh', ['-c', 'command -v setsid']).status !== 0)(
    '(needs setsid) that leaves its output to a program of another session says so, too',
    async () => {
      const started = join(folder, 'started');
      const target = script(
        `setsid sh -c 'echo $$ >>${started}; exec sleep 600' &\nwhile [ ! -s ${started} ]; do :; done; echo 1`,
      );
      try {
        expect(await readInTime(target)).toEqual(failure('kept its output open'));
      } finally {
        for (const pid of pidsIn(started)) process.kill(pid, 'SIGKILL');
      }
    },
  );

  test('that leaves a program in the background ends with it', async () => {
    const started = join(folder, 'started');
    const target = script(
      `sh -c 'echo $$ >>${started}; sleep 600' >/dev/null 2>&1 &\nwhile [ ! -s ${started} ]; do :; done; echo 4`,
    );
    expect(await read(target)).toEqual([{ labels: [], value: 4 }]);
    await until('all of them have ended', () => pidsIn(started).length === 1 && !pidsIn(started).some(isRunning));
  });
});

function pidsIn(path: string): readonly number[] {
  return readFileSync(path, 'utf8').trim().split('\n').map(Number);
}

/** A zombie has ended. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a file', () => {
  test('of /proc is read', async () => {
    expect(await read(file('/proc/sys/kernel/pid_max'))).toEqual([{ labels: [], value: expect.any(Number) }]);
  });

  test.each<readonly [what: string, path: () => string, says: string]>([
    ['a missing file', () => join(folder, 'none'), 'none: there is no such file'],
    ['a folder', () => folder, 'it is a folder, not a regular file'],
    ['a device', () => '/dev/zero', '/dev/zero: it is a device, not a regular file'],
    [
      'a pipe',
      () => {
        spawnSync('mkfifo', [join(folder, 'pipe')]);
        return join(folder, 'pipe');
      },
      'it is a pipe, not a regular file',
    ],
    ['several numbers', () => '/proc/loadavg', 'line 1, "'],
    [
      'a large file',
      () => {
        writeFileSync(join(folder, 'large'), '#'.repeat(2 ** 16 + 1));
        return join(folder, 'large');
      },
      'it wrote more than 64 kB',
    ],
  ])('%s is refused', async (_, path, says) => {
    expect(await read(file(path()))).toEqual(failure(says));
  });
});

describe('a user', () => {
  test('is found in /etc/passwd, or given by ids', () => {
    const passwd = join(folder, 'passwd');
    writeFileSync(
      passwd,
      'root:x:0:0::/root:/bin/sh\novs:x:1201:1301::/:/bin/false\nadmin:x:0:5::/:/bin/sh\nodd:x:::\n',
    );
    expect(findUser('ovs', passwd)).toEqual({ uid: 1201, gid: 1301 });
    expect(findUser('7:8', passwd)).toEqual({ uid: 7, gid: 8 });
    expect(() => findUser('admin', passwd)).toThrow('the user admin has rights of root, which a probe never has');
    expect(() => findUser('0:5', passwd)).toThrow('which a probe never has');
    for (const none of ['ov', 'odd', 'o.s'])
      expect(() => findUser(none, passwd)).toThrow(`there is no user ${none} in`);
    expect(() => findUser('ovs', join(folder, 'none'))).toThrow('cannot read');
  });

  describe.skipIf(!isRoot)('(needs root) takes the rights of root from', () => {
    test('a command: its ids, its groups and its capabilities', async () => {
      const seen = join(folder, 'seen');
      const target = script(`grep -E '^(Uid|Gid|Groups|CapPrm|CapEff|CapAmb):' /proc/self/status >${seen}; echo 1`);
      expect(await read({ ...target, user: '1234:5678' })).toEqual([{ labels: [], value: 1 }]);
      const lines = readFileSync(seen, 'utf8').trim().split(/\s*\n/);
      const none = '0000000000000000';
      expect(lines).toEqual([
        'Uid:\t1234\t1234\t1234\t1234',
        'Gid:\t5678\t5678\t5678\t5678',
        'Groups:',
        `CapPrm:\t${none}`,
        `CapEff:\t${none}`,
        `CapAmb:\t${none}`,
      ]);
    });

    test('a file that only root may read', async () => {
      const path = join(folder, 'secret');
      writeFileSync(path, '5');
      chmodSync(path, 0o600);
      expect(await read(file(path))).toEqual(failure(/it ended with exit code 1: "cat: .*secret: Permission denied"/));
      chmodSync(path, 0o604);
      expect(await read(file(path))).toEqual([{ labels: [], value: 5 }]);
    });

    test('a probe whose user does not exist: it does not run at all', async () => {
      const target = script('echo 1');
      expect(await read({ ...target, user: 'no.such.user' })).toEqual(failure('there is no user no.such.user'));
    });
  });
});
