import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { usualLimits } from '../../../src/collect/ipvs/ipvsadm.js';
import type { RawListings } from '../../../src/collect/ipvs/join.js';
import type { IpvsadmCommand } from '../../../src/collect/ipvs/locate-ipvsadm.js';
import { readSnapshot } from '../../../src/collect/ipvs/read-snapshot.js';
import { serviceName } from '../../../src/model/names/name.js';
import { patienceMs } from '../../until.js';
import { capture, fixturePath, latin1 } from '../capture.js';
import { fake, printing } from '../fake-ipvsadm.js';

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

/** A command that prints the pairs in turn, and the number of its calls. */
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
  test('returns the table, the second at which its reading began, and the texts', async () => {
    const reading = await readSnapshot(request(printing(...whole)));
    expect(reading.snapshot.timeS).toBe(1_700_000_000);
    expect(reading.snapshot.services).toHaveLength(86);
    expect(latin1(reading.raw.statsText)).toBe(stats);
    expect(latin1(reading.raw.tableText)).toBe(table);
    expect(reading).toMatchObject({ notes: [], isSecond: false });
  });

  test('accepts an empty table', async () => {
    const reading = await readSnapshot(request(printing('empty/003-stats-exact.txt', 'empty/001-list.txt')));
    expect(reading.snapshot.services).toEqual([]);
  });

  test('returns the uptime of this machine, and its boot only for a local table', async () => {
    const reading = await readSnapshot(request(printing(...whole)));
    expect(reading.snapshot.host).toEqual({ uptimeS: 1000, bootId: null });
    writeFileSync(join(procRoot, 'net/ip_vs'), '');
    const local = await readSnapshot(request({ ...printing(...whole), isLocal: true }));
    expect(local.snapshot.host).toEqual({ uptimeS: 1000, bootId: 'boot-1' });
    rmSync(join(procRoot, 'net/ip_vs'));
  });

  /** A request with a tree of /proc and an ipvsadm that counts as local. */
  function local(name: string) {
    const kernelRoot = join(root, name);
    cpSync(fixturePath('proc/traffic'), kernelRoot, { recursive: true });
    return { ...request({ ...printing(...whole), isLocal: true }), procRoot: kernelRoot };
  }

  test("returns the kernel's counters only for a local table", async () => {
    const { snapshot } = await readSnapshot(local('kernel'));
    expect(snapshot.kernel).toMatchObject({ tableSize: 4096, laterTotals: null, syncDaemons: null });
    const elsewhere = await readSnapshot({ ...local('elsewhere'), ipvsadm: printing(...whole) });
    expect(elsewhere.snapshot.kernel).toBeUndefined();
  });

  test('reads the totals again after a refresh if counters may be frozen', async () => {
    const asked = local('frozen');
    const { kernel } = (await readSnapshot({ ...asked, mayBeFrozen: () => true, refreshMs: 10 })).snapshot;
    expect(kernel?.totals).not.toBeNull();
    expect(kernel?.laterTotals).toEqual(kernel?.totals);
    const before = await readSnapshot({ ...asked, mayBeFrozen: () => false });
    expect(before.snapshot.kernel?.laterTotals).toBeNull();
  });

  test('reads again after a refresh if counters may hide a restart, and keeps the earlier counters', async () => {
    const asked = { ...local('hidden'), refreshMs: 10 };
    const once = await readSnapshot({ ...asked, mayHideRestart: () => false });
    expect([once.isSecond, once.snapshot.kernel?.earlier]).toEqual([false, undefined]);
    const { isSecond, snapshot } = await readSnapshot({ ...asked, mayHideRestart: () => true });
    const { totals, processors } = once.snapshot.kernel ?? {};
    expect(isSecond).toBe(true);
    expect(snapshot.kernel?.earlier).toEqual({ totals, processors });
  });

  test('keeps the reading before the refresh if the one after it is torn', async () => {
    const { command } = inTurn('torn-after-refresh', [stats, table], [stats, withoutLastLine(table)]);
    const asked = { ...local('torn-later'), ipvsadm: { ...command, isLocal: true }, refreshMs: 10 };
    const reading = await readSnapshot({ ...asked, mayHideRestart: () => true });
    expect(reading).toMatchObject({ notes: [], isSecond: false, isTorn: false });
    expect(reading.snapshot.kernel?.earlier).toBeUndefined();
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
    ['has an entry only in the counters', [stats, withoutLastLine(table)]],
    ['has an entry only in the table', [withoutLastLine(stats), table]],
    ['has a service twice', [`${stats}FWM  7 IPv6 1 2 3 4 5\n`, table]],
    ['has a real server twice', [stats, `${table}  -> 10.1.0.1:0 Masq 1 0 0\n  -> 10.1.0.1:0 Masq 1 0 0\n`]],
  ] as const)('reads again if the listing %s, and uses the second reading', async (title, torn) => {
    const { command, calls } = inTurn(title, torn, [stats, table]);
    const reading = await readSnapshot(request(command));
    expect(reading).toMatchObject({ notes: [], isSecond: true, snapshot: { isAbsenceSure: true } });
    expect(latin1(reading.raw.statsText)).toBe(stats);
    expect(reading.snapshot.services).toHaveLength(86);
    expect(calls()).toEqual([2, 2]);
  });

  test('reads again if the caller finds the table incomplete, with the time of the second reading', async () => {
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

  test('uses an incomplete second reading and reports the omitted entries', async () => {
    const torn = [stats, withoutLastLine(table)] as const;
    const { command, calls } = inTurn('torn', torn, torn, [stats, table]);
    const reading = await readSnapshot({ ...request(command), isComplete: () => false });
    expect(reading.notes).toMatchObject([{ kind: 'torn', entry: 'fwm6_7' }]);
    expect(reading.snapshot.isAbsenceSure).toBe(false);
    expect(reading.snapshot.unread).toEqual(new Set(['fwm6_7']));
    expect(reading.snapshot.services).toHaveLength(85);
    expect(calls()).toEqual([2, 2]);
  });

  test('counts an entry once if both readings repeat it and its lines agree', async () => {
    const twice = [`${stats}FWM  7 IPv6 1 2 3 4 5\n`, table] as const;
    const { command, calls } = inTurn('twice', twice, twice);
    const { snapshot, notes } = await readSnapshot(request(command));
    expect(snapshot.services).toHaveLength(86);
    expect(snapshot.isAbsenceSure).toBe(false);
    expect(notes).toMatchObject([{ kind: 'remark', entry: 'fwm6_7' }]);
    expect(calls()).toEqual([2, 2]);
  });

  test('leaves an entry unread if its lines contradict each other in both readings', async () => {
    const twice = [stats, `${table}FWM  7 IPv6 wlc\n`] as const;
    const { snapshot, notes } = await readSnapshot(request(inTurn('contradicts', twice, twice).command));
    expect(snapshot.services).toHaveLength(85);
    expect(snapshot.unread).toEqual(new Set(['fwm6_7']));
    expect(notes).toMatchObject([{ kind: 'refused', entry: 'fwm6_7' }]);
  });

  test('uses the less torn of two torn readings', async () => {
    const once = [`${stats}FWM  7 IPv6 1 2 3 4 5\n`, table] as const;
    const more = [`${stats}FWM  7 IPv6 1 2 3 4 5\nFWM  8 1 2 3 4 5\n`, table] as const;
    for (const [name, first, second] of [
      ['fewer-first', once, more],
      ['fewer-last', more, once],
    ] as const) {
      const reading = await readSnapshot(request(inTurn(name, first, second).command));
      expect([reading.notes.length, reading.snapshot.isAbsenceSure]).toEqual([1, false]);
    }
  });

  test('keeps a torn reading with a remark if the second fails', async () => {
    const once = [`${stats}FWM  7 IPv6 1 2 3 4 5\n`, table] as const;
    const { command } = inTurn('fails-then', once, [stats.slice(0, -9), table]);
    const { snapshot, notes } = await readSnapshot(request(command));
    expect(snapshot.services).toHaveLength(86);
    expect(notes.at(-1)?.text).toMatch(/^the table was read again, being torn, and that failed: .* is cut off/);
  });

  const churn = [capture('churn/1800200037.stats.txt'), capture('churn/1800200037.table.txt')] as const;
  const wholeTable = churn[1].replace(
    /^TCP +10.9.0.168:80/m,
    'TCP  10.9.0.167:80 rr\n  -> 10.1.0.11:80 Masq 1 7 0\n$&',
  );

  test('omits only the repeated and missing services of a table that changes constantly', async () => {
    const { snapshot, notes } = await readSnapshot(request(inTurn('churn', churn, churn).command));
    expect(snapshot.isAbsenceSure).toBe(false);
    expect(snapshot.services).toHaveLength(996);
    expect(snapshot.services.every(({ realServers, lacks }) => realServers.length === 2 && lacks === undefined)).toBe(
      true,
    );
    expect(notes.map(({ kind, entry }) => `${kind} ${entry}`)).toEqual([
      'remark 10.9.0.167_80',
      'remark 10.9.2.233_80',
      'remark 10.9.2.195_80',
      'remark 10.9.3.225_80',
      'torn 10.9.0.167_80',
      'torn 10.9.3.204_80',
      'torn 10.9.0.113_80',
      'torn 10.9.0.188_80',
    ]);
  });

  test('completes a service that the second reading repeats and lacks from the first', async () => {
    const { command } = inTurn('completed', [churn[0], wholeTable], churn);
    const { snapshot, notes } = await readSnapshot({ ...request(command), isComplete: () => false });
    const found = snapshot.services.filter(({ id }) => serviceName(id) === '10.9.0.167_80');
    expect(found).toMatchObject([{ scheduler: 'rr', lacks: 'named', realServers: [{ activeConn: 7 }] }]);
    expect(snapshot.isAbsenceSure).toBe(false);
    expect(
      notes.filter(({ entry }) => entry.startsWith('10.9.0.167_80')).map(({ kind, entry }) => `${kind} ${entry}`),
    ).toEqual(['remark 10.9.0.167_80', 'torn 10.9.0.167_80/10.1.0.12_80', 'remark 10.9.0.167_80']);
  });

  test('omits the entry of an invalid line without a second reading', async () => {
    const { command, calls } = inTurn('bad', [stats, `${table}??\n`], [stats, table]);
    const { snapshot, notes } = await readSnapshot(request(command));
    expect(snapshot.services).toHaveLength(86);
    expect(snapshot).toMatchObject({ isAbsenceSure: false });
    expect(notes).toMatchObject([{ entry: '"??"', text: expect.stringContaining(`line 276 of "${command.file}`) }]);
    expect(calls()).toEqual([1, 1]);
  });

  test('rejects a truncated listing at once and passes on its texts', async () => {
    const cut = [stats, table.slice(0, -5)] as const;
    const { command, calls } = inTurn('cut', cut, [stats, table]);
    const unreadable: unknown[] = [];
    const onUnreadable = (timeS: number, { statsText, tableText }: RawListings) =>
      unreadable.push([timeS, { statsText: latin1(statsText), tableText: latin1(tableText) }]);
    await expect(readSnapshot({ ...request(command), onUnreadable })).rejects.toMatchObject({ code: 'cut-off' });
    expect(calls()).toEqual([1, 1]);
    expect(unreadable).toEqual([[1_700_000_000, { statsText: stats, tableText: cut[1] }]]);
  });

  test('reads again after the torn listing of a real rebuild', async () => {
    const quiet = capture('race/001-quiet-stats-exact.txt');
    const quietTable = quiet
      .replace(/^Prot.*$/m, 'Prot LocalAddress:Port Scheduler Flags')
      .replace(/RemoteAddress:Port$/m, 'RemoteAddress:Port           Forward Weight ActiveConn InActConn')
      .replaceAll(/^(TCP .*?:80).*$/gm, '$1 rr')
      .replaceAll(/^( {2}-> .*?:80).*$/gm, '$1 Masq 1 0 0');
    const { command } = inTurn('race', [capture('race/002-odd-1-exit-0-1-bare.txt'), quietTable], [quiet, quietTable]);
    const reading = await readSnapshot(request(command));
    expect(reading).toMatchObject({ notes: [], isSecond: true });
    expect(reading.snapshot.services.flatMap(({ realServers }) => realServers)).toHaveLength(2500);
  });

  test('runs the program found as ipvsadm', async () => {
    const file = join(root, 'ipvsadm');
    copyFileSync(fixturePath('bin/fails'), file);
    await expect(readSnapshot(request({ file, args: ['1', '/dev/null'], isLocal: false }))).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining(`"${file} 1 /dev/null -L -n --stats --exact" failed with exit status 1`),
    });
  });
});
