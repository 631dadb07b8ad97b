// `serve` as a process: how it starts, and how it stops whatever is under way.

import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { untilTried } from '../store/tries.js';
import { until } from '../until.js';
import { fakeCommand, printingStep } from './fakes.js';
import { type Run, type RunningProgram, scratch, start } from './program.js';
import { running } from './running.js';

const newFolder = scratch();
const signals = ['SIGTERM', 'SIGINT'] as const;

/** Its limit for ipvsadm, 10 s, multiplied by the patience of tests. */
const patientMs = 100 * 10_000;

interface RunningServer extends RunningProgram {
  readonly data: string;
  /** The address that it printed. */
  readonly url: string;
}

/** Starts it on a port of its own choice, and waits until it answers. */
async function serve(data: string, ...args: readonly string[]): Promise<RunningServer> {
  const started = start(['serve', '--listen', '127.0.0.1:0', '--data', data, ...args]);
  return { ...started, data, url: await addressOf(started) };
}

function addressOf({ child, ended }: RunningProgram): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (more: string) => {
      text += more;
      const url = /the viewer answers at (\S+)/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    });
    void ended.then(({ status, stderr }) => reject(new Error(`ended with ${status}: ${stderr}`)));
  });
}

/** Sends a signal and waits for the end, which the program's patience does not cause. */
async function end({ child, ended }: RunningProgram, signal: NodeJS.Signals): Promise<Run> {
  const startMs = performance.now();
  child.kill(signal);
  const run = await ended;
  expect(performance.now() - startMs).toBeLessThan(patientMs);
  return run;
}

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
  const serving = await serve(newFolder(), ...args);
  for (const host of ['a.example', 'b.example:1', 'localhost', hostname()]) {
    expect(await answerOf(serving.url, host)).toMatch(/^HTTP\/1.1 200 /);
  }
  const refusal = await answerOf(serving.url, 'c.example');
  expect(refusal).toMatch(/^HTTP\/1.1 421 /);
  expect(refusal).toContain('--host NAME');
  await end(serving, 'SIGTERM');
});

describe.concurrent('serve', () => {
  test.for(signals)('ends cleanly on %s while ipvsadm hangs, and ends that too', async (signal) => {
    const data = newFolder();
    const mark = `${data}-mark`;
    const serving = await serve(data, '--ipvsadm', fakeCommand('hangs', mark));
    await until('ipvsadm runs', () => running(mark).length > 0);
    const ended = await end(serving, signal);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(data, 'serve.sock'))).toBe(false);
    await until('ipvsadm has ended', () => running(mark).length === 0);
  });

  test('ends cleanly while its cycle waits for another collector', async () => {
    const data = newFolder();
    const mark = `${data}-mark`;
    const other = start(['collect', '--no-pictures', '--data', data, '--ipvsadm', fakeCommand('hangs', mark)]);
    await until('ipvsadm runs', () => running(mark).length > 0);
    const serving = await serve(data, '--ipvsadm', printingStep('sequence/003-traffic'));
    await untilTried(join(data, 'locks', 'collect'));
    const ended = await end(serving, 'SIGTERM');
    other.child.kill('SIGTERM');
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(data, 'serve.sock'))).toBe(false);
    await other.ended;
  });

  test('leaves no socket behind, whenever a signal comes during its start', async () => {
    const data = newFolder();
    const started = start(['serve', '--listen', '127.0.0.1:0', '--data', data, '--no-collect']);
    await until('the socket is there', () => existsSync(join(data, 'serve.sock')));
    expect(await end(started, 'SIGTERM')).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(data, 'serve.sock'))).toBe(false);
  });
});
