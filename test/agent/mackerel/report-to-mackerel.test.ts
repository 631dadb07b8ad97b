// Reports to a Mackerel that refuses what its documentation does not allow.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Checks, mostChecks, openChecks } from '../../../src/agent/mackerel/checks.js';
import { mackerelOf } from '../../../src/agent/mackerel/mackerel-options.js';
import { reportToMackerel } from '../../../src/agent/mackerel/report-to-mackerel.js';
import { type Journal, openJournal } from '../../../src/agent/pool/journal.js';
import type { Clock } from '../../../src/agent/timing.js';
import { type Member, parseServices } from '../../../src/peers/member.js';
import { until } from '../../until.js';
import { type FakeMackerel, fakeMackerel } from './fake-mackerel.js';

const db1 = { member: 'db1', service: 'redis/6379' };
const beginS = 1_800_000_000;

/** A clock that passes only when a test says so. */
function manualClock(): { clock: Clock; passTo: (ms: number) => void; sleepers: () => number } {
  let nowMs = 0;
  const sleeping = new Set<{ untilMs: number; wake: () => void }>();
  return {
    clock: {
      nowMs: () => beginS * 1000 + nowMs,
      steadyMs: () => nowMs,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          const one = { untilMs: nowMs + ms, wake: () => {} };
          one.wake = () => {
            signal.removeEventListener('abort', one.wake);
            sleeping.delete(one);
            resolve();
          };
          sleeping.add(one);
          signal.addEventListener('abort', one.wake);
          if (signal.aborted) one.wake();
        }),
    },
    passTo(ms) {
      nowMs = ms;
      for (const one of [...sleeping]) if (one.untilMs <= ms) one.wake();
    },
    sleepers: () => sleeping.size,
  };
}

interface Running {
  readonly checks: Checks;
  readonly journal: Journal;
  readonly lines: string[];
  /** Lets time pass, ms, in steps of ten seconds, each after all work is done. */
  readonly pass: (ms: number) => Promise<void>;
  readonly end: () => Promise<void>;
  members: readonly Member[] | null;
}

describe('an agent with a key of Mackerel', () => {
  let fake: FakeMackerel;
  let ends: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    fake = await fakeMackerel();
  });
  afterEach(async () => {
    for (const end of ends) await end();
    ends = [];
    await fake.close();
  });

  const start = async (): Promise<Running> => {
    const { clock, passTo, sleepers } = manualClock();
    const lines: string[] = [];
    const checks = openChecks();
    const journal = openJournal(() => {}, checks.note);
    const abort = new AbortController();
    const { url, key, hostId, service } = fake;
    const place = { url, key, timeoutMs: 20_000 };
    const running: { members: Running['members'] } = { members: [memberOf('db1', 'redis/6379')] };
    const known = () => {
      const { members } = running;
      return members === null ? null : { self: 'web.1', read: { members, serfPorts: new Map(), problems: [] } };
    };
    const reporting = reportToMackerel({
      ...{ place, hostId, service, checks, journal, clock, members: known, signal: abort.signal, lookMs: 10_000 },
      say: (text, level) => lines.push(`${level}: ${text}`),
    });
    const settled = () => until('all work is done', () => sleepers() === 2);
    await settled();
    const end = (): Promise<void> => {
      abort.abort();
      return reporting;
    };
    ends.push(end);
    return Object.assign(running, {
      ...{ checks, journal, lines, end },
      async pass(ms: number) {
        const untilMs = clock.steadyMs() + ms;
        while (clock.steadyMs() < untilMs) {
          passTo(Math.min(untilMs, clock.steadyMs() + 10_000));
          await settled();
        }
      },
    });
  };

  const named = (target = db1, atMs = 0): Parameters<Journal['effect']> => [
    { type: 'named', verdict: { target, outcome: 'closed', witnesses: ['web1', 'db7'], sinceMs: atMs } },
    atMs,
  ];

  test('has a check for each named target until it is back, and repeats it each minute', async () => {
    const { journal, pass } = await start();
    journal.effect(...named());
    await pass(70_000);
    const down = {
      source: { type: 'host', hostId: fake.hostId },
      name: 'peer db1 redis/6379',
      status: 'CRITICAL',
      message: 'lvs-stats: db1 redis/6379 is down: it refuses clients; seen by web1, db7',
    };
    expect(fake.reports).toEqual([
      { ...down, occurredAt: beginS + 10 },
      { ...down, occurredAt: beginS + 70 },
    ]);
    journal.effect({ type: 'cleared', target: db1, why: 'back' }, 75_000);
    await pass(130_000);
    expect(fake.reports.slice(2)).toEqual([
      { ...down, status: 'OK', message: 'lvs-stats: db1 redis/6379 is back after 75 s', occurredAt: beginS + 80 },
    ]);
    expect(fake.refusals).toEqual([]);
  });

  test('posts metrics once a minute, and none of what it does not know', async () => {
    const running = await start();
    running.journal.members({
      members: [memberOf('db1', 'redis/6379'), { ...memberOf('db2', ''), status: 'failed' }],
      serfPorts: new Map(),
      problems: [],
    });
    running.journal.effect({ type: 'quorum', isHeld: true, reached: 2, expected: 2 }, 0);
    running.journal.effect(...named());
    await running.pass(60_000);
    running.journal.effect({ type: 'quorum', isHeld: false, reached: 0, expected: 0 }, 60_000);
    await running.pass(60_000);
    running.members = null;
    await running.pass(60_000);
    const at = (time: number, values: Record<string, number>) =>
      Object.entries(values).map(([name, value]) => ({ name: `lvs_peers.${name}.web_1`, time: beginS + time, value }));
    expect(fake.metrics).toEqual([
      ...at(0, { quorum: 0 }),
      ...at(60, { quorum: 1, alive: 1, failed: 1, named: 1 }),
      ...at(120, { quorum: 0 }),
    ]);
    expect(fake.refusals).toEqual([]);
  });

  test('sends at most 100 reports in a request, and messages under 1,024 characters', async () => {
    const { journal, pass } = await start();
    for (let i = 0; i < 250; i += 1) {
      const witnesses = Array.from({ length: 400 }, (_, n) => `web${n}`);
      const target = { member: `db${i}`, service: 'redis/6379' };
      journal.effect({ type: 'named', verdict: { target, outcome: 'silent', witnesses, sinceMs: 0 } }, 0);
    }
    await pass(10_000);
    expect(fake.refusals).toEqual([]);
    expect(fake.reports).toHaveLength(250);
    expect(fake.seen.filter((one) => one.includes('checks'))).toHaveLength(3);
    expect(fake.reports[0]?.message).toHaveLength(1023);
  });

  test.each([
    ['refuses', (response: ServerResponse) => response.writeHead(500).end('no\u0007 room'), /refuses \(500: no room\)/],
    ['hangs up', (response: ServerResponse) => response.destroy(), /cannot be reached \(ECONNRESET\)/],
  ])(
    'when Mackerel %s, says so once, tries more rarely, and then reports what is in force',
    async (_, refuse, line) => {
      const { journal, pass, lines } = await start();
      fake.refuse = refuse;
      const other = { member: 'db2', service: 'mysql/3306' };
      journal.effect(...named());
      await pass(20_000);
      journal.effect(...named(other, 20_000));
      journal.effect({ type: 'cleared', target: db1, why: 'back' }, 30_000);
      await pass(3_600_000);
      const [about, ...more] = lines.filter((one) => one.includes('verdicts'));
      expect(about).toMatch(line);
      expect(about).toMatch(
        /^warning: Mackerel at 127\.0\.0\.1:\d+ .*: verdicts on peers in force are reported when it takes them$/,
      );
      expect(more).toEqual([]);
      // Every ten seconds it would be 360.
      expect(fake.seen.filter((one) => one.includes('checks')).length).toBeLessThan(20);
      expect(lines.join('\n')).not.toContain(fake.key);
      fake.refuse = null;
      await pass(300_000);
      expect(fake.statuses.get('peer db1 redis/6379')?.status).toBe('OK');
      expect(fake.statuses.get('peer db2 mysql/3306')?.status).toBe('CRITICAL');
      expect(lines.filter((one) => one.includes('again'))).toHaveLength(2);
    },
  );

  test('a service that Mackerel does not have holds up no checks', async () => {
    const { journal, pass, lines } = await start();
    fake.refuse = (response) => {
      const isMetrics = response.req.url?.endsWith('/tsdb');
      response.writeHead(isMetrics ? 404 : 200).end('{"error":"Service not found."}');
    };
    journal.effect(...named());
    await pass(130_000);
    expect(lines).toEqual([expect.stringMatching(/refuses \(404: \{"error":"Service not found\."\}\): metrics/)]);
    expect(fake.seen.filter((one) => one.includes('checks')).length).toBe(3);
  });

  test('what it loses sight of is unknown until a probe answers', async () => {
    const { journal, pass } = await start();
    journal.effect(...named());
    await pass(10_000);
    journal.effect({ type: 'cleared', target: db1, why: 'blind' }, 15_000);
    await pass(20_000);
    const status = () => fake.statuses.get('peer db1 redis/6379');
    expect(status()).toMatchObject({
      status: 'UNKNOWN',
      message: 'lvs-stats: db1 redis/6379 is unknown, since Serf does not answer',
    });
    journal.probed(db1, '10.0.0.1', { outcome: 'silent', ms: 2000, detail: '', atMs: 40_000 });
    await pass(20_000);
    expect(status()?.status).toBe('UNKNOWN');
    journal.probed(db1, '10.0.0.1', { outcome: 'alive', ms: 1, detail: '', atMs: 50_000 });
    await pass(20_000);
    expect(status()).toMatchObject({ status: 'OK', message: 'lvs-stats: db1 redis/6379 answers again' });
  });

  test('when it ends, its verdicts are unknown; when it starts again, it asks Mackerel about them', async () => {
    const first = await start();
    const gone = { member: 'db9', service: 'redis/6379' };
    first.journal.effect(...named());
    first.journal.effect(...named(gone));
    await first.pass(10_000);
    await first.end();
    expect([...fake.statuses.values()].map(({ status }) => status)).toEqual(['UNKNOWN', 'UNKNOWN']);

    const second = await start();
    second.journal.probed(db1, '10.0.0.1', { outcome: 'alive', ms: 1, detail: '', atMs: 5000 });
    await second.pass(20_000);
    expect(fake.statuses.get('peer db1 redis/6379')?.status).toBe('OK');
    // Nobody offers it any more.
    expect(fake.statuses.get('peer db9 redis/6379')?.status).toBe('OK');
  });

  test('keeps a bounded number of verdicts, and says so', async () => {
    const { checks, journal, pass, lines } = await start();
    for (let i = 0; i < mostChecks + 5; i += 1) journal.effect(...named({ member: `db${i}`, service: 'redis/6379' }));
    await pass(20_000);
    expect(checks.due(Number.POSITIVE_INFINITY)).toHaveLength(mostChecks);
    expect(lines).toEqual(['warning: there are more verdicts on peers than Mackerel gets: 1000 at most']);
  });
});

function memberOf(name: string, svc: string): Member {
  return { name, address: '10.0.0.1', status: 'alive', isAgent: true, services: parseServices(svc).services };
}

describe('the options of Mackerel', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lvs-stats-mackerel-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, text: string, mode = 0o600): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const place = () => ({ env: {}, timeoutMs: 1, idFile: join(folder, 'id') });

  test('name the host as mackerel-agent does', () => {
    file('id', '2eQGEaLxiYU\n', 0o644);
    const found = mackerelOf({ mackerelKey: file('key', 'secret\n') }, place());
    expect(found?.hostId).toBe('2eQGEaLxiYU');
    expect(found?.place.key).toBe('secret');
    expect(found?.place.url.href).toBe('https://api.mackerelio.com/');
    expect(mackerelOf({}, place())).toBeNull();
  });

  test.each([
    [{ mackerelService: 'web' }, /need --mackerel-key FILE/],
    [{ key: 0o600 }, /checks of a host, --mackerel-host ID .*--mackerel-service NAME/],
    [{ key: 0o644, mackerelService: 'web' }, /others may use the key of Mackerel in .*chmod 600/],
    [{ key: 0o600, mackerelService: 'a/b' }, /--mackerel-service a\/b is no name/],
    [{ key: 0o600, mackerelHost: 'a b' }, /correct --mackerel-host/],
    [{ key: 0o600, mackerelHost: 'a', mackerelUrl: 'http://10.0.0.1' }, /clear text: write https/],
    [{ key: 0o600, mackerelHost: 'a', mackerelUrl: 'api.mackerelio.com' }, /--mackerel-url is not understood/],
  ])('are refused: %j', ({ key, ...options }: { key?: number } & Record<string, unknown>, why) => {
    const keyed = key === undefined ? {} : { mackerelKey: file('key', 'topsecret', key) };
    const refusal = (): unknown => mackerelOf({ ...options, ...keyed }, place());
    expect(refusal).toThrow(why);
    expect(refusal).not.toThrow(/topsecret/);
  });
});
