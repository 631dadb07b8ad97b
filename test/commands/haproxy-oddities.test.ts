// Odd statistics of HAProxy through the whole program: collect and replay agree, and pages and pictures cope with them.

import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixturePath } from '../collect/capture.js';
import { filesBelow, run, scratch } from './program.js';

const newFolder = scratch();
const startS = 1_795_990_200;
const titles = 'pxname,svname,qcur,scur,stot,bin,bout,hrsp_2xx,status,weight,type';

interface Row {
  readonly name: string;
  readonly server?: string;
  readonly queue?: string;
}

/** A folder of recordings, five minutes apart. */
function recordingOf(rows: readonly Row[], readings: number): string {
  const folder = newFolder('record');
  for (let n = 0; n < readings; n += 1) {
    const lines = rows.map(({ name, server = 'BACKEND', queue = '0' }) => {
      return `${name},${server},${queue},1,${10 * n},${100 * n},0,${n},UP,1,${server === 'BACKEND' ? 1 : 2}\n`;
    });
    writeFileSync(join(folder, `${startS + 300 * n}.haproxy.csv`), `# ${titles}\n${lines.join('')}`);
  }
  return folder;
}

async function namesIn(data: string): Promise<readonly string[]> {
  const { stdout } = await run(['list', '--format', 'json', '--data', data]);
  return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
}

describe('odd statistics of HAProxy', () => {
  test.each(['negative-cell.csv', 'same-name.csv', 'empty-line.csv'])(
    '%s has the same notes in collect, doctor and replay',
    async (file) => {
      const [record, data] = [newFolder('record'), newFolder()];
      const path = join(record, `${startS}.haproxy.csv`);
      cpSync(fixturePath(`haproxy/${file}`), path);
      const replayed = await run(['replay', record, '--data', data]);
      expect(replayed).toMatchObject({ status: 0, stdout: expect.stringMatching(/^1 stored, 0 skipped .*, 0 failed/) });
      const collected = await run(['collect', '--haproxy', path, '--no-pictures', '--data', newFolder()]);
      const notes = (text: string): readonly string[] => text.split('\n').filter((line) => line.includes('of HAProxy'));
      expect(notes(collected.stderr)).toEqual(notes(replayed.stderr));
      const count = { 'negative-cell.csv': 2, 'same-name.csv': 1 }[file] ?? 0;
      expect(notes(replayed.stderr)).toHaveLength(count);
      const { stdout } = await run(['doctor', '--haproxy', path, '--data', data]);
      expect(stdout).toMatch(count > 0 ? /^warning {2}HAProxy {6}/m : /^ok {7}HAProxy {6}/m);
      expect(await namesIn(data)).toContain('haproxy_be_bk/srv1');
    },
  );

  test('without proxies in four of ten readings are two events, and nothing is gone', async () => {
    const data = newFolder();
    const replayed = await run(['replay', fixturePath('haproxy/header-only'), '--data', data]);
    expect(replayed.stdout).toMatch(/^6 stored, 0 skipped .*, 4 failed/);
    expect(replayed.stderr.match(/HAProxy reported nothing/g)).toHaveLength(4);
    const { stdout } = await run(['events', '--format', 'json', '--data', data]);
    const events = (JSON.parse(stdout) as { kind: string; time: number }[]).map(({ kind, time }) => [kind, time]);
    expect(events.filter(([kind]) => kind !== 'appeared')).toEqual([
      ['haproxy-failed', startS + 900],
      ['haproxy-resumed', startS + 2100],
    ]);
  });

  test('with long names or hidden characters are stored, drawn and shown', async () => {
    const [colons, dashes] = [':'.repeat(200), '-'.repeat(199)];
    const rows: readonly Row[] = [
      { name: colons },
      { name: colons, server: colons },
      { name: colons, server: `${dashes}a` },
      { name: colons, server: `${dashes}b` },
      { name: 'w\0b', queue: '-1' },
      { name: '\u001b[31mred' },
      { name: '\u202eturned' },
      { name: ':'.repeat(201) },
    ];
    const [record, data] = [recordingOf(rows, 4), newFolder()];
    const replayed = await run(['replay', record, '--data', data]);
    expect(replayed).toMatchObject({ status: 0, stdout: expect.stringMatching(/^4 stored/) });
    const csv = join(record, `${startS + 900}.haproxy.csv`);
    const collected = await run(['collect', '--haproxy', csv, '--data', data]);
    expect(collected.stderr).toContain('is left out: its name has more than 200 characters');
    expect(replayed.stderr).toContain('is left out: its name has more than 200 characters');
    expect(replayed.stderr + collected.stderr).toMatch(/^[\x20-\x7e\n…]*$/);
    const long = `haproxy_be_${'%3A'.repeat(200)}`;
    const names = await namesIn(data);
    expect(names.toSorted()).toEqual(
      [
        long,
        `${long}/${'%3A'.repeat(200)}`,
        `${long}/${'%2D'.repeat(199)}a`,
        `${long}/${'%2D'.repeat(199)}b`,
        'haproxy_be_w%5Cx00b',
        'haproxy_be_%5Cx1b%5B31mred',
        'haproxy_be_%5Cu202eturned',
      ].toSorted(),
    );
    const server = `${long}/${'%2D'.repeat(199)}b`;
    const asked = await run(['picture', server, 'sps', '--data', data]);
    expect(asked).toMatchObject({ status: 0, stderr: '' });
    const drawn = filesBelow(join(data, 'graphs')).filter((file) => file.endsWith('-sps.png'));
    expect(drawn.filter((file) => file.startsWith('day'))).toHaveLength(5);
    expect(Math.max(...drawn.map((file) => basename(file).length))).toBeLessThan(230);
    const fetched = await run(['fetch', server, '--format', 'csv', '--data', data]);
    expect(fetched).toMatchObject({ status: 0, stderr: '' });
    const forgotten = await run(['forget', long, '--yes', '--data', data]);
    expect(forgotten.status).toBe(0);
    expect(filesBelow(join(data, 'graphs')).filter((file) => file.includes('%3A'))).toEqual([]);
  });

  test('with invalid UTF-8 are recorded byte for byte, and replayed', async () => {
    const [folder, record, data] = [newFolder('source'), newFolder('record'), newFolder()];
    const text = `# ${titles}\nx\xff,BACKEND,0,1,1,1,1,1,UP,1,1\nx\xfe,BACKEND,0,1,1,1,1,1,UP,1,1\n`;
    const path = join(folder, 'stats.csv');
    writeFileSync(path, text, 'latin1');
    await run(['collect', '--haproxy', path, '--no-pictures', '--record', record, '--data', newFolder()]);
    const [recorded = ''] = readdirSync(record);
    expect(readFileSync(join(record, recorded), 'latin1')).toBe(text);
    const replayed = await run(['replay', record, '--data', data]);
    expect(replayed.stderr.match(/has unprintable characters/g)).toHaveLength(2);
    expect(await namesIn(data)).toEqual(['haproxy_be_x%5Cxfe', 'haproxy_be_x%5Cxff']);
  });
});

describe('the credentials in a URL of HAProxy', () => {
  test.each([
    ['http://uzr:fo$$w@zz#1%x@127.0.0.1:1/haproxy?stats', /uzr|fo\$|@zz|#1|%x/],
    ['http://uzer:hunter2@127.0.0.1:1/stats', /uzer|hunter2/],
    ['uzer:hun/ter2@127.0.0.1:1/stats', /uzer|hun\/|ter2/],
  ])('%s are in no output, event or recording', async (url, secret) => {
    const [data, record] = [newFolder(), newFolder('record')];
    const settings = join(newFolder('settings'), 'lvs-stats.yaml');
    writeFileSync(settings, `haproxy: ${JSON.stringify(url)}\n`);
    const runs = [
      await run(['collect', '--haproxy', url, '--no-pictures', '--record', record, '--data', data]),
      await run(['collect', '--no-pictures', '--log-format', 'json', '--data', data], {
        env: { LVS_STATS_HAPROXY: url },
      }),
      await run(['collect', '--no-pictures', '--config', settings, '--data', data]),
      await run(['doctor', '--haproxy', url, '--data', data]),
      await run(['doctor', '--config', settings, '--data', data]),
      await run(['setup', '--cron', '--dry-run', '--config', settings, '--data', data]),
      await run(['events', '--data', data]),
    ];
    const texts = runs.flatMap(({ stdout, stderr }) => [stdout, stderr]).join('\n');
    expect(texts).toMatch(/haproxy/i);
    expect(texts).not.toMatch(secret);
    expect(readdirSync(record)).toEqual([]);
  });
});
