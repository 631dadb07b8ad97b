// `collect` when ipvsadm fails: fakes that each fail in their own way, and the resulting archives.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fixturePath } from '../collect/capture.js';
import { misbehaving } from '../collect/fake-ipvsadm.js';
import { processesMarked } from '../collect/marked-processes.js';
import { listArchives, listEvents } from './answers.js';
import { fakeCommand, printingPair, printingStep } from './fakes.js';
import { filesBelow, run, scratch, start, untilAfter } from './program.js';
import { sequencePair } from './recordings.js';

const newFolder = scratch();
const stderrPath = (name: string): string => fixturePath(`ipvs/access/${name}.stderr`);
const { stats, table } = sequencePair('003-traffic');
const withoutEnd = stats.slice(0, -20);
const withWord = stats.replace('4        4        4      512      512', '4        4        x      512      512');
const named = stats.replaceAll(/^(TCP|UDP|FWM) +\S+/gm, '$1  lb1.example.com:http');

/** The command of a fake that misbehaves in one of the ways in test/collect/bin/misbehaves. */
function misbehavingCommand(how: string): string {
  const captures = { stats: 'zoo/027-stats-exact.txt', table: 'zoo/025-list.txt' };
  const { file, args } = misbehaving(how, captures);
  return [file, ...args].join(' ');
}

function collect(dataDir: string, ipvsadm: string, isImpatient = false) {
  return run(['collect', '--data', dataDir, '--ipvsadm', ipvsadm], { isImpatient });
}

interface Case {
  readonly title: string;
  readonly command: () => string;
  readonly code: string;
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    title: 'is not permitted',
    command: () => fakeCommand('fails', '2', stderrPath('017-loaded-nobody-stats-exact')),
    code: 'not-permitted',
    says: /not permitted.*CAP_NET_ADMIN.*sudo ipvsadm/,
  },
  {
    title: 'finds no module',
    command: () => fakeCommand('fails', '2', stderrPath('001-nomodule-root-stats-exact')),
    code: 'module-not-loaded',
    says: /module is not loaded.*modprobe ip_vs/,
  },
  {
    title: 'is missing behind a shell',
    command: () => fakeCommand('fails', '127', stderrPath('007-noipvsadm')),
    code: 'no-ipvsadm',
    says: /found no program.*install ipvsadm/,
  },
  {
    title: 'is not a program',
    command: () => '/nowhere/ipvsadm',
    code: 'no-ipvsadm',
    says: /\/nowhere\/ipvsadm.*install ipvsadm/,
  },
  {
    title: 'rejects the option',
    command: () => fakeCommand('fails', '255', stderrPath('028-bad-option')),
    code: 'failed',
    says: /exit status 255.*run it by hand/,
  },
  {
    title: 'is killed by a signal',
    command: () => fakeCommand('breaks-itself'),
    code: 'failed',
    says: /was ended by SIGSEGV/,
  },
  {
    title: 'never ends',
    command: () => fakeCommand('hangs', 'commands-test'),
    code: 'timed-out',
    says: /did not finish within 10 s/,
  },
  {
    title: 'floods its output',
    command: () => fakeCommand('floods'),
    code: 'too-much-output',
    says: /wrote more than \d+ bytes/,
  },
  {
    title: 'prints nothing',
    command: () => '/bin/true',
    code: 'no-header',
    says: /gave nothing at all, not even the header/,
  },
  {
    title: 'prints truncated listings',
    command: () => printingPair(newFolder('pair'), { stats: withoutEnd, table }),
    code: 'cut-off',
    says: /cut off: its last line, .*read it again/,
  },
  {
    title: 'prints names instead of addresses',
    command: () => printingPair(newFolder('pair'), { stats: named, table }),
    code: 'bad-line',
    says: /nothing in .* can be read: .* line 4 of .*made without -n\?/,
  },
  {
    title: 'prints the listings in the wrong order',
    command: () => printingPair(newFolder('pair'), { stats: table, table: stats }),
    code: 'wrong-listing',
    says: /--stats --exact/,
  },
];

describe('when ipvsadm', () => {
  test.concurrent.for(cases)('$title, collect fails with a message and stores only the event', async (one, context) => {
    const data = newFolder();
    const ended = await collect(data, one.command(), one.code === 'timed-out');
    context.expect(ended).toMatchObject({ status: 1, stdout: '' });
    context.expect(ended.stderr).toMatch(one.says);
    context.expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
    context.expect(await listArchives(data)).toEqual([]);
    const events = await listEvents(data);
    context.expect(events).toMatchObject([{ archive: 'all', kind: 'cycle-failed', to: one.code }]);
    context.expect(`lvs-stats: ${events[0]?.detail}\n`).toBe(ended.stderr);
    context.expect(existsSync(join(data, 'graphs'))).toBe(false);
  });

  test.concurrent('leaves a child that holds the pipe, collect waits for it no longer than for ipvsadm', async () => {
    const data = newFolder();
    const step = printingStep('sequence/003-traffic').split(' ').slice(1);
    const ended = await collect(data, fakeCommand('leaves-child', ...step), true);
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toMatch(/did not finish within 10 s/);
  });

  test.concurrent('fails repeatedly, collect records the start, the end and the number of failures', async () => {
    const data = newFolder();
    const refused = fakeCommand('fails', '2', stderrPath('017-loaded-nobody-stats-exact'));
    for (let i = 0; i < 3; i += 1) expect(await collect(data, refused)).toMatchObject({ status: 1 });
    expect((await listEvents(data)).map(({ kind }) => kind)).toEqual(['cycle-failed']);
    await untilAfter(Date.now() / 1000);
    const missing = fakeCommand('fails', '2', stderrPath('001-nomodule-root-stats-exact'));
    expect(await collect(data, missing)).toMatchObject({ status: 1 });
    await untilAfter(Date.now() / 1000);
    const works = await run([
      'collect',
      '--data',
      data,
      '--ipvsadm',
      printingStep('sequence/003-traffic'),
      '--no-pictures',
    ]);
    expect(works).toMatchObject({ status: 0, stderr: '' });
    const events = await listEvents(data, 'all');
    expect(events.map(({ kind, to, from }) => [kind, to ?? from])).toEqual([
      ['cycle-failed', 'not-permitted'],
      ['cycle-failed', 'module-not-loaded'],
      ['cycle-resumed', 'module-not-loaded'],
    ]);
    expect(events.at(-1)?.detail).toBe('4 cycles failed, the last with "module-not-loaded"');
  });

  test.concurrent.for(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'hangs, %s ends collect and its children',
    async (signal) => {
      const mark = `${signal}-${process.pid}`;
      const args = ['collect', '--data', newFolder(), '--ipvsadm', misbehavingCommand('waits')];
      const { child, ended } = start(args, { env: { MARK: mark } });
      // The program, the two listings, and the processes that each of them runs.
      await expect.poll(() => processesMarked(mark).length).toBeGreaterThanOrEqual(5);
      child.kill(signal);
      expect(await ended).toEqual({ status: null, stdout: '', stderr: '' });
      expect(child.signalCode).toBe(signal);
      await expect.poll(() => processesMarked(mark)).toEqual([]);
    },
  );

  test.concurrent.for(['gigabyte', 'gigabyte-line', 'gigabyte-said'])(
    'prints too much (%s), collect takes no more memory than for a large table',
    async (how, context) => {
      const data = newFolder();
      const peak = join(newFolder('peak'), 'kibibytes');
      const note = `process.on('exit',()=>fs.writeFileSync('${peak}',String(process.resourceUsage().maxRSS)))`;
      const options = `--import=data:text/javascript,${encodeURIComponent(`import fs from 'node:fs';${note}`)}`;
      const args = ['collect', '--data', data, '--ipvsadm', misbehavingCommand(how)];
      const ended = await run(args, { env: { NODE_OPTIONS: options } });
      context
        .expect(ended)
        .toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/wrote more than \d+ bytes/) });
      context.expect(Number(readFileSync(peak, 'utf8'))).toBeLessThan(300 * 1024);
    },
  );

  test.concurrent('is unreadable, collect --record keeps its output', async () => {
    const record = newFolder('record');
    const ipvsadm = printingPair(newFolder('pair'), { stats: withoutEnd, table });
    const ended = await run(['collect', '--data', newFolder(), '--ipvsadm', ipvsadm, '--record', record]);
    expect(ended).toMatchObject({ status: 1, stderr: expect.stringContaining('is cut off') });
    const kept = filesBelow(record).map((file) => readFileSync(join(record, file), 'latin1'));
    expect(kept).toEqual([withoutEnd, table]);
  });

  test.concurrent('prints an unreadable line, collect stores the rest, warns once, and records the output', async () => {
    const data = newFolder();
    const record = newFolder('record');
    const ipvsadm = printingPair(newFolder('pair'), { stats: withWord, table });
    const args = ['collect', '--data', data, '--ipvsadm', ipvsadm, '--record', record, '--no-pictures', '--quiet'];
    const ended = await run(args);
    expect(ended).toMatchObject({ status: 0, stdout: '' });
    expect(ended.stderr).toMatch(
      /^lvs-stats: 10\.9\.1\.1_53_udp is left out with the real server below it: line 9 of .*"UDP {2}10\.9\.1\.1:53 .* x .*": expected a whole number, found "x"\n$/,
    );
    const names = (await listArchives(data)).map(({ name }) => name);
    expect(names).toContain('10.9.1.1_80');
    expect(await listEvents(data, 'all')).toMatchObject([
      { kind: 'entries-left-out', to: '1', detail: '10.9.1.1_53_udp' },
    ]);
    const kept = filesBelow(record).map((file) => readFileSync(join(record, file), 'latin1'));
    expect(kept).toEqual([withWord, table]);
    // Cron would otherwise mail every cycle; without --quiet the warning stays.
    await untilAfter(Date.now() / 1000);
    expect(await run(args)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    await untilAfter(Date.now() / 1000);
    expect((await run(args.slice(0, -1))).stderr).toMatch(/^lvs-stats: 10\.9\.1\.1_53_udp is left out/);
    await untilAfter(Date.now() / 1000);
    const whole = printingPair(newFolder('pair'), { stats, table });
    const mended = await run(['collect', '--data', data, '--ipvsadm', whole, '--no-pictures']);
    expect(mended).toMatchObject({ status: 0, stderr: '' });
    expect((await listEvents(data, 'all')).map(({ kind }) => kind)).toEqual(['entries-left-out', 'entries-read-again']);
  });

  test.concurrent('fails, and its failure cannot be recorded, collect reports both', async () => {
    const data = newFolder();
    const ended = await collect(data, `${fileURLToPath(new URL('bin/spoils-data', import.meta.url))} ${data}`);
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toMatch(
      /failed with exit status 1 and said "no table today"; run it .*; and this could not be recorded: .*archives/,
    );
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test.concurrent('is not a valid command, collect reports wrong usage', async () => {
    const data = join(newFolder(), 'not-made');
    for (const text of ['', '"ssh lb1']) expect(await collect(data, text)).toMatchObject({ status: 2, stdout: '' });
    expect(existsSync(data)).toBe(false);
  });
});
