// A life through `interpret` and `append`, with the database reopened regularly, as short-lived collectors do; and the checks of
// every row of every round-robin archive.

import { join } from 'node:path';
import { expect } from 'vitest';
import { interpret } from '../../src/interpret/interpret.js';
import { cfs, ipvsDataSources } from '../../src/model/archive.js';
import type { KnownState } from '../../src/model/cycle.js';
import { directorName } from '../../src/model/names/name.js';
import type { Retention } from '../../src/model/retention.js';
import type { Series, SeriesQuery } from '../../src/model/series.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { stepS } from '../standard.js';
import { createCommand, differences, fetchCommand, parseFetch, runRrdtool } from '../store/rrdtool.js';
import { expectedRows, gatherDataPoints, intervalsOf } from './expected-rows.js';
import { type Footprint, footprintOf, tellFootprint } from './footprint.js';
import { dayS, isFull } from './form.js';
import { firstCounters, type LifeOptions, nameOf, nextCounters, realServer, snapshotsOf, tellLife } from './life.js';

/** How often the database is reopened and the footprint measured, in seconds of the life. */
export interface Rhythm {
  readonly reopenS: number;
  readonly measureS: number;
}

/** Simulates a life in a data folder; returns its footprints, measured while the database was closed. */
export async function simulate(
  dataDir: string,
  life: LifeOptions,
  { reopenS, measureS }: Rhythm,
): Promise<readonly Footprint[]> {
  const taken: Footprint[] = [];
  let store = await openStore(dataDir);
  let table: KnownState = { ...(await store.latest()), retention: life.retention };
  let closeS = life.startS + reopenS;
  let measuredS = life.startS;
  for (const snapshot of snapshotsOf(life)) {
    const { timeS } = snapshot;
    const cycle = interpret(table, snapshot);
    await store.append(cycle, false);
    table = cycle.table;
    if (timeS < closeS) continue;
    closeS = timeS + reopenS;
    await store.close();
    if (timeS >= measuredS + measureS) {
      const footprint = footprintOf(dataDir, (timeS - life.startS) / dayS);
      taken.push(footprint);
      measuredS = timeS;
      if (isFull) console.log(tellFootprint(footprint));
    }
    store = await openStore(dataDir);
    table = await store.latest();
  }
  await store.close();
  return taken;
}

/** The numbers of the services whose sum an archive stores. */
function servicesOf(archive: string, { services }: LifeOptions): readonly number[] {
  const numbers = Array.from({ length: services }, (_, i) => i);
  return numbers.filter((i) => archive === directorName || archive.split('/')[0] === nameOf(i));
}

/** Queries for every round-robin archive in full, of an archive with readings from `startS` to `lastS`. */
function queriesOf(
  name: string,
  { rras }: Retention,
  { startS, lastS }: { startS: number; lastS: number },
): readonly SeriesQuery[] {
  return cfs.flatMap((cf) =>
    rras.map(({ pdpPerRow, rows }): SeriesQuery => {
      const rowS = pdpPerRow * stepS;
      const reachS = lastS - (lastS % rowS) - rows * rowS;
      return { name, cf, startS: Math.max(startS - 1, reachS), endS: lastS, stepS: rowS };
    }),
  );
}

/** Compares the rows of archives with their definition. */
export async function judgeByDefinition(store: Store, life: LifeOptions, archives: readonly string[]): Promise<void> {
  // Making the readings of a long life takes as long as a good part of storing them, so all archives share them.
  const gathered = archives.map(() => gatherDataPoints(lastingOf(life)));
  const selections = archives.map((name) => servicesOf(name, life));
  for (const intervals of intervalsOf(tellLife(life), selections)) {
    for (const [i, interval] of intervals.entries()) gathered[i]?.add(interval);
  }
  for (const [i, name] of archives.entries()) {
    const points = gathered[i]?.points() ?? [];
    for (const query of queriesOf(name, life.retention, await spanOf(store, name))) {
      const series = await store.fetch(query);
      expect(series.stepS).toBe(query.stepS);
      expect(differences(rowsOf(series), expectedRows(points, series)), `${name} ${JSON.stringify(query)}`).toEqual([]);
    }
  }
}

/** Compares the rows of a service and its real server with those of rrdtool for the same counters. */
export async function judgeByRrdtool(
  store: Store,
  life: LifeOptions,
  { service, folder }: { service: number; folder: string },
) {
  const file = join(folder, 'soak.rrd');
  const updates = [...updatesOf(life, service)];
  const commands = [createCommand(file, life.startS - 1, ipvsDataSources, life.retention)];
  for (let i = 0; i < updates.length; i += 1000)
    commands.push(`update ${file} ${updates.slice(i, i + 1000).join(' ')}`);
  const name = nameOf(service);
  const queries = queriesOf(name, life.retention, await spanOf(store, name));
  const answers = runRrdtool([...commands, ...queries.map((query) => fetchCommand(file, query))]).slice(
    commands.length,
  );
  for (const [i, query] of queries.entries()) {
    const theirs = parseFetch(answers[i] ?? '');
    for (const archive of life.hasRealServers ? [name, `${name}/${realServer}`] : [name]) {
      const ours = rowsOf(await store.fetch({ ...query, name: archive }));
      expect(differences(ours, theirs), `${archive} ${JSON.stringify(query)}`).toEqual([]);
    }
  }
}

function* updatesOf(life: LifeOptions, service: number): Generator<string> {
  let counters = firstCounters;
  for (const { timeS, services } of tellLife(life)) {
    const { gauges = [], growth = null } = services[service] ?? {};
    counters = nextCounters(counters, growth);
    yield [timeS, ...gauges, ...counters].join(':');
  }
}

async function spanOf(store: Store, name: string): Promise<{ startS: number; lastS: number }> {
  const info = (await store.list()).find((archive) => archive.name === name);
  if (info === undefined) throw new Error(`there is no archive ${name}`);
  return { startS: info.firstS, lastS: info.lastS };
}

/** The actual span of a life: its last reading may come a little after the end. */
function lastingOf({ startS, endS }: LifeOptions): { startS: number; endS: number } {
  return { startS, endS: endS + 10 * dayS };
}

function rowsOf({ startS, endS, stepS: rowS, columns }: Series): number[][] {
  return Array.from({ length: (endS - startS) / rowS }, (_, i) => [
    startS + (i + 1) * rowS,
    ...columns.map((column) => column[i] ?? Number.NaN),
  ]);
}
