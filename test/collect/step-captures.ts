// Captures of one table after each of a series of steps (fixtures/ipvs/README.md): both listings and the kernel's files, read as
// the collector reads them.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseListings } from '../../src/collect/ipvs/join.js';
import { readHostClock } from '../../src/collect/ipvs/proc/kernel.js';
import { readKernel, readTotals } from '../../src/collect/ipvs/proc/read-kernel.js';
import { interpret } from '../../src/interpret/interpret.js';
import { type Cycle, emptyState } from '../../src/model/cycle.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { capture, fixturePath } from './capture.js';

/** Time of the first reading; the others follow five minutes apart. */
export const firstStepS = 1_700_000_100;

/** The steps of a folder in their order, such as `07-route-to-masq`. */
function stepsOf(folder: string): readonly string[] {
  return readdirSync(fixturePath(`ipvs/${folder}`))
    .filter((file) => file.endsWith('.host.txt'))
    .map((file) => file.slice(0, -'.host.txt'.length))
    .sort();
}

/** A step's snapshot, read from a tree of its files. The module folder's number is the captured one. */
function snapshotOf(folder: string, step: string, timeS: number): Snapshot {
  const of = (what: string): string | null => {
    const name = `${folder}/${step}.${what}.txt`;
    return existsSync(fixturePath(`ipvs/${name}`)) ? capture(name) : null;
  };
  const root = mkdtempSync(join(tmpdir(), 'lvs-stats-proc-'));
  try {
    const [uptime = '', bootId = '', moduleId = '', ...stats] = (of('host') ?? '').split('\n');
    for (const dir of ['sys/kernel/random', 'sys/net/ipv4/vs', 'net']) mkdirSync(join(root, dir), { recursive: true });
    writeFileSync(join(root, 'uptime'), uptime);
    writeFileSync(join(root, 'sys/kernel/random/boot_id'), bootId);
    writeFileSync(join(root, 'net/ip_vs_stats'), stats.join('\n'));
    writeFileSync(join(root, 'net/ip_vs_stats_percpu'), of('percpu') ?? '');
    const [running, cpus] = of('est')?.split('\n').slice(0, -1) ?? [];
    if (running !== undefined) writeFileSync(join(root, 'sys/net/ipv4/vs/run_estimation'), `${running}\n`);
    if (cpus !== undefined) writeFileSync(join(root, 'sys/net/ipv4/vs/est_cpulist'), `${cpus}\n`);
    const host = readHostClock(root, true);
    if (host === null) throw new Error(`${step} has no uptime`);
    const kernel = readKernel(root);
    const later = of('later');
    if (later !== null) writeFileSync(join(root, 'net/ip_vs_stats'), later);
    const laterTotals = later === null ? null : (readTotals(root)?.totals ?? null);
    const services = parseListings({ statsText: of('stats') ?? '', tableText: of('table') ?? '' }).services;
    return { timeS, host: { ...host, moduleId }, services, kernel: { ...kernel, laterTotals } };
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The steps of a folder as interpreted cycles, five minutes apart. */
export function cyclesOf(folder: string, isWanted = (_step: string) => true): readonly (Cycle & { step: string })[] {
  let table = emptyState;
  return stepsOf(folder)
    .filter(isWanted)
    .map((step, i) => {
      const cycle = interpret(table, snapshotOf(folder, step, firstStepS + 300 * i));
      table = cycle.table;
      return { ...cycle, step };
    });
}

/** An event as a line, such as `all counters-reset zeroed`. */
export function eventInLine({ archive, realServer, kind, cause, from, to }: Cycle['events'][number]): string {
  return [archive, realServer, kind, cause, from, to].filter((part) => part !== undefined && part !== '').join(' ');
}
