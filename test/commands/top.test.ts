// The list of services in a terminal: printed once, or on a pseudo-terminal of script(1), which must be as it was afterwards.

import { describe, expect, test } from 'vitest';
import { until } from '../until.js';
import { succeedHere } from './here.js';
import { run, scratch, startOnTerminal } from './program.js';
import { recordSequence } from './recordings.js';
import { running } from './running.js';

const newFolder = scratch();

describe('top', async () => {
  const [data, record] = [newFolder(), newFolder('record')];
  recordSequence(record, 1_700_000_100, 19);
  await succeedHere('replay', record, '--data', data);

  const enter = '\u001b[?1049h\u001b[?25l';
  const leave = '\u001b[?25h\u001b[?1049l';

  test('prints the list once when the output is no terminal, with the findings of status', async () => {
    const { status, stdout, stderr } = await run(['top', '--data', data, '--director', 'lb1']);
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('lb1  6 services  read 2023-11-14 23:45:00');
    expect(lines[1]).toMatch(/^■ critical .* director: collecting has stopped/);
    expect(lines[2]).toMatch(/^▲ warning .* 10\.1\.0\.12:80 of 10\.9\.1\.1:80: weight 1 to 0/);
    expect(lines[4]).toMatch(/^service +bit\/s ▾ +conn\/s +last week +24 h +real +state/);
    expect(lines.slice(5)).toHaveLength(6);
    expect(lines.find((line) => line.startsWith('10.9.1.1:80'))).toMatch(/ weight 0$/);
    expect(stdout).not.toContain('\u001b');
  });

  test('sorts by a column', async () => {
    const { stdout } = await run(['top', '--once', '--sort', 'name', '--data', data]);
    const names = stdout.trimEnd().split('\n').slice(5);
    expect(stdout).toContain('service ▴');
    expect(names[0]).toMatch(/^10\.9\.1\.1:53 /);
    expect(names[1]).toMatch(/^10\.9\.1\.1:80 /);
  });

  test('says that nothing was read in an empty folder of archives', async () => {
    expect(await run(['top', '--data', newFolder()])).toMatchObject({ status: 1, stdout: '' });
  });

  test('rejects an unknown column as wrong usage', async () => {
    expect(await run(['top', '--sort', 'colour', '--data', data])).toMatchObject({ status: 2, stdout: '' });
  });

  test('fills the terminal, sorts by keys, and gives the terminal back at q', async () => {
    const top = startOnTerminal(['top', '--data', data]);
    await until('the keys are shown', () => top.shown().includes('q quit'));
    expect(top.shown()).toContain(enter);
    expect(top.shown()).toContain('\u001b[31;1m■ critical');
    top.child.stdin?.write('c');
    await until('connections order the list', () => top.shown().includes('conn/s ▾'));
    top.child.stdin?.write('q');
    expect(await top.ended).toBe(0);
    expect(top.shown().trimEnd().endsWith(leave)).toBe(true);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('gives the terminal back at %s', async (signal) => {
    const top = startOnTerminal(['top', '--data', data, '--director', `ended-by-${signal}`], { NO_COLOR: '1' });
    await until('the keys are shown', () => top.shown().includes('q quit'));
    expect(top.shown()).not.toContain('\u001b[31;1m');
    const [pid = 0] = running(`ended-by-${signal}`);
    process.kill(pid, signal);
    expect(await top.ended).toBe(0);
    expect(top.shown().trimEnd().endsWith(leave)).toBe(true);
  });

  test('gives the terminal back while it is stopped, and takes it again when it continues', async () => {
    const top = startOnTerminal(['top', '--data', data, '--director', 'stopped']);
    await until('the keys are shown', () => top.shown().includes('q quit'));
    const [pid = 0] = running('stopped');
    process.kill(pid, 'SIGTSTP');
    // script(1) stops with its child, and continues it.
    await until('the terminal was given back and is taken again', () => {
      top.child.kill('SIGCONT');
      const [, given = ''] = top.shown().split(leave);
      return given.includes(enter) && given.includes('q quit');
    });
    top.child.stdin?.write('q');
    expect(await top.ended).toBe(0);
    expect(top.shown().split(leave)).toHaveLength(3);
  });
});
