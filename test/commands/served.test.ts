// Commands on a data folder that a server has open: they work as without one, and lose nothing if it dies meanwhile.

import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { standardRetention } from '../../src/model/retention.js';
import { fetchRows, listArchives, listEvents } from './answers.js';
import { fakeCommand, ownFake, printingPair, printingStep } from './fakes.js';
import { type Keeping, type KeepOptions, keep } from './keeping.js';
import { clockAt, filesBelow, run, scratch, start, succeed, untilAfter } from './program.js';
import { evenPair, recordPair, recordSequence } from './recordings.js';

const newFolder = scratch();

const keepers: Keeping[] = [];

async function startServer(data: string, options?: KeepOptions): Promise<Keeping> {
  const keeping = await keep(data, options);
  keepers.push(keeping);
  return keeping;
}

afterEach(async () => {
  for (const keeping of keepers.splice(0)) {
    keeping.signal('SIGKILL');
    await keeping.ended;
  }
});

function collect(data: string, ipvsadm: string, ...options: readonly string[]) {
  return run(['collect', '--data', data, '--ipvsadm', ipvsadm, '--no-pictures', ...options]);
}

/** An rrdtool dump with three rows. */
const fewRows = `<rrd><version>0003</version><step>300</step><lastupdate>1700000100</lastupdate>
<ds><name>InPkts</name><type>DERIVE</type><minimal_heartbeat>600</minimal_heartbeat><min>0</min><max>NaN</max>
<last_ds>U</last_ds><value>0</value><unknown_sec>0</unknown_sec></ds>
<rra><cf>AVERAGE</cf><pdp_per_row>1</pdp_per_row><params><xff>0.5</xff></params>
<database><row><v>1.5</v></row><row><v>NaN</v></row><row><v>2.5e1</v></row></database></rra></rrd>`;

describe('on a data folder with a server', () => {
  test('every command answers as it does without a server', async () => {
    const [plain, data, record] = [newFolder(), newFolder(), newFolder('record')];
    recordSequence(record, 1_700_000_100);
    const keeping = await startServer(data);
    const replayed = await succeed('replay', record, '--data', plain);
    expect(await succeed('replay', record, '--data', data)).toBe(replayed);
    const xml = join(newFolder('xml'), 'few.xml');
    writeFileSync(xml, fewRows);
    const questions = [
      ['list', '--format', 'json'],
      ['list'],
      ['fetch', 'all', '--format', 'json'],
      ['fetch', '10.9.1.1:80', '--cf', 'MAX', '--format', 'csv'],
      ['fetch', '203.0.113.9:80'],
      ['events', '--format', 'json'],
      ['events', 'fwm/1'],
      ['rewind'],
      ['render', '--since', '2023-11-14', '--until', '2023-11-15', '--type', 'cps', '--out', newFolder('out')],
      ['import', xml, '--name', '192.0.2.77:80'],
      ['fetch', '192.0.2.77:80', '--start', '1699999200', '--end', '1700000100'],
      ['forget', '192.0.2.77:80', '--yes'],
      ['forget', 'fwm/1', '--yes'],
      ['forget', 'fwm/1', '--yes'],
      ['list', '--format', 'json'],
      ['events', '--format', 'json'],
    ];
    for (const args of questions) {
      const answers = await Promise.all([plain, data].map((dir) => run([...args, '--data', dir])));
      const texts = answers.map(({ stdout, stderr, status }, i) => {
        const text = JSON.stringify({ status, stdout, stderr });
        return text.replaceAll([plain, data][i] ?? '', 'DIR');
      });
      expect(texts[1]?.replaceAll(/later than \d[^\\"]*/g, 'later than'), args.join(' ')).toBe(
        texts[0]?.replaceAll(/later than \d[^\\"]*/g, 'later than'),
      );
    }
    const picture = await succeed('picture', 'all', 'cps', '--data', data);
    expect(existsSync(picture.trim())).toBe(true);
    expect((await run(['doctor', '--data', data])).stdout).toContain('data folder');
    expect(keeping.news.at(-1)).toMatchObject({ failure: null });
    keeping.signal('SIGTERM');
    expect(await keeping.ended).toBe(0);
    expect(existsSync(join(data, 'serve.sock'))).toBe(false);
    expect(await listArchives(data)).toEqual(await listArchives(plain));
  });

  test('collect stores cycles and failures, draws, and notifies the server of both', async () => {
    const data = newFolder();
    const keeping = await startServer(data);
    const ended = await run(['collect', '--data', data, '--ipvsadm', printingStep('sequence/003-traffic')]);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(filesBelow(join(data, 'graphs')).length).toBeGreaterThan(100);
    const [first] = await listArchives(data);
    const quiet = {
      retention: standardRetention,
      isReplaced: false,
      failure: null,
      frozen: null,
      syncDaemons: null,
      haproxyFailure: null,
    };
    expect(keeping.news).toEqual([{ timeS: first?.last, ...quiet }]);
    expect(await collect(data, fakeCommand('fails'))).toMatchObject({ status: 1 });
    expect(keeping.news.at(-1)).toMatchObject({ timeS: first?.last, failure: { cycles: 1 } });
  });

  test('rewind drops a cycle after a clock jump', async () => {
    const [data, record] = [newFolder(), newFolder('record')];
    const nowS = Math.floor(Date.now() / 1000);
    for (const n of [0, 1, 2]) recordPair(record, nowS - 600 + n * 3600, evenPair(2, n));
    const keeping = await startServer(data);
    await succeed('replay', record, '--data', data);
    expect(await succeed('rewind', '--data', data)).toMatch(/were dropped.*the newest reading is now from/);
    expect((await listArchives(data)).map(({ last }) => last)[0]).toBe(nowS - 600);
    expect(keeping.news.at(-1)?.timeS).toBe(nowS - 600);
  });

  test('commands that need the database itself fail with the name of the server', async () => {
    const data = newFolder();
    await collect(data, printingStep('sequence/003-traffic'));
    const { pid } = await startServer(data);
    const message = `lvs-stats serve (pid ${pid}) has ${data} open: stop it first, or name another folder with --data DIR\n`;
    expect(await run(['repair', '--data', data])).toEqual({ status: 1, stdout: '', stderr: `lvs-stats: ${message}` });
    expect(await run(['demo', '--data', data])).toEqual({ status: 1, stdout: '', stderr: `lvs-stats: ${message}` });
    await expect(keep(data)).rejects.toThrow(`another ${message.trim()}`);
    expect(await listArchives(data)).toHaveLength(12);
  });

  test('ten concurrent readers and writers get answers, and every reported cycle is stored', async () => {
    const data = newFolder();
    await startServer(data);
    const reported: string[] = [];
    await collect(data, ownFake('busy-director'));
    const repeat = async (args: readonly string[]): Promise<void> => {
      for (let round = 0; round < 4; round += 1) {
        const { status, stdout, stderr } = await run([...args, '--data', data]);
        expect({ status, stderr }, args.join(' ')).toMatchObject({ status: 0 });
        if (args[0] === 'collect' && stdout !== '') reported.push(stdout.slice(0, 19));
      }
    };
    const collecting = ['collect', '--ipvsadm', ownFake('busy-director'), '--no-pictures'];
    const jobs = [collecting, collecting, collecting, ...Array.from({ length: 4 }, () => ['fetch', 'all'])];
    await Promise.all([...jobs, ['list'], ['events'], ['render']].map(repeat));
    const times = new Set((await listEvents(data, '192.0.2.1:80')).map(({ time }) => time));
    expect(reported.length).toBeGreaterThan(0);
    for (const time of reported) expect([...times]).toContain(Date.parse(`${time.replace(' ', 'T')}Z`) / 1000);
  });
});

describe('if the server dies', () => {
  test.each(['before', 'after'] as const)(
    '%s it stores a cycle, without an answer, the cycle is stored once',
    async (dies) => {
      const data = newFolder();
      await collect(data, ownFake('busy-director'));
      const [first] = await listArchives(data);
      await untilAfter(first?.last ?? 0);
      const keeping = await startServer(data, { dies });
      const ended = await collect(data, ownFake('busy-director'));
      expect(await keeping.ended).toBe(null);
      expect(ended).toMatchObject({ status: 0, stderr: '' });
      const second = Date.parse(`${ended.stdout.slice(0, 19).replace(' ', 'T')}Z`) / 1000;
      expect((await listEvents(data, '192.0.2.1:80')).map(({ time }) => time)).toEqual([first?.last, second]);
      expect((await listArchives(data)).map(({ last }) => last)[0]).toBe(second);
    },
  );

  test.each([
    ['before', 'within the second of a reading', 0],
    ['after', 'within the second of a reading', 0],
    ['before', 'minutes later', 300],
    ['after', 'minutes later', 300],
  ] as const)('%s it stores a failure, without an answer, %s, the failure counts once', async (dies, _, laterS) => {
    const [data, readS] = [newFolder(), 1_700_000_100];
    const collectAt = (timeS: number, ipvsadm: string) =>
      run(['collect', '--data', data, '--ipvsadm', ipvsadm, '--no-pictures'], { env: clockAt(timeS) });
    expect(await collectAt(readS, ownFake('busy-director'))).toMatchObject({ status: 0, stderr: '' });
    const keeping = await startServer(data, { dies });
    expect(await collectAt(readS + laterS, fakeCommand('fails'))).toMatchObject({ status: 1 });
    expect(await keeping.ended).toBe(null);
    const events = await listEvents(data, 'all');
    expect(events.map(({ kind, time }) => [kind, time])).toEqual([['cycle-failed', readS + laterS]]);
  });

  test.each(['before', 'after'] as const)(
    '%s it stores a part of a replay, the whole replay is stored and counted once',
    async (dies) => {
      const [data, record] = [newFolder(), newFolder('record')];
      for (let n = 0; n < 20; n += 1) recordPair(record, 1_700_000_100 + n * 300, evenPair(3, n));
      await startServer(data, { dies });
      expect(await succeed('replay', record, '--data', data)).toBe(
        '20 stored, 0 skipped (not newer than the last reading), 0 failed\n',
      );
      const { rows } = await fetchRows(data, 'all', '--start', '1700000100');
      expect(rows.filter(([, , , conns]) => conns !== null)).toHaveLength(19);
    },
  );

  test.each(['before', 'after'] as const)('%s it drops readings, they are dropped', async (dies) => {
    const [data, record] = [newFolder(), newFolder('record')];
    const nowS = Math.floor(Date.now() / 1000);
    for (const n of [0, 1, 2]) recordPair(record, nowS - 600 + n * 3600, evenPair(2, n));
    await succeed('replay', record, '--data', data);
    await startServer(data, { dies });
    expect(await succeed('rewind', '--data', data)).toMatch(/were dropped.*the newest reading is now from/);
    expect((await listArchives(data)).map(({ last }) => last)[0]).toBe(nowS - 600);
  });

  test('its stale socket is no obstacle, and the next server replaces it', async () => {
    const data = newFolder();
    const first = await startServer(data);
    first.signal('SIGKILL');
    await first.ended;
    expect(existsSync(join(data, 'serve.sock'))).toBe(true);
    expect(await collect(data, printingStep('sequence/003-traffic'))).toMatchObject({ status: 0, stderr: '' });
    const next = await startServer(data);
    expect(await listArchives(data)).toHaveLength(12);
    next.signal('SIGTERM');
    expect(await next.ended).toBe(0);
    expect(await listArchives(data)).toHaveLength(12);
  });
});

test('a server that starts while commands run waits for them, and they continue through it', async () => {
  const data = newFolder();
  await collect(data, ownFake('busy-director'));
  const runs = Array.from({ length: 6 }, () => start(['list', '--data', data]));
  const keeping = await startServer(data);
  for (const { ended } of runs) expect(await ended).toMatchObject({ status: 0, stderr: '' });
  keeping.signal('SIGTERM');
  const later = Array.from({ length: 6 }, () => start(['list', '--data', data]));
  for (const { ended } of later) expect(await ended).toMatchObject({ status: 0, stderr: '' });
  expect(await keeping.ended).toBe(0);
});

test("a data folder may be deeper than the length of a socket's address", async () => {
  const data = join(newFolder(), 'a'.repeat(60), 'b'.repeat(60), 'c'.repeat(60));
  mkdirSync(data, { recursive: true });
  const keeping = await startServer(data);
  expect(statSync(join(data, 'serve.sock')).isSocket()).toBe(true);
  expect(await collect(data, printingPair(newFolder('pair'), evenPair(1, 1)))).toMatchObject({ status: 0, stderr: '' });
  expect(keeping.news).toHaveLength(1);
  keeping.signal('SIGTERM');
  expect(await keeping.ended).toBe(0);
  expect(filesBelow(data).filter((file) => !file.includes('/'))).toEqual([]);
});
