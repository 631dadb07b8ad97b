// `serve --agents` as a process: agents report, a cut is found, shown, paged and queried, and survives a kill.

import { randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { agentKey, authorizationOf } from '../../src/links/protocol/authorization.js';
import { roundAt } from '../../src/model/links/round.js';
import { httpReceiver } from '../alert/channels/http-receiver.js';
import { until } from '../until.js';
import { type RunningProgram, run, scratch, start } from './program.js';

const newFolder = scratch();
const secret = randomBytes(32).toString('hex');
const started: RunningProgram[] = [];

afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.map(({ ended }) => ended));
  started.length = 0;
});

function secretFile(): string {
  const path = join(newFolder('secret'), 'agents.secret');
  writeFileSync(path, `# since 2026\n${secret}\n`, { mode: 0o600 });
  return path;
}

/** Serves agents; resolves to the addresses of the viewer and of the listener once both answer. */
async function serve(data: string, agents: string | null, ...args: readonly string[]) {
  const own = agents === null ? [] : ['--agents', agents, '--agents-listen', '127.0.0.1:0'];
  const program = start(['serve', '--no-collect', '--data', data, '--listen', '127.0.0.1:0', ...own, ...args]);
  started.push(program);
  let out = '';
  program.child.stdout?.on('data', (text: string) => {
    out += text;
  });
  const urlOf = (said: string): string => new RegExp(`${said} (\\S+?)/?\\n`).exec(out)?.[1] ?? '';
  await until('the viewer answers', () => urlOf('the viewer answers at') !== '');
  return { ...program, viewer: urlOf('the viewer answers at'), agents: urlOf('agents report to') };
}

/** Sends a request of an agent; resolves to its status. */
async function send(base: string, name: string, what: 'links' | 'results', report?: object): Promise<Response> {
  const timeS = Math.floor(Date.now() / 1000);
  const [method, path] = [report === undefined ? 'GET' : 'POST', `/api/v1/agents/${name}/${what}`];
  const body = Buffer.from(report === undefined ? '' : JSON.stringify(report));
  const authorization = authorizationOf(agentKey(secret, name), name, { method, path, timeS, body });
  return fetch(`${base}${path}`, { method, headers: { authorization }, ...(report === undefined ? {} : { body }) });
}

const well = '1111111111';
const lost = '0000000000';

/** Two agents, which report as often as a test wants: they are never silent, however slow the machine. */
class Agents {
  readonly base: string;
  readonly #newest = new Map<string, { readonly round: number; readonly part: number }>();

  constructor(base: string) {
    this.base = base;
  }

  /** Reports of both about 10.0.0.1 and 10.0.0.2: another part of the newest round, or a later round. */
  async report(outcomes: string): Promise<void> {
    for (const name of ['web01', 'web02']) {
      const before = this.#newest.get(name);
      const round = Math.max(before?.round ?? 0, roundAt(name, Date.now() / 1000));
      const part = before?.round === round ? before.part + 1 : 0;
      expect(await sendReport(this.base, name, { round, part }, outcomes)).toBe(204);
      this.#newest.set(name, { round, part });
    }
  }

  /** Sends the newest report of the first agent again, to a server; resolves to the status. */
  repeat(base: string): Promise<number> {
    return sendReport(base, 'web01', this.#newest.get('web01') ?? { round: 0, part: 0 }, well);
  }
}

async function sendReport(
  base: string,
  name: string,
  part: { readonly round: number; readonly part: number },
  outcomes: string,
): Promise<number> {
  const results = [['10.0.0.1', outcomes] as const, ['10.0.0.2', well] as const].map(([to, own]) => {
    const rtt = own.includes('1') ? 0.5 : null;
    return { to, outcomes: own, rtt, rttMax: rtt };
  });
  const about = { role: 'be', dc: 'tx', load: 0.25, nginxErrRate: 1.5 };
  const own = { ...part, about, results, connections: [], imports: results.map(({ to }) => to) };
  return (await send(base, name, 'results', own)).status;
}

describe('serve --agents', () => {
  test('finds a cut, shows it everywhere, pages it once, and remembers it when it is killed', async () => {
    const [data, agents] = [newFolder(), secretFile()];
    const receiver = await httpReceiver();
    const policy = join(newFolder('policy'), 'policy.yaml');
    writeFileSync(policy, 'pages: {hold-host: 1s, hold-service: 1s, hold-server: 2s}\n');
    const paging = ['--policy', policy, '--alertmanager', `http://${receiver.host}`];
    try {
      const first = await serve(data, agents, ...paging);
      const reporting = new Agents(first.agents);
      await reporting.report(well);
      await reporting.report(lost);
      const links = await send(first.agents, 'web01', 'links');
      expect(await links.json()).toMatchObject({ agent: 'web01', links: [{ to: '10.0.0.1' }, { to: '10.0.0.2' }] });

      await until('the cut is found', async () => (await run(['status', '--data', data])).stdout.includes('10.0.0.1'));
      await reporting.report(lost);
      const said = await run(['links', '--data', data]);
      expect(said.stdout).toMatch(/^1 finding: 2 agents watch 4 links, 2 lost$/m);
      expect(said.stdout).toMatch(/10\.0\.0\.1 +does not answer 2 agents: 2 of 2 links to it are lost$/m);
      expect(said.status).toBe(1);
      const map = await run(['map', '--data', data]);
      expect([map.status, map.stderr]).toEqual([0, '']);
      expect(map.stdout).toMatch(/\nbe \(2\) +unknown \(2\) +\? +4 +2\n$/);
      await reporting.report(lost);
      const nagios = await run(['links', '--data', data, '--format', 'nagios']);
      expect(nagios.stdout).toMatch(
        /^LINKS WARNING: 10\.0\.0\.1: does not answer 2 agents: 2 of 2 links to it are lost \| lost=2;;;0 lossy=0;;;0 /,
      );
      const query = 'SELECT load, nginxErrorRate FROM data WHERE role = "be" ORDER by nginxErrorRate DESC';
      await reporting.report(lost);
      const rows = await run(['links', '--data', data, '--sql', query, '--format', 'csv']);
      expect(rows.stdout).toBe('load,nginxErrorRate\n0.25,1.5\n0.25,1.5\n');

      await reporting.report(lost);
      const page = await (await fetch(`${first.viewer}/links?${new URLSearchParams({ sql: query })}`)).text();
      expect(page).toContain('does not answer 2 agents: 2 of 2 links to it are lost');
      expect(page).toContain('<td>0.25</td><td>1.5</td>');
      const api = (await (await fetch(`${first.viewer}/api/links`)).json()) as { findings: { text: string }[] };
      expect(api.findings.map(({ text }) => text)).toEqual([
        '10.0.0.1: does not answer 2 agents: 2 of 2 links to it are lost',
      ]);
      await reporting.report(lost);
      const sql = await fetch(`${first.viewer}/api/sql?${new URLSearchParams({ q: query })}`);
      expect(await sql.json()).toMatchObject({
        rows: [
          [0.25, 1.5],
          [0.25, 1.5],
        ],
      });
      const examples = await (await fetch(`${first.viewer}/api`)).text();
      expect(examples).toContain('/api/links');
      expect(examples).toContain('/api/sql.csv');
      const bodies = (): string => receiver.received.map(({ body }) => body).join('\n');
      await until('the page goes out', () => bodies().includes('host/10.0.0.1'));

      // The file is written within a minute, or at the end.
      first.child.kill('SIGTERM');
      await first.ended;
      const second = await serve(data, agents, ...paging);
      await until('the cut is known', async () =>
        (await run(['links', '--data', data])).stdout.includes('does not answer'),
      );
      expect(await reporting.repeat(second.agents)).toBe(409);
      const findingsOf = (text: string): string => /"id": "(link-lost[^"]*)"/.exec(text)?.[1] ?? '';
      const [before, after] = [
        JSON.stringify(api, null, 1),
        (await run(['links', '--data', data, '--format', 'json'])).stdout,
      ];
      expect(findingsOf(after)).toBe(findingsOf(before));
    } finally {
      await receiver.close();
    }
  });

  test('says that nobody watches where no agent reports', async () => {
    const [data, agents] = [newFolder(), secretFile()];
    const plain = await serve(data, null);
    const none = await run(['links', '--data', data]);
    expect((await fetch(`${plain.viewer}/links`)).status).toBe(404);
    plain.child.kill('SIGTERM');
    await plain.ended;
    expect([none.status, none.stderr]).toEqual([3, expect.stringContaining('serve --agents FILE')]);
    const { viewer } = await serve(data, agents);
    const silent = await run(['links', '--data', data, '--format', 'nagios']);
    expect([silent.status, silent.stdout]).toEqual([
      3,
      expect.stringMatching(/^LINKS UNKNOWN: 0 agents watch 0 links /),
    ]);
    expect(await (await fetch(`${viewer}/links`)).text()).toContain('No agent has reported yet');
  });

  test('prints the key of an agent, which then is accepted', async () => {
    const [data, agents] = [newFolder(), secretFile()];
    const { stdout } = await run(['links', '--token', 'web01', '--agents', agents]);
    expect(stdout).toBe(`${agentKey(secret, 'web01')}\n`);
    const served = await serve(data, agents);
    const url = `${served.agents}/api/v1/agents/web01/list.txt`;
    const statuses = [stdout.trim(), 'f'.repeat(64)].map(async (key) => {
      const { status } = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
      return status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 401]);
  });

  test('refuses secrets that others can read, short ones, and clear text beyond this machine', async () => {
    const agents = secretFile();
    const tried = (...args: readonly string[]) => run(['serve', '--no-collect', '--data', newFolder(), ...args]);
    const open = await tried('--agents', agents, '--agents-listen', '0.0.0.0:0');
    expect([open.status, open.stderr]).toEqual([2, expect.stringMatching(/clear text.*--agents-cert/)]);
    chmodSync(agents, 0o644);
    const shared = await tried('--agents', agents);
    expect([shared.status, shared.stderr]).toEqual([1, expect.stringMatching(/everybody.*chmod 600/)]);
    expect(shared.stderr).not.toContain(secret);
    chmodSync(agents, 0o600);
    writeFileSync(agents, 'short\n');
    const short = await tried('--agents', agents);
    expect([short.status, short.stderr]).toEqual([1, expect.stringMatching(/shorter than 16/)]);
  });
});
