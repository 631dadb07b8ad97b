import { describe, expect, test } from 'vitest';
import { listEvents } from './answers.js';
import { run, scratch, succeed } from './program.js';
import { recordSequence } from './recordings.js';

const newFolder = scratch();
const startS = 1_700_000_100;

describe('events', async () => {
  const [data, record] = [newFolder(), newFolder('record')];
  recordSequence(record, startS);
  await succeed('replay', record, '--data', data);

  test('lists those of all archives in order of time', async () => {
    const events = await listEvents(data);
    const times = events.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(events.map(({ archive }) => archive)).size).toBe(7);
    expect(events[0]).toEqual({ time: startS, archive: '10.9.1.1_53_udp', kind: 'appeared' });
  });

  test('--since and --until are inclusive', async () => {
    const span = ['--since', String(startS + 16 * 300), '--until', String(startS + 17 * 300)];
    expect((await listEvents(data, ...span)).map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['weight-changed', '1', '0'],
    ]);
  });

  test('prints a table with what changed', async () => {
    const lines = (await succeed('events', '10.9.1.1:80', '--data', data)).trimEnd().split('\n');
    expect(lines[0]).toMatch(/^time +archive +event +what$/);
    expect(lines).toContain('2023-11-14 23:40:00  10.9.1.1_80  weight-changed       10.1.0.12_80: 1 to 0');
    expect(lines).toContain('2023-11-14 23:50:00  10.9.1.1_80  flags-changed        (none) to persistent 60');
  });

  test('of a real server are those of its service that concern it', async () => {
    const events = await listEvents(data, '10.9.1.1:80/10.1.0.12:80');
    expect(new Set(events.map(({ realServer }) => realServer))).toEqual(new Set(['10.1.0.12_80']));
    expect(events.map(({ kind }) => kind)).toContain('forwarding-changed');
  });

  test('of an archive that is not there fails and names the list', async () => {
    const ended = await run(['events', '198.51.100.1:80', '--data', data]);
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toContain('no archive "198.51.100.1_80": "lvs-stats list"');
  });

  test('where there are none says so beside an empty result', async () => {
    const span = ['--until', '1600000000'];
    expect(await run(['events', '--data', data, ...span])).toEqual({
      status: 0,
      stdout: '',
      stderr: 'lvs-stats: no events\n',
    });
    expect(await listEvents(data, ...span)).toEqual([]);
  });
});
