// `serve` as a process of its own: how it begins, and how it ends whatever is under way.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { fakeCommand, printingStep } from './fakes.js';
import { type Run, type Started, scratch, start } from './program.js';

const newFolder = scratch();
const signals = ['SIGTERM', 'SIGINT'] as const;

interface Serving extends Started {
  readonly data: string;
  /** What it has printed when it answers. */
  readonly url: string;
}

/** Starts it on a port of its own choice, and waits until it answers. */
async function serve(data: string, ...args: readonly string[]): Promise<Serving> {
  const started = start(['serve', '--listen', '127.0.0.1:0', '--data', data, ...args]);
  return { ...started, data, url: await answering(started) };
}

function answering({ child, ended }: Started): Promise<string> {
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

/** Sends a signal, waits for the end, and tells how long that took. */
async function end({ child, ended }: Started, signal: NodeJS.Signals): Promise<Run & { readonly tookMs: number }> {
  const startMs = performance.now();
  child.kill(signal);
  return { ...(await ended), tookMs: performance.now() - startMs };
}

/** Waits until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  for (const endMs = performance.now() + 10_000; !isSo(); await pause(20)) {
    if (performance.now() > endMs) throw new Error('it has not come');
  }
}

/** Processes that were started with this word among their arguments. */
function running(word: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => argumentsOf(pid).includes(word))
    .map(Number);
}

function argumentsOf(pid: string): readonly string[] {
  try {
    return readFileSync(join('/proc', pid, 'cmdline'), 'utf8').split('\0');
  } catch {
    return [];
  }
}

describe.concurrent('serve', () => {
  test.for(signals)('ends cleanly with %s while ipvsadm hangs, and ends that too', async (signal) => {
    const data = newFolder();
    const mark = `${data}-mark`;
    const serving = await serve(data, '--ipvsadm', fakeCommand('hangs', mark));
    await until(() => running(mark).length > 0);
    const ended = await end(serving, signal);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.tookMs).toBeLessThan(5000);
    expect(existsSync(join(data, 'serve.sock'))).toBe(false);
    await until(() => running(mark).length === 0);
  });

  test('ends cleanly while its cycle waits for another collector', async () => {
    const data = newFolder();
    const mark = `${data}-mark`;
    const other = start(['collect', '--no-pictures', '--data', data, '--ipvsadm', fakeCommand('hangs', mark)]);
    await until(() => running(mark).length > 0);
    const serving = await serve(data, '--ipvsadm', printingStep('sequence/003-traffic'));
    await pause(300);
    const ended = await end(serving, 'SIGTERM');
    other.child.kill('SIGTERM');
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.tookMs).toBeLessThan(4000);
    expect(existsSync(join(data, 'serve.sock'))).toBe(false);
    await other.ended;
  });

  test('leaves no socket behind, whenever while it begins a signal comes', async () => {
    const data = newFolder();
    const started = start(['serve', '--listen', '127.0.0.1:0', '--data', data, '--no-collect']);
    await until(() => existsSync(join(data, 'serve.sock')));
    expect(await end(started, 'SIGTERM')).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(data, 'serve.sock'))).toBe(false);
  });
});
