// Recorded listings for the tests to replay: the captured sequence, and synthetic tables that grow evenly.

import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, fixturePath } from '../collect/capture.js';

/** The two listings of a reading. */
export interface Pair {
  readonly stats: string;
  readonly table: string;
}

/** The captured cycles in order, named after what happened: `start`, `traffic`, … */
export const sequenceSteps: readonly string[] = readdirSync(fixturePath('ipvs/sequence'))
  .filter((file) => file.endsWith('-stats-exact.txt'))
  .sort()
  .map((file) => file.slice(0, -'-stats-exact.txt'.length));

/** Writes the captured sequence, or its first steps, as a recording: a step every five minutes from `startS`. */
export function recordSequence(dir: string, startS: number, steps = sequenceSteps.length): void {
  mkdirSync(dir, { recursive: true });
  for (const [i, step] of sequenceSteps.slice(0, steps).entries()) {
    const number = Number(step.slice(0, 3));
    const table = `${String(number + 1).padStart(3, '0')}${step.slice(3)}-list.txt`;
    copyFileSync(fixturePath(`ipvs/sequence/${step}-stats-exact.txt`), statsPath(dir, startS + i * 300));
    copyFileSync(fixturePath(`ipvs/sequence/${table}`), tablePath(dir, startS + i * 300));
  }
}

/** A step of the captured sequence. */
export function sequencePair(step: string): Pair {
  const number = Number(step.slice(0, 3));
  const table = `${String(number + 1).padStart(3, '0')}${step.slice(3)}`;
  return { stats: capture(`sequence/${step}-stats-exact.txt`), table: capture(`sequence/${table}-list.txt`) };
}

/** Writes one pair. */
export function recordPair(dir: string, timeS: number, { stats, table }: Pair): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(statsPath(dir, timeS), stats, 'latin1');
  writeFileSync(tablePath(dir, timeS), table, 'latin1');
}

/** Writes a pair for a fake to print, readable by everybody. */
export function printablePair(dir: string, { stats, table }: Pair): { statsPath: string; tablePath: string } {
  const paths = { statsPath: join(dir, 'stats'), tablePath: join(dir, 'table') };
  writeFileSync(paths.statsPath, stats, 'latin1');
  writeFileSync(paths.tablePath, table, 'latin1');
  return paths;
}

/** The path of a reading's counters in a recording. */
export function statsPath(dir: string, timeS: number): string {
  return join(dir, `${timeS}.stats.txt`);
}

/** The path of a reading's table in a recording. */
export function tablePath(dir: string, timeS: number): string {
  return join(dir, `${timeS}.table.txt`);
}

/**
 * A table of `services` services with one real server each. At cycle n, service i has had n (i + 1) connections; 5 times as many
 * packets in and 4 times out; 1000 and 9000 times as many bytes; and has n % 7 active and i inactive connections.
 */
export function evenPair(services: number, n: number): Pair {
  const stats = ['IP Virtual Server version 1.2.1 (size=4096)'];
  stats.push(
    'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes',
    '  -> RemoteAddress:Port',
  );
  const table = ['IP Virtual Server version 1.2.1 (size=4096)', 'Prot LocalAddress:Port Scheduler Flags'];
  table.push('  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn');
  for (let i = 0; i < services; i += 1) {
    const counters = [1, 5, 4, 1000, 9000].map((factor) => n * (i + 1) * factor).join(' ');
    stats.push(`TCP  192.0.2.${i + 1}:80 ${counters}`, `  -> 10.0.0.${i + 1}:8080 ${counters}`);
    table.push(`TCP  192.0.2.${i + 1}:80 wlc`, `  -> 10.0.0.${i + 1}:8080 Masq 1 ${n % 7} ${i}`);
  }
  return { stats: `${stats.join('\n')}\n`, table: `${table.join('\n')}\n` };
}
