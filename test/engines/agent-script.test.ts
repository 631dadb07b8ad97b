// The agent for containers, in the shells of Debian and busybox, with real fping and curl, against a server that checks what it gets.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConnections } from '../../src/agent/host/read-connections.js';
import { agentKey } from '../../src/links/protocol/authorization.js';
import { parseFping } from '../../src/model/links/fping-output.js';
import { type FakeServer, fakeServer, secret } from '../agent/fake-server.js';
import { until } from '../until.js';
import { hasProgram } from './engine.js';

const script = join(import.meta.dirname, '../../docs/agent/agent.sh');
const proc = join(import.meta.dirname, '../fixtures/agent/proc');
/** Rounds of the script are those of the list: whole seconds. */
const timing = { lengthS: 4, phaseS: 0, probes: 3, spacingS: 1, timeoutMs: 500 };
const key = agentKey(secret, 'box1');

const isComplete = ['fping', 'curl', 'busybox', 'dash'].every(hasProgram);

let folder = '';
let server: FakeServer;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-stats-script-'));
  server = await fakeServer(timing);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A PATH with busybox for everything but fping and curl. */
function busyboxPath(): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  execFileSync('busybox', ['--install', '-s', bin]);
  for (const program of ['fping', 'curl']) {
    const path = execFileSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
    symlinkSync(path, join(bin, program));
  }
  return bin;
}

interface Run {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

function start(shell: readonly string[], args: readonly string[], env: Readonly<Record<string, string>>): Run {
  const [file = '', ...words] = shell;
  const child = spawn(file, [...words, script, ...args], { env: { ...process.env, TMPDIR: folder, ...env } });
  children.push(child);
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  child.stdout?.resume();
  return { child, said: () => text, ended: new Promise((resolve) => child.once('close', resolve)) };
}

const usual = (): readonly string[] => ['--to', server.url, '--name', 'box1'];

describe.skipIf(!isComplete)('agent.sh (skipped without fping, curl, busybox and dash)', () => {
  const shells = [
    ['dash', () => ({ words: ['dash'], env: {} })],
    ['busybox', () => ({ words: [join(busyboxPath(), 'sh')], env: { PATH: join(folder, 'bin') } })],
  ] as const;

  test.each(shells)('posts what fping says of the links of the list, and its connections, in %s', async (_, shell) => {
    server.links = ['127.0.0.2', '127.0.0.3'];
    const { words, env } = shell();
    const { ended, said } = start(words, [...usual(), '--once'], { ...env, LVS_STATS_AGENT_KEY: key });
    expect([await ended, said()]).toEqual([0, '']);
    const [pings = '', counts] = server.texts[0]?.split('# connections\n') ?? [];
    expect([...parseFping(pings)].map(([address, times]) => [address, times.length])).toEqual([
      ['127.0.0.1', 3],
      ['127.0.0.2', 3],
      ['127.0.0.3', 3],
    ]);
    expect(counts?.split('\n').filter((line) => !/^(in|out) \S+ \S+ \d+ \d+$/.test(line))).toEqual(['']);
    // Nothing stays behind.
    expect(readdirSync(folder).filter((name) => name !== 'bin')).toEqual([]);
  });

  test.each(shells)('counts connections as the agent does, in %s', async (_, shell) => {
    const { words, env } = shell();
    const text = readFileSync(script, 'utf8');
    const own = /^connections\(\) \{$[\s\S]*?^\}$/m.exec(text)?.[0].replaceAll('/proc/', `${proc}/`);
    writeFileSync(join(folder, 'connections.sh'), `${own}\nconnections\n`);
    const [file = '', ...args] = words;
    const printed = execFileSync(file, [...args, join(folder, 'connections.sh')], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    const { connections } = await readConnections(proc);
    const lines = connections.map(({ dir, local, peer, port, n }) => `${dir} ${local} ${peer} ${port} ${n}`);
    expect(printed.trim().split('\n').sort()).toEqual([...lines].sort());
  });

  test('says once that a server is away, and reports when it is back', async () => {
    let isAway = true;
    server.refuse = (_, response) => {
      if (isAway) response.writeHead(503).end();
      return isAway;
    };
    const { said, child, ended } = start(['dash'], usual(), { LVS_STATS_AGENT_KEY: key });
    await until('it says so', () => said().includes('does not give the links (503'));
    isAway = false;
    await until('it reports', () => server.texts.length > 1);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(
      said()
        .split('\n')
        .filter((line) => line.includes('does not give the links')),
    ).toHaveLength(1);
    expect(said()).toContain('takes reports again');
  });

  test('ends at once, with what it started', async () => {
    server.links = ['127.0.0.2'];
    const { child, ended } = start(['dash'], usual(), { LVS_STATS_AGENT_KEY: key });
    await until('it has the list', () => server.seen.length > 0);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('shows its key in no argument of a program', async () => {
    const { child, ended } = start(['dash'], [...usual(), '--once'], { LVS_STATS_AGENT_KEY: key });
    const seen = new Set<string>();
    const looking = setInterval(() => {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
          seen.add(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
        } catch {
          // It has ended.
        }
      }
    }, 5);
    await ended;
    clearInterval(looking);
    expect(child.exitCode).toBe(0);
    expect([...seen].some((line) => line.startsWith('fping'))).toBe(true);
    expect([...seen].filter((line) => line.includes(key))).toEqual([]);
  });

  test.each([
    [['--to', 'http://lb1:8443', '--name', 'a'], /sent in clear text/],
    [['--to', 'http://127.0.0.1.example.com', '--name', 'a'], /sent in clear text/],
    [['--to', 'http://localhost.example.com', '--name', 'a'], /sent in clear text/],
    [['--to', 'http://[::1].example.com', '--name', 'a'], /sent in clear text|no address/],
    [['--to', 'http://127.0.0.1@example.com', '--name', 'a'], /sent in clear text|no address/],
    [['--to', 'lb1', '--name', 'a'], /--to needs https/],
    [['--name', 'a'], /--to needs https/],
    [['--to', 'https://lb1', '--name', 'a/../b'], /--name needs/],
    [['--to', 'https://lb1', '--name'], /--name needs a value/],
    [['--to', 'https://lb1 -o /etc/passwd', '--name', 'a'], /no address/],
    [['--to', 'https://lb1', '--name', 'a', '--nonsense'], /--nonsense/],
  ])('refuses %j', async (args, expected) => {
    const { ended, said } = start(['dash'], args, { LVS_STATS_AGENT_KEY: key });
    expect(await ended).toBe(2);
    expect(said()).toMatch(expected);
    expect(said()).not.toContain(key);
  });

  test.each(['', 'short', 'F'.repeat(64)])('refuses the key "%s"', async (wrong) => {
    const { ended, said } = start(['dash'], usual(), { LVS_STATS_AGENT_KEY: wrong });
    expect(await ended).toBe(2);
    expect(said()).toContain('there is no key');
  });
});
