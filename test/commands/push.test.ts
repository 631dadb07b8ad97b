// `lvs-stats push` against a receiver that misbehaves: rows arrive all the same, each once, and the messages say what is wrong.

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { hasOpenssl, makeCertificate } from '../collect/haproxy/certificates.js';
import { type FakeReceiver, startFakeReceiver } from '../push/fake-receiver.js';
import { endsTaken, rowsOfCycles, rowsTaken, storeCycles } from '../push/stored-cycles.js';
import { firstS } from '../store/sample-cycles.js';
import { until } from '../until.js';
import { run, scratch, start } from './program.js';

const folder = scratch();
let receiver: FakeReceiver | null = null;

afterEach(async () => {
  await receiver?.close();
  receiver = null;
});

const once = (data: string, url: string, ...args: readonly string[]) =>
  run(['push', '--data', data, '--to', url, '--director', 'lb1', '--once', ...args]);

test('every row arrives once, in order, and a second run has nothing to send', async () => {
  const data = folder();
  await storeCycles(data, 40);
  receiver = await startFakeReceiver();
  const { status, stdout, stderr } = await once(data, receiver.url);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(rowsTaken(receiver)).toEqual(rowsOfCycles(40));
  for (const cf of ['AVERAGE', 'MAX'])
    expect(endsTaken(receiver, `2h ${cf}`)).toEqual([firstS - (firstS % 7200) + 7200]);
  expect(stdout).toBe(`${receiver.taken.length} samples sent to ${receiver.url}/api/v1/write\n`);
  expect((await once(data, receiver.url)).stdout).toMatch(/^0 samples/);
  await storeCycles(data, 2);
  expect((await once(data, receiver.url)).status).toBe(0);
  expect(rowsTaken(receiver)).toEqual(rowsOfCycles(42));
});

test('an answer that is no success is tried again', async () => {
  const data = folder();
  await storeCycles(data, 40);
  receiver = await startFakeReceiver([500]);
  expect(await once(data, receiver.url)).toMatchObject({ status: 0, stderr: '' });
  expect(rowsTaken(receiver)).toEqual(rowsOfCycles(40));
});

test('--since leaves older rows out', async () => {
  const data = folder();
  await storeCycles(data, 40);
  receiver = await startFakeReceiver();
  expect((await once(data, receiver.url, '--since', String(firstS + 30 * 300))).status).toBe(0);
  expect(rowsTaken(receiver)).toEqual(rowsOfCycles(40).slice(30));
});

test('a daemon reports an outage in two lines, keeps a second one away, and ends at once', async () => {
  const data = folder();
  await storeCycles(data, 3);
  receiver = await startFakeReceiver([500, 500]);
  const own = receiver;
  const { child, ended } = start(['push', '--data', data, '--to', receiver.url, '--director', 'lb1']);
  await until('the rows arrive', () => rowsTaken(own).length === 2);
  // A patient one waits for minutes until the first ends.
  const other = await run(['push', '--data', data, '--to', receiver.url, '--director', 'lb1'], { isImpatient: true });
  expect(other).toMatchObject({ status: 1, stderr: expect.stringMatching(/another process pushes rows of lb1 to/) });
  child.kill('SIGTERM');
  const { status, stderr } = await ended;
  expect(status).toBe(0);
  expect(stderr).toMatch(
    /^\S+ \S+api\/v1\/write answers 500 .*; rows wait in the archives.*\n\S+ \S+ takes rows again\n$/,
  );
});

test('a login is sent, and never shown', async () => {
  const data = folder();
  await storeCycles(data, 3);
  receiver = await startFakeReceiver([401]);
  const { status, stdout, stderr } = await once(data, receiver.url.replace('http://', 'http://lb1:secret@'));
  expect([status, receiver.logins[0]]).toEqual([0, `Basic ${Buffer.from('lb1:secret').toString('base64')}`]);
  expect(stdout + stderr).not.toMatch(/secret/);
});

test.skipIf(!hasOpenssl)('--ca and --login reach a receiver with TLS (skipped without openssl)', async () => {
  const [data, keys] = [folder(), folder('keys')];
  await storeCycles(data, 3);
  const own = makeCertificate({ folder: keys, name: 'own' });
  receiver = await startFakeReceiver([], own);
  const login = join(keys, 'login');
  writeFileSync(login, 'Bearer abc\n', { mode: 0o600 });
  expect(await once(data, receiver.url, '--ca', own.certFile, '--login', login)).toMatchObject({
    status: 0,
    stderr: '',
  });
  expect([rowsTaken(receiver), new Set(receiver.logins)]).toEqual([rowsOfCycles(3), new Set(['Bearer abc'])]);
});

test('a cursor that cannot be read stops it', async () => {
  const data = folder();
  await storeCycles(data, 3);
  receiver = await startFakeReceiver();
  await once(data, receiver.url);
  const [name = ''] = readdirSync(data).filter((own) => own.startsWith('push-'));
  writeFileSync(join(data, name), '{');
  expect(await once(data, receiver.url)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/restore it, or move it away/),
  });
});

test.each([
  [['--to', 'nowhere'], /--to is not the address of a receiver/],
  [[], /name the receiver with --to URL/],
  [['--to', 'http://127.0.0.1:9', '--login', '/nowhere/login'], /cannot read .*correct --login/],
])('%j is an error', async (args, message) => {
  const { status, stderr } = await run(['push', '--data', folder(), '--once', ...args]);
  expect(status).toBeGreaterThan(0);
  expect(stderr).toMatch(message);
});
