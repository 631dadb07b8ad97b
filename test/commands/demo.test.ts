import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { graphTypes, stackTypes } from '../../src/render/define/graph-request.js';
import { until } from '../until.js';
import { fetchRows, listArchives, listEvents } from './answers.js';
import { printingStep } from './fakes.js';
import { succeedHere } from './here.js';
import { readPng } from './png.js';
import { filesBelow, run, scratch, start, startOnTerminal } from './program.js';
import { evenPair, recordPair } from './recordings.js';

const newFolder = scratch();
const dayS = 86_400;
const yearS = 365 * dayS;

describe('demo', async () => {
  const data = newFolder();
  const begunS = Date.now() / 1000;
  const made = await run(['demo', '--no-serve', '--services', '3', '--since', '2d', '--data', data]);
  const archives = await listArchives(data);
  const services = archives.filter(({ kind }) => kind === 'service');

  test('prints that it is a demonstration, where its pictures are, and the command that opens it in a browser', () => {
    expect(made.status).toBe(0);
    const opening = `bin/lvs-stats demo --data ${data} --services 3 --since 2d`;
    expect(made.stdout).toContain(`To open it in a browser: ${opening}\n`);
    const graphs = join(data, 'graphs');
    expect(made.stdout).toMatch(/^DEMONSTRATION, not your director: \d+ pictures in /);
    expect(made.stdout).toContain(join(graphs, 'day', 'all-traffic.png'));
    const pictures = filesBelow(graphs);
    expect(pictures).toHaveLength(4 * (stackTypes.length + services.length * graphTypes.length));
    for (const file of pictures) expect(readPng(join(graphs, file))).toEqual({ width: 760, height: 300 });
  });

  test('has a history of the given length', () => {
    const [director] = archives;
    expect(director?.last).toBeGreaterThan(begunS - 600);
    expect(director?.first).toBeGreaterThan(begunS - 2 * dayS - 1);
    expect(director?.first).toBeLessThan(begunS - 2 * dayS + 3600);
  });

  test.each(['3h', '2y', 'soon'])('cannot begin %s', async (since) => {
    const ended = await run(['demo', '--no-serve', '--since', since, '--data', newFolder()]);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toMatch(/'--since <time>' argument '\S+' is invalid/);
  });

  test('is protected against real readings', async () => {
    const record = newFolder('record');
    recordPair(record, 1_700_000_100, evenPair(1, 1));
    for (const args of [
      ['collect', '--ipvsadm', printingStep('sequence/003-traffic')],
      ['replay', record],
    ]) {
      const ended = await run([...args, '--data', data]);
      expect(ended).toMatchObject({ status: 1, stdout: '' });
      expect(ended.stderr).toContain(`${data} holds a demonstration: name another with --data DIR`);
    }
    expect(await listArchives(data)).toEqual(archives);
  });

  test('is recreated in its own folder', async () => {
    const again = await run(['demo', '--no-serve', '--services', '1', '--since', '1d', '--seed', '2', '--data', data]);
    expect(again.status).toBe(0);
    expect((await listArchives(data)).length).toBeLessThan(archives.length);
  });
});

describe('another demo', () => {
  test('leaves its folder alone if its address is in use', async () => {
    const data = newFolder();
    writeFileSync(join(data, 'kept'), '');
    mkdirSync(join(data, 'graphs'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    const port = typeof bound === 'object' ? bound?.port : null;
    const ended = await run(['demo', '--services', '1', '--listen', `127.0.0.1:${port}`, '--data', data]);
    server.close();
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toContain('another program listens there');
    expect(readdirSync(data)).toEqual(['graphs', 'kept']);
  });

  test('fails while one is being made in the same folder, and that one stops cleanly on a signal', async () => {
    const data = newFolder();
    const first = start(['demo', '--services', '200', '--listen', '127.0.0.1:0', '--data', data]);
    while (!existsSync(join(data, 'archives')) && first.child.exitCode === null) await pause(20);
    const second = await run(['demo', '--no-serve', '--services', '1', '--data', data]);
    expect(second).toMatchObject({ status: 1, stdout: '' });
    expect(second.stderr).toContain(`another process is making the demonstration in ${data}`);
    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ status: 0, stdout: '' });
    expect(existsSync(join(data, 'serve.sock'))).toBe(false);
  });

  test('rejects a folder with real archives, and leaves them alone', async () => {
    const [data, record] = [newFolder(), newFolder('record')];
    recordPair(record, 1_700_000_100, evenPair(1, 1));
    await succeedHere('replay', record, '--data', data);
    const before = await listArchives(data);
    const ended = await run(['demo', '--services', '1', '--data', data]);
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toContain(`${data} has real archives: name another folder for the demonstration`);
    expect(await listArchives(data)).toEqual(before);
  });

  test.skipIf(existsSync('/usr/sbin/ipvsadm'))(
    'replaces a cycle in collect --or-demo without ipvsadm, apart from the real data (skipped with ipvsadm)',
    async () => {
      const data = newFolder();
      const { child, ended } = start(['collect', '--or-demo', '--data', data], { env: { PATH: newFolder('empty') } });
      const archives = join(data, 'demonstration', 'archives');
      while (!existsSync(archives) && child.exitCode === null) await pause(50);
      child.kill('SIGKILL');
      expect((await ended).stderr).toMatch(/there is no ipvsadm on PATH.*\n.*showing a demonstration instead/);
      expect(existsSync(archives)).toBe(true);
      expect(readdirSync(data)).toEqual(['demonstration']);
    },
  );

  test.skipIf(existsSync('/usr/sbin/ipvsadm'))(
    'is served by collect --or-demo on a terminal until Ctrl-C without ipvsadm, with a year of history (skipped with ipvsadm)',
    async () => {
      const data = newFolder();
      const begunS = Date.now() / 1000;
      const { child, ended, shown } = startOnTerminal(['collect', '--or-demo', '--data', data], {
        PATH: newFolder('empty'),
      });
      const address = /the viewer answers at (http:\/\/\S+)/;
      await until('the viewer answers', () => address.test(shown()) || child.exitCode !== null);
      expect(shown()).toMatch(/services: \[#+\] 18 of 18 \(100 %\)/);
      const page = await fetch(address.exec(shown())?.[1] ?? '');
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('demonstration');
      child.stdin?.write('\u0003');
      expect(await ended).toBe(0);
      expect(filesBelow(join(data, 'demonstration', 'graphs'))).toEqual([]);
      expect(readdirSync(data)).toEqual(['demonstration']);
      await expectYear(join(data, 'demonstration'), begunS);
    },
  );
});

/** A year up to now, with eventful days. */
async function expectYear(data: string, begunS: number): Promise<void> {
  const archives = await listArchives(data);
  const [director] = archives;
  const services = archives.filter(({ kind }) => kind === 'service');
  expect(services.length).toBeGreaterThanOrEqual(18);
  expect(director?.last).toBeGreaterThan(begunS - 600);
  expect(director?.first).toBeLessThan(begunS - yearS + dayS);
  const days = await fetchRows(data, 'all', '--step', '86400', '--start', String(Math.floor(begunS - yearS)));
  const known = days.rows.filter(([, , , conns]) => conns !== null);
  expect(known.length).toBeGreaterThan(350);
  expect((await listEvents(data)).length).toBeGreaterThan(services.length);
}
