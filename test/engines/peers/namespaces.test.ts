// Peers as in production, between network namespaces: Serf, Redis and the built agent on each of six hosts, of which applications die and which are parted.
// The agents have nobody to report to: what they find is in their logs.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openJournal } from '../../../src/agent/pool/journal.js';
import { until } from '../../until.js';
import { hasProgram } from '../engine.js';
import { cutsIn, inForceIn, judgesIn, type LoggedLine, verdictsIn } from './agent-log.js';
import { canMakeNamespaces } from './namespaces.js';
import { openPool, type Pool, poolService } from './pool.js';

const count = 6;

/** Longer than a verdict on silence is held, ms. */
const partedMs = 36_000;

test('the lines of a journal are understood', () => {
  const log: LoggedLine[] = [];
  const journal = openJournal((text) => log.push({ atMs: log.length, agent: 'n2', text: `lvs-stats: ${text}` }));
  const [service, host] = [
    { member: 'n1', service: poolService },
    { member: 'n3', service: null },
  ];
  journal.effect({ type: 'quorum', isHeld: true, reached: 3, expected: 3 }, 0);
  journal.effect({ type: 'held', target: service, untilMs: 0 }, 0);
  journal.effect({ type: 'outvoted', target: service }, 0);
  for (const [target, outcome] of [
    [service, 'closed'],
    [host, 'silent'],
  ] as const)
    journal.effect({ type: 'named', verdict: { target, outcome, witnesses: ['n2'], sinceMs: 0 } }, 0);
  expect(verdictsIn(log, 0)).toEqual([
    { atMs: 3, agent: 'n2', subject: 'n1 redis/6379' },
    { atMs: 4, agent: 'n2', subject: 'n3' },
  ]);
  expect(verdictsIn(log, 4)).toHaveLength(1);
  expect(cutsIn(log, 0)).toEqual([{ atMs: 2, agent: 'n2', subject: 'n1 redis/6379' }]);
  expect([...judgesIn(log)]).toEqual(['n2']);
  expect(inForceIn(log)).toEqual(new Map([['n2', new Set(['n1 redis/6379', 'n3'])]]));
  for (const [target, why] of [
    [service, 'back'],
    [host, 'gone'],
  ] as const)
    journal.effect({ type: 'cleared', target, why }, 0);
  journal.effect({ type: 'quorum', isHeld: false, reached: 1, expected: 3 }, 0);
  expect(inForceIn(log)).toEqual(new Map([['n2', new Set()]]));
  expect([...judgesIn(log)]).toEqual([]);
});

// A machine that lets nobody make namespaces, such as some containers, has no such tests.
const canPart = canMakeNamespaces();
if (!canPart) console.log('peers between network namespaces are not tested: nobody may make them here');
const noTests = (_name: string, _make: () => void): void => {};
const hasAll = ['serf', 'redis-server', 'setpriv'].every(hasProgram);

(canPart ? describe.skipIf(!hasAll) : noTests)(
  'six hosts in network namespaces (skipped without Serf and Redis)',
  () => {
    let folder = '';
    let pool: Pool;
    const isPeaceful = (): boolean => pool.judges().length === count && pool.inForce().length === 0;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'lvs-stats-pool-'));
      // Serf looks for lost members every 30 s otherwise.
      const config = join(folder, 'serf.json');
      writeFileSync(config, JSON.stringify({ reconnect_interval: '3s' }));
      pool = await openPool({
        prefix: `lvs-stats-${process.pid}`,
        count,
        folder,
        serfConfig: [`-config-file=${config}`],
      });
      for (const host of pool.hosts) pool.startAgent(host);
      await until('all reach each other', async () => {
        const alive = await Promise.all(pool.hosts.map(({ name }) => pool.aliveSeenBy(name)));
        return alive.every((one) => one === count) && isPeaceful();
      });
    });
    afterAll(async () => {
      await pool?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    test('a killed application is named by two observers, and nothing else is', async () => {
      const sinceMs = performance.now();
      const victim = pool.hostOf('n4');
      await victim.redis?.kill();
      const observers = (): number => new Set(verdictsIn(pool.log, sinceMs).map(({ agent }) => agent)).size;
      await until('two observers name it', () => observers() >= 2);
      pool.startRedis(victim);
      await until('it is back', isPeaceful);
      expect(new Set(verdictsIn(pool.log, sinceMs).map(({ subject }) => subject))).toEqual(new Set(['n4 redis/6379']));
    });

    test('the smaller side of a partition names nobody, the larger one only what it lost, and after it nobody is named', async () => {
      const small = ['n1', 'n5'];
      const sinceMs = performance.now();
      const heal = pool.spaces.part(small);
      await pause(partedMs);
      // Whoever has named both has nothing left to name when the partition ends.
      const large = pool.hosts.map(({ name }) => name).filter((name) => !small.includes(name));
      const lost = large.flatMap((name) => small.map((one) => `${name}: ${one}`));
      await until('each of the larger side has named what it lost', () => {
        const open = new Set(pool.inForce());
        return lost.every((line) => open.has(line));
      });
      const healedMs = performance.now();
      heal();
      const named = verdictsIn(pool.log, sinceMs);
      expect(named.filter(({ agent }) => small.includes(agent))).toEqual([]);
      expect(new Set(named.map(({ subject }) => subject))).toEqual(new Set(small));
      await until('all reach each other again', isPeaceful);
      expect(verdictsIn(pool.log, healedMs)).toEqual([]);
      expect(pool.unexpected).toEqual([]);
    });
  },
);
