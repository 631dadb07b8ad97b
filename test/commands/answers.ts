// Checks the JSON of commands against its documented form while parsing it. Most tests only need the archives and events that a
// program left; those are read in this process.

import { expect } from 'vitest';
import { resolveName } from '../../src/model/names/parse-name.js';
import { setPatience } from '../../src/model/patience.js';
import { eventRecord } from '../../src/model/text/event-text.js';
import { archiveJson } from '../../src/model/text/series-text.js';
import { withArchives } from '../../src/store/open.js';
import { succeedHere } from './here.js';
import { succeed } from './program.js';

waitAsPrograms();

/** An archive in `list --format json`. */
export interface ListedArchive {
  readonly name: string;
  readonly kind: string;
  readonly state: 'live' | 'gone';
  readonly first: number;
  readonly last: number;
  readonly gone: number | null;
}

/** Rows in `fetch --format json`: a time, then a value per data source; null is unknown. */
export interface FetchedRows {
  readonly name: string;
  readonly cf: string;
  readonly step: number;
  readonly start: number;
  readonly end: number;
  readonly ds: readonly string[];
  readonly rows: readonly (readonly (number | null)[])[];
}

/** An event in `events --format json`. */
export interface ListedEvent {
  readonly time: number;
  readonly archive: string;
  readonly kind: string;
  readonly realServer?: string;
  readonly from?: string;
  readonly to?: string;
  readonly cause?: string;
  readonly detail?: string;
}

/** The data sources of every archive, in the order of a row's values. */
export const dataSources = ['ActiveConn', 'InActConn', 'Conns', 'InPkts', 'OutPkts', 'InBytes', 'OutBytes'];

/** The archives of a data folder, in the form of `list`. */
export async function listArchives(dataDir: string): Promise<readonly ListedArchive[]> {
  waitAsPrograms();
  const archives = await withArchives(dataDir, (source) => source.list(), refuse);
  return validate(JSON.parse(JSON.stringify(archives.map(archiveJson))));
}

/** The archives that `list` prints. */
export async function printedArchives(dataDir: string): Promise<readonly ListedArchive[]> {
  return validate(JSON.parse(await succeed('list', '--data', dataDir, '--format', 'json')));
}

function validate(archives: readonly ListedArchive[]): readonly ListedArchive[] {
  for (const archive of archives) {
    expect(archive).toMatchObject({ name: expect.any(String), state: expect.stringMatching(/^(live|gone)$/) });
    expect(archive.first).toBeLessThanOrEqual(archive.last);
    expect(archive.gone === null).toBe(archive.state === 'live');
  }
  return archives;
}

/** Waits as long as the started programs do; an earlier file in this process may have changed that. */
function waitAsPrograms(): void {
  setPatience('100');
}

/** Fails if a command would report a data folder that is not writable. */
function refuse(text: string): never {
  throw new Error(text);
}

/** Rows of an archive, by `fetch` in this process; `options` are further arguments. */
export async function fetchRows(dataDir: string, name: string, ...options: readonly string[]): Promise<FetchedRows> {
  return parseRows(await succeedHere('fetch', name, '--data', dataDir, '--format', 'json', ...options));
}

/** The rows that `fetch` prints; `options` are further arguments. */
export async function printedRows(dataDir: string, name: string, ...options: readonly string[]): Promise<FetchedRows> {
  return parseRows(await succeed('fetch', name, '--data', dataDir, '--format', 'json', ...options));
}

function parseRows(text: string): FetchedRows {
  const fetched = JSON.parse(text) as FetchedRows;
  expect(Object.keys(fetched)).toEqual(['name', 'cf', 'step', 'start', 'end', 'ds', 'rows']);
  expect(fetched.ds).toEqual(dataSources);
  const { start, end, step, rows } = fetched;
  expect(rows.map(([time]) => time)).toEqual(rows.map((_, i) => start + (i + 1) * step));
  expect(start + rows.length * step).toBe(end);
  for (const [, ...values] of rows) {
    expect(values).toHaveLength(dataSources.length);
    expect(values.every((value) => value === null || Number.isFinite(value))).toBe(true);
  }
  return fetched;
}

/** The row that ends at a time, by data source. */
export function rowAt({ rows, ds }: FetchedRows, timeS: number): Readonly<Record<string, number | null | undefined>> {
  const row = rows.find(([time]) => time === timeS);
  if (row === undefined) throw new Error(`there is no row at ${timeS}`);
  return Object.fromEntries(ds.map((name, i) => [name, row[i + 1]]));
}

/** The events of a data folder or of one of its services, oldest first, in the form of `events`. */
export async function listEvents(dataDir: string, service?: string): Promise<readonly ListedEvent[]> {
  const query = service === undefined ? {} : { archive: resolveName(service) };
  waitAsPrograms();
  const events = await withArchives(dataDir, (source) => source.events(query), refuse);
  return JSON.parse(JSON.stringify(events.map(eventRecord))) as ListedEvent[];
}

/** The events that `events` prints; `options` are further arguments. */
export async function printedEvents(dataDir: string, ...options: readonly string[]): Promise<readonly ListedEvent[]> {
  return JSON.parse(await succeed('events', '--data', dataDir, '--format', 'json', ...options)) as ListedEvent[];
}
