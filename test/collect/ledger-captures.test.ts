// What the ledger says of a real kernel's table to which one thing after the other was done (fixtures/ipvs/ledger): each kind
// of event with its cause, and nothing in between.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseListings } from '../../src/collect/join.js';
import { readHostClock } from '../../src/collect/kernel.js';
import { readKernel } from '../../src/collect/read-kernel.js';
import { emptyTable } from '../../src/model/cycle.js';
import { interpret } from '../../src/model/interpret.js';
import type { HostClock, Snapshot } from '../../src/model/snapshot.js';
import { capture, fixturePath } from './capture.js';

const folder = mkdtempSync(join(tmpdir(), 'lvs-stats-proc-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The steps of one machine after the other, in their order. */
const steps = readdirSync(fixturePath('ipvs/ledger'))
  .filter((file) => file.endsWith('.host.txt'))
  .map((file) => file.slice(0, -'.host.txt'.length))
  .sort();

/** What the collector reads of the machine: the four captured files, as a tree; the folder's number as it was. */
function hostOf(step: string): HostClock {
  const [uptime = '', bootId = '', moduleId = '', ...stats] = capture(`ledger/${step}.host.txt`).split('\n');
  mkdirSync(join(folder, 'sys/kernel/random'), { recursive: true });
  mkdirSync(join(folder, 'net'), { recursive: true });
  writeFileSync(join(folder, 'uptime'), uptime);
  writeFileSync(join(folder, 'sys/kernel/random/boot_id'), bootId);
  writeFileSync(join(folder, 'net/ip_vs_stats'), stats.join('\n'));
  const host = readHostClock(folder, true);
  if (host === null) throw new Error(`${step} has no uptime`);
  return { ...host, moduleId };
}

function snapshotOf(step: string, timeS: number): Snapshot {
  const raw = { statsText: capture(`ledger/${step}.stats.txt`), tableText: capture(`ledger/${step}.table.txt`) };
  return { timeS, host: hostOf(step), services: parseListings(raw).services, kernel: readKernel(folder) };
}

/** The events of each step, a reading every five minutes: `all counters-reset zeroed`. */
function eventsBySteps(machine: RegExp): ReadonlyMap<string, readonly string[]> {
  const told = new Map<string, readonly string[]>();
  let table = emptyTable;
  for (const [i, step] of steps.filter((one) => machine.test(one)).entries()) {
    const { events, table: next } = interpret(table, snapshotOf(step, 1_700_000_100 + 300 * i));
    const line = ({ archive, realServer, kind, cause, from, to }: (typeof events)[number]): string =>
      [archive, realServer, kind, cause, from, to].filter((part) => part !== undefined && part !== '').join(' ');
    told.set(step.replace(/^([abc])\d+-/, '$1 '), events.map(line));
    if (step.endsWith('-quiet')) expect([step, events]).toEqual([step, []]);
    table = next;
  }
  return told;
}

const [web, other, dns] = ['10.9.1.1_80', '10.9.1.2_80', '10.9.1.1_53_udp'];
const all = (cause: string): string[] =>
  ['all', web, other, dns].map((archive) => `${archive} counters-reset ${cause}`);

describe('the ledger of a real kernel', () => {
  // The second machine is the first one after a boot, its table as it was in the beginning.
  const told = eventsBySteps(/^[ab]/);

  test.each<[step: string, events: readonly string[]]>([
    ['a first', [`${web} appeared`, `${other} appeared`, `${dns} appeared`]],
    ['a zeroed-all', all('zeroed')],
    ['a zeroed-one', [`${web} counters-reset re-added-or-zeroed`]],
    ['a readded-at-once', [`${web} counters-reset re-added-or-zeroed`]],
    ['a deleted', []],
    ['a deleted-still', [`${web} gone`]],
    ['a back', [`${web} back`]],
    ['a cleared-and-filled', all('table-cleared')],
    ['a real-server-removed', [`${web} 10.1.0.12_80 real-server-removed Masq, weight 1`]],
    ['a real-server-added', [`${web} 10.1.0.12_80 real-server-added Masq, weight 1`]],
    ['a weight-0', [`${web} 10.1.0.12_80 weight-changed 1 0`]],
    [
      'a route-weight-1',
      [`${web} 10.1.0.12_80 weight-changed 0 1`, `${web} 10.1.0.12_80 forwarding-changed Masq Route`],
    ],
    ['a scheduler-flags', [`${web} scheduler-changed rr wlc`, `${web} flags-changed persistent 60`]],
  ])('tells of "%s" what it was, and why', (step, events) => {
    expect(told.get(step)).toEqual(events);
  });

  test('tells of a boot that it was one, at the director and each service', () => {
    const events = told.get('b restarted') ?? [];
    expect(events.filter((line) => line.includes('counters-reset'))).toEqual(all('machine-restarted'));
  });

  test('tells of a module that was loaded anew that it was', () => {
    expect(eventsBySteps(/^c/).get('c module-reloaded')).toEqual(all('module-reloaded'));
  });
});
