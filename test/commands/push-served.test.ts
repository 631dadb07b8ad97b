// `serve --push-to`: rows arrive while it serves, an outage of some cycles is a finding until it is over, and a second pusher keeps away.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type FakeReceiver, startFakeReceiver } from '../push/fake-receiver.js';
import { rowsTaken, storeCycles } from '../push/stored-cycles.js';
import { firstS } from '../store/sample-cycles.js';
import { until } from '../until.js';
import { clockAt, type RunningProgram, run, scratch, start } from './program.js';

const folder = scratch();
let receiver: FakeReceiver | null = null;
const started: RunningProgram[] = [];

afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.splice(0).map(({ ended }) => ended));
  await receiver?.close();
  receiver = null;
});

/** Serves at a time, and pushes; resolves once it answers. */
async function serve(data: string, timeS: number, ...args: readonly string[]) {
  const own = ['serve', '--no-collect', '--listen', '127.0.0.1:0', '--data', data, '--director', 'lb1'];
  const program = start([...own, ...args], { env: clockAt(timeS) });
  started.push(program);
  let [out, said] = ['', ''];
  program.child.stdout?.on('data', (text: string) => {
    out += text;
  });
  program.child.stderr?.on('data', (text: string) => {
    said += text;
  });
  const url = (): string | undefined => /the viewer answers at (\S+)/.exec(out)?.[1];
  await until('the viewer answers', () => url() !== undefined);
  return {
    ...program,
    said: () => said,
    findings: async () => (await fetch(`${url()}api/findings`)).text(),
    end: () => {
      program.child.kill('SIGTERM');
      return program.ended;
    },
  };
}

const cursorOf = (data: string): string =>
  readdirSync(data)
    .filter((name) => /^push-\w+\.json$/.test(name))
    .map((name) => readFileSync(join(data, name), 'utf8'))
    .join('');

test('rows arrive, and an outage of some cycles is a finding until it is over', async () => {
  const data = folder();
  const answers: (number | null)[] = [];
  receiver = await startFakeReceiver(answers);
  const own = receiver;
  const push = ['--push-to', receiver.url.replace('http://', 'http://lb1:secret@')];
  const nowS = firstS + 1500;
  await storeCycles(data, 3);
  const first = await serve(data, nowS, ...push);
  await until('the rows arrive', () => rowsTaken(own).length === 2);
  const other = await run(['push', '--data', data, '--to', own.url, '--director', 'lb1'], { isImpatient: true });
  expect(other).toMatchObject({ status: 1, stderr: expect.stringMatching(/another process pushes rows of lb1 to/) });
  expect(await first.end()).toMatchObject({ status: 0, stderr: '' });

  await storeCycles(data, 2);
  answers.push(...Array<number>(1000).fill(500));
  const second = await serve(data, nowS, ...push);
  await until('the failure is kept', () => cursorOf(data).includes(`"failure":{"sinceS":${nowS},`));
  // One that has just begun is none yet.
  expect(await second.findings()).not.toContain('push-behind');
  expect((await second.end()).stderr).toMatch(/^lvs-stats: push: \S+ answers 500 .*; rows wait in the archives/);

  const third = await serve(data, nowS + 3600, ...push);
  await until('the outage is a finding', async () => (await third.findings()).includes('"kind":"push-behind"'));
  const shown = await third.findings();
  expect(shown).toMatch(new RegExp(`"since":${nowS}\\b`));
  expect(shown).toMatch(/api\/v1\/write answers 500/);
  answers.length = 0;
  await until('the finding is over', async () => !(await third.findings()).includes('push-behind'));
  expect(rowsTaken(own)).toEqual([1, 2, 3, 4]);
  await until('it says so', () => third.said().includes('takes rows again'));
  const { status, stdout, stderr } = await third.end();
  expect(status).toBe(0);
  expect(stderr).toMatch(/push: \S+ takes rows again\n$/);
  expect(shown + stdout + stderr + cursorOf(data)).not.toContain('secret');
}, 1_800_000);

test('the receiver is a setting, which push follows too', async () => {
  const [data, config] = [folder(), join(folder('config'), 'settings.yaml')];
  await storeCycles(data, 3);
  receiver = await startFakeReceiver();
  const own = receiver;
  // An agent's server is another address.
  writeFileSync(config, `push-to: ${receiver.url}\nto: http://127.0.0.1:9\n`);
  const once = await run(['push', '--once', '--data', data, '--director', 'lb1', '--config', config]);
  expect(once).toMatchObject({ status: 0, stderr: '' });
  await storeCycles(data, 1);
  const served = await serve(data, firstS + 1500, '--config', config);
  await until('the rows arrive', () => rowsTaken(own).length === 3);
  expect(await served.end()).toMatchObject({ status: 0, stderr: '' });
  expect(rowsTaken(own)).toEqual([1, 2, 3]);
}, 1_800_000);

test('a login without a receiver is an error', async () => {
  const { status, stderr } = await run(['serve', '--data', folder(), '--push-login', '/etc/login']);
  expect(status).toBeGreaterThan(0);
  expect(stderr).toMatch(/name the receiver with --push-to URL/);
});
