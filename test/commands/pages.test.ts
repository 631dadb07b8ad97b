// The pages of `serve` as a process: killed between a finding's opening and its delivery, beside hooks that hang and receivers that fail.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { httpReceiver } from '../alert/channels/http-receiver.js';
import { smtpServer } from '../alert/channels/smtp-server.js';
import { until } from '../until.js';
import { printingStep } from './fakes.js';
import { type RunningProgram, run, scratch, start, untilAfter } from './program.js';

const newFolder = scratch();
const hook = fileURLToPath(new URL('../alert/channels/bin/hook', import.meta.url));
const started: RunningProgram[] = [];
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.map(({ ended }) => ended));
  started.length = 0;
  for (const close of closing.splice(0)) await close();
});

/** A data folder with a policy that holds pages for a second or two. */
function prepared(more = ''): { readonly data: string; readonly policy: string } {
  const policy = join(newFolder('policy'), 'policy.yaml');
  writeFileSync(policy, `pages: {hold-host: 1s, hold-service: 1s, hold-server: 2s}\n${more}`);
  return { data: newFolder(), policy };
}

/** Serves a data folder; resolves to the process and its address once it answers. */
async function serve(data: string, ...args: readonly string[]) {
  const program = start(['serve', '--no-collect', '--listen', '127.0.0.1:0', '--data', data, ...args]);
  started.push(program);
  let [out, errors] = ['', ''];
  program.child.stdout?.on('data', (text: string) => {
    out += text;
  });
  program.child.stderr?.on('data', (text: string) => {
    errors += text;
  });
  const url = (): string | undefined => /the viewer answers at (\S+)/.exec(out)?.[1];
  await until('the viewer answers', () => url() !== undefined);
  return { ...program, url: url() ?? '', said: () => errors };
}

/** Collects from a machine without ipvsadm, which is a finding at once. */
async function failToCollect(data: string): Promise<void> {
  await untilAfter(Math.floor(Date.now() / 1000));
  const { status } = await run(['collect', '--no-pictures', '--data', data, '--ipvsadm', '/nonexistent/ipvsadm']);
  expect(status).toBe(1);
}

function readOutbox(data: string) {
  return JSON.parse(readFileSync(join(data, 'pages.json'), 'utf8')) as {
    readonly paging: { readonly pages: readonly { readonly stage: string }[] };
    readonly queues: Readonly<Record<string, { readonly waiting: readonly { id: string; isTried: boolean }[] }>>;
  };
}

/** Lets cycles fail until a page is on its way. */
async function failUntil(data: string, isSo: () => boolean): Promise<void> {
  await until('a page', async () => {
    await failToCollect(data);
    return isSo();
  });
}

test('a server that is killed while its hook hangs delivers the page after a restart, once', async () => {
  const { data, policy } = prepared();
  const [pids, page, again] = ['pids', 'page', 'again'].map((name) => join(newFolder(), name)) as [
    string,
    string,
    string,
  ];
  const first = await serve(data, '--policy', policy, '--on-finding', `${hook} hangs ${pids}`);
  await failUntil(data, () => existsSync(pids) && readFileSync(pids, 'utf8').endsWith('\n'));
  // Neither the viewer nor a cycle waits for the hook.
  expect((await fetch(`${first.url}healthz`)).status).toBeLessThan(600);
  await failToCollect(data);
  const [message] = readOutbox(data).queues['on-finding']?.waiting ?? [];
  expect(message).toMatchObject({ isTried: true });
  first.child.kill('SIGKILL');
  await first.ended;
  for (const pid of readFileSync(pids, 'utf8').trim().split(' ').map(Number)) process.kill(pid, 'SIGKILL');

  const second = await serve(data, '--policy', policy, '--on-finding', `${hook} takes ${page}`);
  await until('the page is delivered', () => readOutbox(data).queues['on-finding']?.waiting.length === 0);
  const sent = JSON.parse(readFileSync(page, 'utf8')) as { id: string; page: { identity: string } };
  expect(sent).toMatchObject({ id: message?.id, page: { identity: 'alone/collecting/all' } });
  second.child.kill('SIGTERM');
  expect(await second.ended).toMatchObject({ status: 0, stderr: '' });

  // The page is known as open, and not sent to the hook again.
  const receiver = await httpReceiver();
  closing.push(receiver.close);
  const third = [`${hook} takes ${again}`, `http://${receiver.host}`] as const;
  await serve(data, '--policy', policy, '--on-finding', third[0], '--alertmanager', third[1]);
  await until('the open page is reported', () =>
    receiver.received.some(({ body }) => body.includes('alone/collecting/all')),
  );
  await failToCollect(data);
  expect(existsSync(again)).toBe(false);
}, 1_800_000);

test('a receiver that answers 500 is a finding, and gets the page at the next step', async () => {
  const { data, policy } = prepared();
  const receiver = await httpReceiver();
  closing.push(receiver.close);
  const url = `http://me:secret@${receiver.host}`;
  receiver.answers.push(...Array<number>(1000).fill(500));
  const serving = await serve(data, '--policy', policy, '--alertmanager', url);
  await failUntil(data, () => receiver.received.length > 0);
  await until('the failure is kept', () => readFileSync(join(data, 'pages.json'), 'utf8').includes('answered 500'));
  const { stdout } = await run(['status', '--data', data, '--policy', policy, '--format', 'json']);
  expect(stdout).toContain('"kind": "pages-undelivered"');
  expect(await (await fetch(`${serving.url}api/findings`)).text()).toContain('pages-undelivered');
  receiver.answers.length = 0;
  await failUntil(data, () => serving.said().includes('works again'));
  expect(receiver.received.at(-1)?.body).toContain('"cause":"alone/collecting/all"');
  expect(`${serving.said()}${stdout}${readFileSync(join(data, 'pages.json'), 'utf8')}`).not.toContain('secret');
}, 1_800_000);

test('mail of the policy is sent, after a time without a mail server too, and when the cause is over', async () => {
  const server = await smtpServer();
  const { data, policy } = prepared(
    `mail: {to: ops@example.com, from: lvs@example.com, server: "smtp://127.0.0.1:${server.port}"}\n`,
  );
  await server.close();
  const serving = await serve(data, '--policy', policy, '--director', 'lb7');
  await failUntil(data, () => serving.said().includes('ECONNREFUSED'));
  const back = await smtpServer(server.port);
  closing.push(back.close);
  await failUntil(data, () => back.mails.length > 0);
  expect(back.mails[0]?.text).toMatch(/^PAGE critical: director: collecting fails/m);
  await until('the page is resolved', async () => {
    await untilAfter(Math.floor(Date.now() / 1000));
    await run(['collect', '--no-pictures', '--data', data, '--ipvsadm', printingStep('sequence/003-traffic')]);
    return back.mails.some(({ text }) => /^RESOLVED: director/m.test(text));
  });
}, 1_800_000);

test('the heartbeat beats with good cycles only', async () => {
  const { data, policy } = prepared();
  const receiver = await httpReceiver();
  closing.push(receiver.close);
  await serve(data, '--policy', policy, '--heartbeat', `http://${receiver.host}/ping`);
  await failToCollect(data);
  await untilAfter(Math.floor(Date.now() / 1000));
  expect(receiver.received).toEqual([]);
  await run(['collect', '--no-pictures', '--data', data, '--ipvsadm', printingStep('sequence/003-traffic')]);
  await until('a heartbeat', () => receiver.received.length > 0);
  expect(receiver.received.map(({ path }) => path)).toEqual(['/ping']);
  // It pages nobody, so it keeps nothing about pages.
  expect(existsSync(join(data, 'pages.json'))).toBe(false);
}, 1_800_000);

describe('serve refuses', () => {
  test.each<readonly [title: string, args: readonly string[], says: string]>([
    [
      'an address that is none',
      ['--alertmanager', 'ftp://me:secret@am'],
      '--alertmanager is not the address of a receiver',
    ],
    ['a heartbeat to nowhere', ['--heartbeat', 'secret'], '--heartbeat is not the address of a receiver'],
    ['an empty hook', ['--on-finding', ' '], 'the command of --on-finding is empty'],
    ['a hook with an open quote', ['--on-finding', "page 'x"], 'is not closed'],
  ])('%s', async (_, args, says) => {
    const { status, stdout, stderr } = await run(['serve', '--data', newFolder(), ...args]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('secret');
  });
});
