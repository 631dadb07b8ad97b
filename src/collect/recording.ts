// Recorded readings: a folder of pairs, named by the second of the reading, as ipvsadm(8) wrote them (docs/format.md, "Recordings"). Each
// file is renamed into place, the table's first: once the counters are there, the pair is complete.

import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readBounded } from '../files/read-file.js';
import { writeWhole } from '../files/whole-file.js';
import type { Note } from '../model/note.js';
import type { Snapshot } from '../model/snapshot.js';
import { changedSnapshot } from '../model/table/column-snapshot.js';
import { CollectError } from './collect-error.js';
import { type ParsedStatistics, parseShowStat } from './haproxy/parse-show-stat.js';
import { parseListings, type RawListings, tableOf } from './ipvs/join.js';
import { hostTablesOf } from './ipvs/proc/host-tables.js';
import { decodeOddBytes, encodeOddBytes } from './odd-bytes.js';

/** One recorded pair. */
export interface RecordingEntry {
  readonly timeS: number;
  readonly statsPath: string;
  readonly tablePath: string;
  /** The kernel's other tables; missing if they were not recorded. */
  readonly hostPath?: string;
}

/** A recorded second: a pair, or why there is none, HAProxy's statistics, or both. */
export interface RecordedMoment {
  readonly timeS: number;
  readonly pair: RecordingEntry | CollectError | null;
  readonly haproxyPath: string | null;
}

/** The pairs of a folder, and all its moments, oldest first. */
export interface Recording {
  readonly entries: readonly RecordingEntry[];
  readonly moments: readonly RecordedMoment[];
}

/** A recorded table, with its omitted entries and remarks about its files. */
export interface RecordedTable {
  readonly snapshot: Snapshot;
  readonly notes: readonly Note[];
}

/** Adds a pair to the folder, which is created if missing. Throws a `CollectError` with code `bad-recording`. */
export async function writeRecording(dir: string, timeS: number, raw: RawListings): Promise<void> {
  const { statsPath, tablePath } = entryOf(dir, timeS);
  try {
    await makeRecordingFolder(dir);
    if (raw.hostText !== undefined) writeWhole(hostPathOf(dir, timeS), raw.hostText, { encoding: 'latin1' });
    writeWhole(tablePath, raw.tableText, { encoding: 'latin1' });
    writeWhole(statsPath, raw.statsText, { encoding: 'latin1' });
  } catch (cause) {
    throw unusable(`cannot record into ${dir}`, cause);
  }
}

/** Adds HAProxy's statistics to the folder, in the same way. */
export async function writeHaproxyRecording(dir: string, timeS: number, text: string): Promise<void> {
  try {
    await makeRecordingFolder(dir);
    writeWhole(haproxyPathOf(dir, timeS), encodeOddBytes(text));
  } catch (cause) {
    throw unusable(`cannot record into ${dir}`, cause);
  }
}

/** Reads HAProxy's statistics of a moment. Throws a `CollectError` that names the file. */
export function readHaproxyRecording(path: string): ParsedStatistics {
  return parseShowStat(decodeOddBytes(readBytes(path)), path);
}

/** A line has some 100 bytes: this is more than any table needs. */
const maxBytes = 2 ** 28;

/** The last second that the archives can store (32 bits, in 2106). */
const lastTimeS = 2 ** 32 - 1;

/** Lists the pairs of a folder, ignoring other files. Throws a `CollectError` with code `bad-recording`. */
export async function listRecordings(dir: string): Promise<Recording> {
  const halves = new Map<number, Set<string>>();
  const haproxyTimes = new Set<number>();
  const hostTimes = new Set<number>();
  for (const name of await readNames(dir)) {
    const csv = /^([1-9]\d{0,9})\.haproxy\.csv$/.exec(name)?.[1];
    if (csv !== undefined && Number(csv) <= lastTimeS) haproxyTimes.add(Number(csv));
    const host = /^([1-9]\d{0,9})\.host\.txt$/.exec(name)?.[1];
    if (host !== undefined) hostTimes.add(Number(host));
    const match = /^([1-9]\d{0,9})\.(stats|table)\.txt$/.exec(name);
    if (match === null || Number(match[1]) > lastTimeS) continue;
    const timeS = Number(match[1]);
    halves.set(timeS, (halves.get(timeS) ?? new Set()).add(match[2] ?? ''));
  }
  const times = [...new Set([...halves.keys(), ...haproxyTimes])].sort((a, b) => a - b);
  const pairOf = (timeS: number): RecordedMoment['pair'] => {
    const found = halves.get(timeS);
    if (found === undefined) return null;
    const beside = hostTimes.has(timeS) ? { hostPath: hostPathOf(dir, timeS) } : {};
    return found.size === 2 ? { ...entryOf(dir, timeS), ...beside } : halfOf(dir, timeS, found.has('stats'));
  };
  const moments = times.map((timeS) => ({
    timeS,
    pair: pairOf(timeS),
    haproxyPath: haproxyTimes.has(timeS) ? haproxyPathOf(dir, timeS) : null,
  }));
  const entries = moments.flatMap(({ pair }) => (pair === null || pair instanceof CollectError ? [] : [pair]));
  return { entries, moments };
}

function halfOf(dir: string, timeS: number, hasStats: boolean): CollectError {
  const [there, missing] = hasStats ? ['stats', 'table'] : ['table', 'stats'];
  return new CollectError(
    'bad-recording',
    `${join(dir, `${timeS}.${there}.txt`)} is left out: there is no ${timeS}.${missing}.txt beside it`,
  );
}

/**
 * Reads a pair as the table of its second; entries in only one listing are omitted. Synchronous for speed: a year is 105,120 pairs. Throws
 * a `CollectError` that names the file.
 */
export function readRecording({ timeS, statsPath, tablePath, hostPath }: RecordingEntry): RecordedTable {
  const raw = { statsText: readBytes(statsPath), tableText: readBytes(tablePath) };
  const joined = parseListings(raw, { sources: { stats: statsPath, table: tablePath } });
  // A recorder keeps the second reading of a torn table, so entries that both listings lack did not exist.
  const hostTables = hostPath === undefined ? {} : hostTablesOf({ hostText: readBytes(hostPath).toString('latin1') });
  const snapshot = changedSnapshot(tableOf(joined), {
    ...{ timeS, host: null, isAbsenceSure: joined.isWhole },
    ...hostTables,
  });
  return { snapshot, notes: joined.notes };
}

function entryOf(dir: string, timeS: number): RecordingEntry {
  return { timeS, statsPath: join(dir, `${timeS}.stats.txt`), tablePath: join(dir, `${timeS}.table.txt`) };
}

function hostPathOf(dir: string, timeS: number): string {
  return join(dir, `${timeS}.host.txt`);
}

function haproxyPathOf(dir: string, timeS: number): string {
  return join(dir, `${timeS}.haproxy.csv`);
}

/** Not Node's recursive mkdir, which loops for ever when a folder exists but cannot take another (/proc). */
async function makeRecordingFolder(dir: string): Promise<void> {
  if (await isMade(dir)) return;
  await makeRecordingFolder(dirname(dir));
  await mkdir(dir);
}

/** Makes a folder; true also when it exists, false when its parent is missing. */
async function isMade(dir: string): Promise<boolean> {
  try {
    await mkdir(dir);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EEXIST') return true;
    if (code === 'ENOENT' && dirname(dir) !== dir) return false;
    throw error;
  }
}

async function readNames(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (cause) {
    throw unusable(`cannot list the recordings in ${dir}`, cause);
  }
}

function readBytes(path: string): Buffer {
  try {
    return readBounded(path, maxBytes);
  } catch (cause) {
    throw unusable(`cannot read ${path}`, cause);
  }
}

function unusable(what: string, cause: unknown): CollectError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CollectError('bad-recording', `${what}: ${reason}; is it the right folder, and may this user use it?`, {
    cause,
  });
}
