import { describe, expect, test } from 'vitest';
import { printedEvents } from './answers.js';
import { succeedHere } from './here.js';
import { run, scratch, succeed } from './program.js';
import { recordSequence, sequenceSteps } from './recordings.js';

const newFolder = scratch();
const startS = 1_700_000_100;

describe('events', async () => {
  const [data, record] = [newFolder(), newFolder('record')];
  recordSequence(record, startS);
  await succeedHere('replay', record, '--data', data);

  test('lists the events of all archives in order of time', async () => {
    const events = await printedEvents(data);
    const times = events.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(events.map(({ archive }) => archive)).size).toBe(7);
    expect(events[0]).toEqual({ time: startS, archive: '10.9.1.1_53_udp', kind: 'appeared' });
  });

  test('includes the bounds --since and --until', async () => {
    const span = ['--since', String(startS + 16 * 300), '--until', String(startS + 17 * 300)];
    expect((await printedEvents(data, ...span)).map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['finding-closed', undefined, 'server-left'],
      ['weight-changed', '1', '0'],
    ]);
  });

  test('prints a table with the changes', async () => {
    const lines = (await succeed('events', '10.9.1.1:80', '--data', data)).trimEnd().split('\n');
    expect(lines[0]).toMatch(/^time +archive +event +what$/);
    expect(lines).toContain('2023-11-14 23:40:00  10.9.1.1_80  weight-changed       10.1.0.12_80: 1 to 0');
    expect(lines).toContain('2023-11-14 23:50:00  10.9.1.1_80  flags-changed        none to persistent 60');
  });

  test('lists for a real server those of its service that concern it', async () => {
    const events = await printedEvents(data, '10.9.1.1:80/10.1.0.12:80');
    expect(new Set(events.map(({ realServer }) => realServer))).toEqual(new Set(['10.1.0.12_80']));
    expect(events.map(({ kind }) => kind)).toContain('forwarding-changed');
  });

  test('fails for a missing archive, and mentions the list', async () => {
    const ended = await run(['events', '198.51.100.1:80', '--data', data]);
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toContain('no archive "198.51.100.1_80": "lvs-stats list"');
  });

  test('says so if there are none, beside an empty result', async () => {
    const span = ['--until', '1600000000'];
    expect(await run(['events', '--data', data, ...span])).toEqual({
      status: 0,
      stdout: '',
      stderr: 'lvs-stats: no events\n',
    });
    expect(await printedEvents(data, ...span)).toEqual([]);
  });

  test('reports what happened in each step of the sequence, and why if that is known', async () => {
    const events = await printedEvents(data);
    const lines = events.map(({ time, archive, kind, realServer, cause }) => {
      const step = sequenceSteps[(time - startS) / 300]?.slice(4) ?? '';
      return [step, archive, realServer, kind, cause].filter((part) => part !== undefined).join(' ');
    });
    const of = (step: string) =>
      lines.filter((line) => line.startsWith(`${step} `)).map((line) => line.slice(step.length + 1));
    expect(of('traffic').filter((line) => line.includes('reset'))).toEqual([]);
    expect(of('no-traffic')).toEqual([]);
    expect(of('zeroed-all')).toContain('all counters-reset table-cleared-or-zeroed');
    expect(of('zeroed-all')).toHaveLength(6);
    expect(of('zeroed-one-service')).toEqual(['10.9.1.1_80 counters-reset re-added-or-zeroed', 'all sum-incomplete']);
    expect(of('service-readded-bare')).toEqual([
      '10.9.1.1_80 counters-reset service-re-added',
      '10.9.1.1_80 10.1.0.11_80 real-server-removed',
      '10.9.1.1_80 10.1.0.12_80 real-server-removed',
      '10.9.1.1_80 finding-opened',
      'all sum-incomplete',
    ]);
    expect(of('real-server-weight-0')).toEqual(['10.9.1.1_80 10.1.0.12_80 weight-changed']);
    expect(of('restored')).toContain('all counters-reset table-cleared');
  });

  test.each([
    ['a pattern of archives', ['10.9.1.?:80'], /^10\.9\.1\.\d_80$/],
    ['a pattern of real servers', ['10.9.1.1_80/*'], /^10\.9\.1\.1_80$/],
  ])('filters by %s', async (_, args, archive) => {
    const events = await printedEvents(data, ...args);
    expect(events.length).toBeGreaterThan(2);
    for (const event of events) expect(event.archive).toMatch(archive);
  });

  test('filters by kind, also as CSV', async () => {
    const text = await succeed('events', '--kind', 'weight-changed,flags-changed', '--format', 'csv', '--data', data);
    const [titles, ...rows] = text.trimEnd().split('\n');
    expect(titles).toBe('time,archive,kind,realServer,from,to,cause,since,detail,text');
    expect(new Set(rows.map((row) => row.split(',')[2]))).toEqual(new Set(['weight-changed', 'flags-changed']));
    expect(rows[0]).toMatch(
      /^\d+,10\.9\.1\.1_80,weight-changed,10\.1\.0\.12_80,1,0,,,,weight changed 10\.1\.0\.12:80: 1 to 0$/,
    );
  });

  test.each([
    ['a pattern that matches nothing', ['198.51.*'], 1, 'no archive matches 198.51.*'],
    ['an unknown kind', ['--kind', 'vanished'], 2, '"vanished" is not one of appeared, gone'],
  ])('fails for %s, and lists the choices', async (_, args, status, message) => {
    const ended = await run(['events', ...args, '--data', data]);
    expect(ended).toMatchObject({ status, stdout: '' });
    expect(ended.stderr).toContain(message);
  });
});
