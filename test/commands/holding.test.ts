// Clients that do not read, against a server in its own process: its memory stays small, and it answers others.
// LVS_STATS_SOCKETS=900 makes more of them.

import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { printingStep } from './fakes.js';
import { run, scratch, start } from './program.js';

const newFolder = scratch();
const sockets = Number(process.env['LVS_STATS_SOCKETS'] ?? 300);

/** A hundred days of rows, known or not, are 1.5 MB. Each request differs from the one before. */
const paths = [
  (n: number) => `/api/series?name=all&since=95d&until=now-${n}min`,
  (n: number) => `/api/series.csv?name=all&since=95d&until=now-${n}min`,
  (n: number) => `/live/graph?name=all&type=traffic&since=${20 + (n % 70)}d&width=4000`,
  (n: number) => `/live/stack?name=all&type=traffic&since=${20 + (n % 70)}d&width=4000`,
  (n: number) => `/all?since=${20 + (n % 70)}d`,
];

/** The resident memory of a process, in megabytes. */
function residentMb(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Sends a request and reads only the beginning of the answer, which is the result. */
function ask(port: number, path: string): { readonly socket: Socket; readonly begun: Promise<string> } {
  const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`));
  const begun = new Promise<string>((resolve) => {
    socket.once('data', (bytes) => {
      socket.pause();
      resolve(bytes.toString('latin1', 0, 12));
    });
    // The server may also drop the client before its turn.
    socket.once('close', () => resolve('dropped'));
  });
  socket.on('error', () => {});
  return { socket, begun };
}

describe(`${sockets} clients that do not read`, () => {
  test('take little memory and do not affect others', async () => {
    const data = newFolder();
    await run(['collect', '--no-pictures', '--data', data, '--ipvsadm', printingStep('sequence/003-traffic')]);
    const { child, ended } = start(['serve', '--no-collect', '--listen', '127.0.0.1:0', '--data', data]);
    const url = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stdout?.on('data', (more: string) => {
        text += more;
        const found = /answers at (\S+)/.exec(text)?.[1];
        if (found !== undefined) resolve(found);
      });
      void ended.then(({ stderr }) => reject(new Error(stderr)));
    });
    const port = Number(new URL(url).port);
    const asked = Array.from({ length: sockets }, (_, n) => ask(port, paths[n % paths.length]?.(n) ?? '/'));
    let begun = 0;
    for (const one of asked) void one.begun.then(() => (begun += 1));
    // This path has no queue: the server answers while most of the others wait.
    expect([200, 503]).toContain((await fetch(`${url}healthz`)).status);
    expect(begun).toBeLessThan(sockets);
    const statuses = await Promise.all(asked.map((one) => one.begun));
    expect(
      new Set(statuses.filter((status) => !/^HTTP\/1\.1 (200|429)$/.test(status) && status !== 'dropped')),
    ).toEqual(new Set());
    expect(statuses.filter((status) => status === 'HTTP/1.1 200').length).toBeGreaterThan(20);
    expect(residentMb(child.pid)).toBeLessThan(300);
    expect((await fetch(`${url}services`)).status).toBe(200);
    for (const { socket } of asked) socket.destroy();
    child.kill('SIGTERM');
    expect((await ended).status).toBe(0);
  });
});
