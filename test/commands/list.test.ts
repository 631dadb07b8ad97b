import { describe, expect, test } from 'vitest';
import { printedArchives } from './answers.js';
import { succeedHere } from './here.js';
import { filesBelow, run, scratch, succeed } from './program.js';
import { evenPair, recordPair, recordSequence } from './recordings.js';

const newFolder = scratch();
const startS = 1_700_000_100;

describe('list', async () => {
  const [data, record] = [newFolder(), newFolder('record')];
  recordSequence(record, startS);
  const lastS = startS + 23 * 300;
  for (const n of [1, 2, 3]) recordPair(record, lastS + 300 * n, evenPair(1, n));
  await succeedHere('replay', record, '--data', data);
  const endS = lastS + 900;

  test('--format json prints an object per archive: the director, then each service before its real servers', async () => {
    const archives = await printedArchives(data);
    const [director, ...others] = archives;
    expect(director).toMatchObject({ name: 'all', kind: 'director', state: 'live', first: startS, last: endS });
    expect(others.map(({ name, state }) => `${name} ${state}`)).toEqual([
      '10.9.1.1_53_udp gone',
      '10.9.1.1_53_udp/10.1.0.11_53 gone',
      '10.9.1.1_80 gone',
      '10.9.1.1_80/10.1.0.11_80 gone',
      '10.9.1.1_80/10.1.0.12_80 gone',
      '10.9.1.2_80 gone',
      '10.9.1.2_80/10.1.0.13_80 gone',
      '10.9.1.3_80 gone',
      '10.9.1.3_80/10.1.0.14_80 gone',
      '192.0.2.1_80 live',
      '192.0.2.1_80/10.0.0.1_8080 live',
      '2001-db8-9--1_80 gone',
      '2001-db8-9--1_80/2001-db8-1--11_80 gone',
      'fwm_1 gone',
      'fwm_1/10.1.0.11_0 gone',
    ]);
  });

  test('shows the last reading of a gone service, and since when it is missing', async () => {
    const archives = await printedArchives(data);
    expect(archives.find(({ name }) => name === 'fwm_1')).toMatchObject({ last: lastS, gone: lastS + 300 });
    expect(archives.find(({ name }) => name === '192.0.2.1_80')).toMatchObject({ first: lastS + 300, last: endS });
  });

  test('prints a table, in local time', async () => {
    const lines = (await succeed('list', '--data', data)).trimEnd().split('\n');
    expect(lines).toHaveLength(17);
    expect(lines[0]).toMatch(/^name +kind +first reading +last reading +state$/);
    expect(lines[1]).toMatch(/^all +director +2023-11-14 22:15:00 +2023-11-15 00:25:00 +live$/);
    expect(lines.at(-1)).toMatch(/^fwm_1\/10\.1\.0\.11_0 .* gone since 2023-11-15 00:15:00$/);
    const abroad = await run(['list', '--data', data], { env: { TZ: 'Asia/Tokyo' } });
    expect(abroad.stdout).toContain('2023-11-15 07:15:00');
  });
});

describe('a read-only command', () => {
  const commands = ['list', 'fetch all', 'events', 'render', 'render --since 1d --out OUT'];

  test.for(commands)('%s fails in an empty folder with a hint, and leaves it empty', async (command) => {
    const data = newFolder();
    const args = command.replace('OUT', `${data}/out`).split(' ');
    const ended = await run([...args, '--data', data]);
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^lvs-stats: there are no archives in .* yet: "lvs-stats collect" creates them.*\n$/);
    expect(filesBelow(data)).toEqual([]);
  });
});
