import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { until } from '../until.js';
import { fetchRows, listArchives, listEvents, rowAt } from './answers.js';
import { filesBelow, run, scratch, start } from './program.js';
import { evenPair, recordPair, recordSequence, sequenceSteps, statsPath, tablePath } from './recordings.js';

const newFolder = scratch();

/** A step's boundary, so that each reading closes the row of its own time. */
const startS = 1_700_000_100;
const timeOf = (step: string): number => startS + 300 * sequenceSteps.findIndex((name) => name.endsWith(step));

async function replaySequence(): Promise<{ data: string; record: string }> {
  const [data, record] = [newFolder(), newFolder('record')];
  recordSequence(record, startS);
  expect(await run(['replay', record, '--data', data])).toEqual({
    status: 0,
    stdout: '24 stored, 0 skipped (not newer than the last reading), 0 failed\n',
    stderr: '',
  });
  return { data, record };
}

describe('replay of the captured sequence', async () => {
  const { data, record } = await replaySequence();

  test('gives the rates of the counters', async () => {
    const rows = await fetchRows(
      data,
      '10.9.1.1:80',
      '--start',
      String(startS),
      '--end',
      String(timeOf('047-traffic')),
    );
    // 2 connections, 11 packets in, 10 out, 702 bytes in, 2730 out in the first 300 s; 2 inactive connections at their end.
    expect(rowAt(rows, timeOf('003-traffic'))).toEqual({
      ActiveConn: 0,
      InActConn: 2,
      Conns: 2 / 300,
      InPkts: 11 / 300,
      OutPkts: 10 / 300,
      InBytes: 702 / 300,
      OutBytes: 2730 / 300,
    });
    expect(rowAt(rows, timeOf('005-more-traffic'))).toMatchObject({ Conns: 10 / 300, InBytes: (4368 - 702) / 300 });
    expect(rowAt(rows, timeOf('007-no-traffic'))).toMatchObject({ Conns: 0, OutBytes: 0, InActConn: 12 });
  });

  test('gives no rate if the counters restarted: after -Z, delete and re-add, and restore', async () => {
    const rows = await fetchRows(
      data,
      '10.9.1.1_80',
      '--start',
      String(startS),
      '--end',
      String(timeOf('047-traffic')),
    );
    const unknown = { Conns: null, InPkts: null, OutPkts: null, InBytes: null, OutBytes: null };
    const restarts = ['009-zeroed-all', '013-zeroed-one-service', '017-service-deleted', '019-service-readded-bare'];
    for (const step of [...restarts, '043-cleared', '045-restored'])
      expect(rowAt(rows, timeOf(step)), step).toMatchObject(unknown);
    expect(rowAt(rows, timeOf('011-traffic'))).toMatchObject({ Conns: 3 / 300 });
    const other = await fetchRows(
      data,
      '10.9.1.2_80',
      '--start',
      String(startS),
      '--end',
      String(timeOf('047-traffic')),
    );
    expect(rowAt(other, timeOf('013-zeroed-one-service'))).toMatchObject({ Conns: 0, InPkts: 0 });
  });

  test('sums up the services for the director', async () => {
    const rows = await fetchRows(data, 'all', '--start', String(startS), '--end', String(timeOf('047-traffic')));
    expect(rowAt(rows, timeOf('003-traffic'))).toMatchObject({ InActConn: 12, Conns: 12 / 300, InPkts: 47 / 300 });
    expect(rowAt(rows, timeOf('009-zeroed-all'))).toMatchObject({ Conns: null, OutBytes: null });
  });

  test('records each change with its time and cause', async () => {
    const events = (await listEvents(data, '10.9.1.1:80')).map(({ time, kind, realServer, from, to, cause }) =>
      [sequenceSteps[(time - startS) / 300], kind, realServer, from, to, cause]
        .filter((part) => part !== undefined)
        .join(' '),
    );
    expect(events).toEqual([
      '001-start appeared',
      '009-zeroed-all counters-reset table-cleared-or-zeroed',
      '013-zeroed-one-service counters-reset re-added-or-zeroed',
      '019-service-readded-bare counters-reset service-re-added',
      '019-service-readded-bare real-server-removed 10.1.0.11_80 Masq, weight 1',
      '019-service-readded-bare real-server-removed 10.1.0.12_80 Masq, weight 1',
      '019-service-readded-bare finding-opened service-without-server',
      '021-real-servers-readded counters-reset 10.1.0.11_80 real-server-re-added',
      '021-real-servers-readded counters-reset 10.1.0.12_80 real-server-re-added',
      '021-real-servers-readded real-server-added 10.1.0.11_80 Masq, weight 1',
      '021-real-servers-readded real-server-added 10.1.0.12_80 Masq, weight 1',
      '021-real-servers-readded finding-closed service-without-server',
      '027-real-server-removed real-server-removed 10.1.0.12_80 Masq, weight 1',
      '029-traffic finding-opened server-left',
      '031-real-server-readded real-server-added 10.1.0.12_80 Masq, weight 1',
      '033-traffic finding-closed server-left',
      '035-real-server-weight-0 weight-changed 10.1.0.12_80 1 0',
      '037-traffic finding-opened server-drained',
      '039-service-edited scheduler-changed rr wlc',
      '039-service-edited flags-changed  persistent 60',
      '041-real-server-edited weight-changed 10.1.0.12_80 0 5',
      '041-real-server-edited forwarding-changed 10.1.0.12_80 Masq Route',
      '043-cleared finding-closed server-drained',
      '045-restored counters-reset table-cleared',
      '045-restored forwarding-changed 10.1.0.12_80 Route Masq',
    ]);
    const ofDirector = await listEvents(data, 'all');
    const resets = ofDirector.filter(({ kind }) => kind === 'counters-reset');
    expect(resets.map(({ time, cause }) => [time, cause])).toEqual([
      [timeOf('009-zeroed-all'), 'table-cleared-or-zeroed'],
      [timeOf('045-restored'), 'table-cleared'],
    ]);
  });

  test('skips everything the second time, and succeeds', async () => {
    const before = [await listArchives(data), await listEvents(data), await fetchRows(data, 'all')];
    expect(await run(['replay', record, '--data', data])).toEqual({
      status: 0,
      stdout: '0 stored, 24 skipped (not newer than the last reading), 0 failed\n',
      stderr: '',
    });
    expect([await listArchives(data), await listEvents(data), await fetchRows(data, 'all')]).toEqual(before);
  });
});

describe('replay', () => {
  test('resumes after an interruption, with the same rows', async () => {
    const [record, whole] = [newFolder('record'), newFolder()];
    for (let n = 0; n < 1500; n += 1) recordPair(record, startS + n * 300, evenPair(6, n));
    const data = await interruptedReplay(record);
    const again = await run(['replay', record, '--data', data]);
    expect(again).toMatchObject({ status: 0, stderr: '' });
    const [, stored, skipped] = /^(\d+) stored, (\d+) skipped/.exec(again.stdout) ?? [];
    expect(Number(stored) + Number(skipped)).toBe(1500);
    await run(['replay', record, '--data', whole]);
    expect(await listArchives(data)).toEqual(await listArchives(whole));
    for (const name of ['all', '192.0.2.3_80', '192.0.2.6_80/10.0.0.6_8080']) {
      const span = ['--start', String(startS)];
      expect(await fetchRows(data, name, ...span)).toEqual(await fetchRows(whole, name, ...span));
    }
  });

  test('names the file of a truncated pair, stores the others, and fails', async () => {
    const [record, data] = [newFolder('record'), newFolder()];
    for (let n = 0; n < 5; n += 1) recordPair(record, startS + n * 300, evenPair(2, n));
    const bad = evenPair(2, 2);
    recordPair(record, startS + 600, { ...bad, stats: bad.stats.slice(0, -1) });
    const ended = await run(['replay', record, '--data', data]);
    expect(ended).toMatchObject({ status: 1, stdout: expect.stringContaining('4 stored, 0 skipped') });
    expect(ended.stderr).toContain(`${statsPath(record, startS + 600)} is cut off: its last line`);
    const events = (await listEvents(data, 'all')).map(({ time, kind }) => [time, kind]);
    expect(events).toEqual([
      [startS + 600, 'cycle-failed'],
      [startS + 900, 'cycle-resumed'],
    ]);
    const rows = await fetchRows(data, '192.0.2.2_80', '--start', String(startS), '--end', String(startS + 1200));
    // The counters grew from 2 to 6 connections over the two steps around the bad pair.
    expect(rowAt(rows, startS + 600)).toMatchObject({ Conns: 2 / 300 });
    expect(rowAt(rows, startS + 900)).toMatchObject({ Conns: 2 / 300 });
  });

  test.each([
    ['an empty listing', '', /gave nothing at all, not even the header/],
    ['a missing listing', null, /is left out: there is no \d+\.table\.txt beside it/],
  ])('counts %s as a failed cycle, not as a missed one or an empty table', async (_, text, says) => {
    const [record, data] = [newFolder('record'), newFolder()];
    for (let n = 0; n < 6; n += 1) recordPair(record, startS + n * 300, evenPair(1, n));
    for (const n of [1, 2, 3, 4]) {
      if (text === null) rmSync(tablePath(record, startS + n * 300));
      else writeFileSync(tablePath(record, startS + n * 300), text);
    }
    const ended = await run(['replay', record, '--data', data]);
    expect(ended).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('2 stored, 0 skipped (not newer than the last reading), 4 failed'),
    });
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(4);
    expect((await listEvents(data)).map(({ archive, kind }) => `${archive} ${kind}`)).toEqual([
      '192.0.2.1_80 appeared',
      'all cycle-failed',
      'all cycle-resumed',
    ]);
  });

  test('names the entry of a bad line when it first occurs, and stores everything else', async () => {
    const [record, data] = [newFolder('record'), newFolder()];
    for (let n = 0; n < 5; n += 1) {
      const { stats, table } = evenPair(3, n);
      const isBad = n === 2 || n === 3;
      recordPair(record, startS + n * 300, {
        stats: isBad ? stats.replace(/^(TCP {2}192.0.2.2:80 )\d+/m, '$1four') : stats,
        table: table.replaceAll('\n', '\r\n'),
      });
    }
    const ended = await run(['replay', record, '--data', data]);
    expect(ended).toMatchObject({
      status: 0,
      stdout: '5 stored, 0 skipped (not newer than the last reading), 0 failed; 2 of them left entries out\n',
    });
    expect(ended.stderr).toBe(
      `lvs-stats: 192.0.2.2_80 is left out with the real server below it: line 6 of ${statsPath(record, startS + 600)}, ` +
        '"TCP  192.0.2.2:80 four 20 16 4000 36000": expected a whole number, found "four"\n',
    );
    const events = (await listEvents(data)).filter(({ kind }) => kind !== 'appeared' && kind !== 'sum-incomplete');
    expect(events.map(({ archive, time, kind }) => [archive, (time - startS) / 300, kind])).toEqual([
      ['all', 2, 'entries-left-out'],
      ['all', 4, 'entries-read-again'],
    ]);
    const rows = await fetchRows(data, '192.0.2.3_80', '--start', String(startS), '--end', String(startS + 1200));
    for (const n of [1, 2, 3, 4]) expect(rowAt(rows, startS + n * 300)).toMatchObject({ Conns: 3 / 300 });
  });

  test('keeps the name of an unknown forwarding method', async () => {
    const [record, data] = [newFolder('record'), newFolder()];
    for (let n = 0; n < 2; n += 1) {
      const { stats, table } = evenPair(2, n);
      recordPair(record, startS + n * 300, { stats, table: table.replace('Masq', 'FullNat') });
    }
    expect(await run(['replay', record, '--data', data])).toMatchObject({ status: 0, stderr: '' });
    const archives = (await listArchives(data)) as readonly { name: string; forwarding?: string }[];
    expect(archives.find(({ name }) => name === '192.0.2.1_80/10.0.0.1_8080')).toMatchObject({ forwarding: 'FullNat' });
  });

  test('reports half a pair, stores whole ones, and fails', async () => {
    const [record, data] = [newFolder('record'), newFolder()];
    for (const n of [0, 1]) recordPair(record, startS + n * 300, evenPair(1, n));
    rmSync(tablePath(record, startS));
    writeFileSync(join(record, 'notes.txt'), 'not a listing');
    const ended = await run(['replay', record, '--data', data]);
    expect(ended).toMatchObject({ status: 1, stdout: expect.stringContaining('1 stored') });
    expect(ended.stderr).toContain(`there is no ${startS}.table.txt beside it`);
  });

  test('fails for an empty or missing folder, and writes nothing', async () => {
    const data = newFolder();
    const empty = newFolder('record');
    for (const [dir, says] of [
      [empty, `${empty} has neither a pair of EPOCH.stats.txt and EPOCH.table.txt nor an EPOCH.haproxy.csv`],
      [join(empty, 'missing'), 'is it the right folder'],
    ] as const) {
      const ended = await run(['replay', dir, '--data', data]);
      expect(ended).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(says) });
    }
    expect(filesBelow(data)).toEqual([]);
  });
});

/** The data folder of a replay that was killed between its first write and its end. */
async function interruptedReplay(record: string): Promise<string> {
  for (;;) {
    const data = newFolder();
    const archives = join(data, 'archives');
    const { child, ended } = start(['replay', record, '--data', data]);
    const isWritten = (file: string) =>
      file.endsWith('.log') && (statSync(join(archives, file), { throwIfNoEntry: false })?.size ?? 0) > 0;
    await until('cycles are written', () => child.exitCode !== null || filesBelow(archives).some(isWritten));
    child.kill('SIGKILL');
    if ((await ended).status === null) return data;
  }
}

describe('replay with another retention', () => {
  test('applies it to new archives, and refuses to change existing ones', async () => {
    const [data, record] = [newFolder(), newFolder('record')];
    for (const n of [0, 1, 2, 3]) recordPair(record, startS + 60 * n, evenPair(1, n));
    const replay = (...more: string[]) => run(['replay', record, '--data', data, ...more]);
    expect((await replay('--retention', '1m:10d,1h:400d')).stdout).toMatch(/^4 stored/);
    const rows = await fetchRows(data, 'all', '--start', String(startS), '--end', String(startS + 180));
    expect(rows.step).toBe(60);
    expect((await fetchRows(data, 'all', '--start', String(startS), '--step', '3000')).step).toBe(3600);
    const refused = await replay('--retention', '5m:100d');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(
      /keep 1m:10d,1h:400d, which cannot be changed to 5m:100d: leave out the option, variable or setting/,
    );
    expect((await replay('--retention', '60m:10d')).stderr).toMatch(/cannot be changed/);
    expect((await replay('--retention', '7m:10d')).status).toBe(2);
    expect((await replay('--retention', '1m:10d,60m:400d')).stdout).toMatch(/^0 stored, 4 skipped/);
    expect((await replay()).stdout).toMatch(/^0 stored, 4 skipped/);
  });
});
