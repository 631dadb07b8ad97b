import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { usualLimits } from '../../src/collect/ipvsadm.js';
import type { IpvsadmCommand } from '../../src/collect/locate-ipvsadm.js';
import { readSnapshot } from '../../src/collect/read-snapshot.js';
import { patienceMs } from '../until.js';
import { capture, fixturePath } from './capture.js';
import { fake, printing } from './fake-ipvsadm.js';

const root = mkdtempSync(join(tmpdir(), 'read-'));
afterAll(() => rmSync(root, { recursive: true }));

const procRoot = join(root, 'proc');
mkdirSync(join(procRoot, 'net'), { recursive: true });
mkdirSync(join(procRoot, 'sys/kernel/random'), { recursive: true });
writeFileSync(join(procRoot, 'uptime'), '1000.50 1.00\n');
writeFileSync(join(procRoot, 'sys/kernel/random/boot_id'), 'boot-1\n');

const whole = ['zoo/027-stats-exact.txt', 'zoo/025-list.txt'] as const;

const limits = { ...usualLimits, timeoutMs: patienceMs };

function request(ipvsadm: IpvsadmCommand) {
  return { ipvsadm, procRoot, nowS: () => 1_700_000_000.9, isComplete: () => true, pauseMs: 1, limits };
}

/** A command that prints the pairs one after the other; and how often it was asked. */
function inTurn(name: string, ...pairs: readonly (readonly [stats: string, table: string])[]) {
  const dir = join(root, name);
  mkdirSync(dir);
  for (const [index, [stats, table]] of pairs.entries()) {
    writeFileSync(join(dir, `${index + 1}.stats`), stats, 'latin1');
    writeFileSync(join(dir, `${index + 1}.table`), table, 'latin1');
  }
  const calls = () => ['stats', 'table'].map((kind) => Number(readFileSync(join(dir, `calls.${kind}`), 'utf8')));
  return { command: fake('prints-in-turn', dir), calls };
}

const [stats, table] = [capture(whole[0]), capture(whole[1])];
const withoutLastLine = (text: string) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1);

describe('readSnapshot', () => {
  test('gives the table with the second its reading began, and the texts', async () => {
    const reading = await readSnapshot(request(printing(...whole)));
    expect(reading.snapshot.timeS).toBe(1_700_000_000);
    expect(reading.snapshot.services).toHaveLength(86);
    expect(reading.raw).toEqual({ statsText: stats, tableText: table });
    expect(reading).toMatchObject({ incomplete: [], isSecond: false });
  });

  test('an empty table is a result', async () => {
    const reading = await readSnapshot(request(printing('empty/003-stats-exact.txt', 'empty/001-list.txt')));
    expect(reading.snapshot.services).toEqual([]);
  });

  test("knows the uptime of this machine, and its boot only where the table is this machine's", async () => {
    const reading = await readSnapshot(request(printing(...whole)));
    expect(reading.snapshot.host).toEqual({ uptimeS: 1000, bootId: null });
    writeFileSync(join(procRoot, 'net/ip_vs'), '');
    const local = await readSnapshot(request({ ...printing(...whole), isLocal: true }));
    expect(local.snapshot.host).toEqual({ uptimeS: 1000, bootId: 'boot-1' });
    rmSync(join(procRoot, 'net/ip_vs'));
  });

  /** A tree of /proc with what a kernel counted, for an ipvsadm that is taken for the local one. */
  function local(name: string) {
    const kernelRoot = join(root, name);
    cpSync(fixturePath('proc/traffic'), kernelRoot, { recursive: true });
    return { ...request({ ...printing(...whole), isLocal: true }), procRoot: kernelRoot };
  }

  test('tells what the kernel counts beside the table, of this machine only', async () => {
    const { snapshot } = await readSnapshot(local('kernel'));
    expect(snapshot.kernel).toMatchObject({ tableSize: 4096, laterTotals: null, syncDaemons: null });
    const elsewhere = await readSnapshot({ ...local('elsewhere'), ipvsadm: printing(...whole) });
    expect(elsewhere.snapshot.kernel).toBeUndefined();
  });

  test('reads the totals once more, after a refresh, where counters may be frozen', async () => {
    const asked = local('frozen');
    const { kernel } = (await readSnapshot({ ...asked, mayBeFrozen: () => true, refreshMs: 10 })).snapshot;
    expect(kernel?.totals).not.toBeNull();
    expect(kernel?.laterTotals).toEqual(kernel?.totals);
    const before = await readSnapshot({ ...asked, mayBeFrozen: () => false });
    expect(before.snapshot.kernel?.laterTotals).toBeNull();
  });

  test('does not run the local ipvsadm while the module is not loaded', async () => {
    const { command, calls } = inTurn('unloaded', [stats, table]);
    await expect(readSnapshot(request({ ...command, isLocal: true }))).rejects.toMatchObject({
      code: 'module-not-loaded',
      message: expect.stringContaining('there is no'),
    });
    expect(calls).toThrow('ENOENT');
  });

  test.each([
    ['has an entry in the counters only', [stats, withoutLastLine(table)]],
    ['has an entry in the table only', [withoutLastLine(stats), table]],
    ['has a virtual server twice', [`${stats}FWM  7 IPv6 1 2 3 4 5\n`, table]],
    ['has a real server twice', [stats, `${table}  -> 10.1.0.1:0 Masq 1 0 0\n  -> 10.1.0.1:0 Masq 1 0 0\n`]],
  ] as const)('reads again when the listing %s, and believes the second', async (title, torn) => {
    const { command, calls } = inTurn(title, torn, [stats, table]);
    const reading = await readSnapshot(request(command));
    expect(reading).toMatchObject({ incomplete: [], isSecond: true });
    expect(reading.raw.statsText).toBe(stats);
    expect(reading.snapshot.services).toHaveLength(86);
    expect(calls()).toEqual([2, 2]);
  });

  test('reads again when the caller misses something, with the time of the second reading', async () => {
    const { command, calls } = inTurn('missing', [withoutLastLine(stats), withoutLastLine(table)], [stats, table]);
    let nowS = 100;
    const reading = await readSnapshot({
      ...request(command),
      nowS: () => nowS++,
      isComplete: ({ services }) => services.length === 86,
    });
    expect(reading.snapshot.timeS).toBe(101);
    expect(reading.isSecond).toBe(true);
    expect(calls()).toEqual([2, 2]);
  });

  test('believes the second reading, as little as it may have, and says what it left out', async () => {
    const torn = [stats, withoutLastLine(table)] as const;
    const { command, calls } = inTurn('torn', torn, torn, [stats, table]);
    const reading = await readSnapshot({ ...request(command), isComplete: () => false });
    expect(reading.incomplete).toEqual(['fwm6_7 (counters only)']);
    expect(reading.snapshot.services).toHaveLength(85);
    expect(calls()).toEqual([2, 2]);
  });

  test('a listing that has an entry twice both times is an error', async () => {
    const twice = [`${stats}FWM  7 IPv6 1 2 3 4 5\n`, table] as const;
    const { command } = inTurn('twice', twice, twice);
    await expect(readSnapshot(request(command))).rejects.toMatchObject({ code: 'duplicate' });
  });

  test('a line that is not understood is an error at once', async () => {
    const { command, calls } = inTurn('bad', [stats, `${table}??\n`], [stats, table]);
    const unreadable: unknown[] = [];
    const onUnreadable = (...texts: unknown[]) => unreadable.push(texts);
    await expect(readSnapshot({ ...request(command), onUnreadable })).rejects.toMatchObject({
      code: 'bad-line',
      message: expect.stringContaining(`line 276 of "${command.file}`),
    });
    expect(calls()).toEqual([1, 1]);
    expect(unreadable).toEqual([[1_700_000_000, { statsText: stats, tableText: `${table}??\n` }]]);
  });

  test('a torn listing of a real rebuild is refused, and the next one read', async () => {
    const quiet = capture('race/001-quiet-stats-exact.txt');
    const quietTable = quiet
      .replace(/^Prot.*$/m, 'Prot LocalAddress:Port Scheduler Flags')
      .replace(/RemoteAddress:Port$/m, 'RemoteAddress:Port           Forward Weight ActiveConn InActConn')
      .replaceAll(/^(TCP .*?:80).*$/gm, '$1 rr')
      .replaceAll(/^( {2}-> .*?:80).*$/gm, '$1 Masq 1 0 0');
    const { command } = inTurn('race', [capture('race/002-odd-1-exit-0-1-bare.txt'), quietTable], [quiet, quietTable]);
    const reading = await readSnapshot(request(command));
    expect(reading).toMatchObject({ incomplete: [], isSecond: true });
    expect(reading.snapshot.services.flatMap(({ realServers }) => realServers)).toHaveLength(2500);
  });

  test('runs a program found at the place of ipvsadm', async () => {
    const file = join(root, 'ipvsadm');
    copyFileSync(fixturePath('bin/fails'), file);
    await expect(readSnapshot(request({ file, args: ['1', '/dev/null'], isLocal: false }))).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining(`"${file} 1 /dev/null -L -n --stats --exact" failed with exit status 1`),
    });
  });
});
