// `serve` as a process: how it starts, and how it stops whatever is under way.

import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { untilTried } from '../store/tries.js';
import { until } from '../until.js';
import { fakeCommand, printingStep } from './fakes.js';
import { scratch, start } from './program.js';
import { running } from './running.js';
import { endServer, startServer } from './server.js';

const newFolder = scratch();
const signals = ['SIGTERM', 'SIGINT'] as const;

test('serve answers to the names in its options, and explains how to add others', async () => {
  const answerOf = (url: string, host: string): Promise<string> =>
    new Promise((resolve) => {
      let text = '';
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
        socket.write(`GET /services HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      });
      socket.on('data', (bytes) => {
        text += bytes.toString();
      });
      socket.on('close', () => resolve(text));
    });
  const args = ['--no-collect', '--host', 'a.example', '--host', 'b.example', '--proxy', '127.0.0.1'];
  const serving = await startServer(newFolder(), ...args);
  for (const host of ['a.example', 'b.example:1', 'localhost', hostname()]) {
    expect(await answerOf(serving.url, host)).toMatch(/^HTTP\/1.1 200 /);
  }
  const refusal = await answerOf(serving.url, 'c.example');
  expect(refusal).toMatch(/^HTTP\/1.1 421 /);
  expect(refusal).toContain('--host NAME');
  await endServer(serving, 'SIGTERM');
});

describe.concurrent('serve', () => {
  test.for(signals)('ends cleanly on %s while ipvsadm hangs, and ends that too', async (signal) => {
    const data = newFolder();
    const mark = `${data}-mark`;
    const serving = await startServer(data, '--ipvsadm', fakeCommand('hangs', mark));
    await until('ipvsadm runs', () => running(mark).length > 0);
    const ended = await endServer(serving, signal);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(data, 'serve.sock'))).toBe(false);
    await until('ipvsadm has ended', () => running(mark).length === 0);
  });

  test('ends cleanly while its cycle waits for another collector', async () => {
    const data = newFolder();
    const mark = `${data}-mark`;
    const other = start(['collect', '--no-pictures', '--data', data, '--ipvsadm', fakeCommand('hangs', mark)]);
    await until('ipvsadm runs', () => running(mark).length > 0);
    const serving = await startServer(data, '--ipvsadm', printingStep('sequence/003-traffic'));
    await untilTried(join(data, 'locks', 'collect'));
    const ended = await endServer(serving, 'SIGTERM');
    other.child.kill('SIGTERM');
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(data, 'serve.sock'))).toBe(false);
    await other.ended;
  });

  test('leaves no socket behind, whenever a signal comes during its start', async () => {
    const data = newFolder();
    const started = start(['serve', '--listen', '127.0.0.1:0', '--data', data, '--no-collect']);
    await until('the socket is there', () => existsSync(join(data, 'serve.sock')));
    expect(await endServer(started, 'SIGTERM')).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(data, 'serve.sock'))).toBe(false);
  });
});
