// A recording after which the next cycle has work of every kind to do: readings of 105 days ago that leave, windows to be
// sealed, days that get their rows. And that next cycle, stored as `collect` stores it. Midnights (UTC) lie between the same readings
// at whatever time of day the tests run.

import { cpSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type RecordingEntry, readRecording } from '../../src/collect/recording.js';
import { interpret } from '../../src/interpret/interpret.js';
import { withStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { printingPair } from '../commands/fakes.js';
import { succeed } from '../commands/program.js';
import { evenPair, recordPair, statsPath, tablePath } from '../commands/recordings.js';
import { type Rows, rowsOf } from './rows.js';

/** Makes a folder of that name. */
export type NewFolder = (name?: string) => string;

/** Services in it. */
export const services = 2;

/** Readings in it. */
export const readings = 150;

/** The recording: its folder, the time from which its later readings are, and of the last of them. */
export interface History {
  readonly record: string;
  readonly lateS: number;
  readonly lastS: number;
}

/** A data folder with a history, alone in a folder of its own. */
export interface Base extends History {
  readonly data: string;
  readonly rows: Rows;
  /** Prints the next reading. */
  readonly ipvsadm: string;
  readonly next: RecordingEntry;
}

const dayS = 86_400;
const [longAgoS, eveningS, longAfterS] = [105 * dayS, 8 * 3600, dayS / 2];

/** Records a third long ago, and the rest in the night before last. */
export function recordHistory(newFolder: NewFolder): History {
  const record = newFolder('record');
  const yesterdayS = (Math.floor(Date.now() / 1000 / dayS) - 1) * dayS;
  const timeOf = (n: number): number => yesterdayS - (n < readings / 3 ? longAgoS : eveningS) + n * 300;
  for (let n = 0; n < readings; n += 1) recordPair(record, timeOf(n), evenPair(services, n));
  return { record, lateS: yesterdayS - eveningS, lastS: timeOf(readings - 1) };
}

/** Replays a history. */
export async function makeBase(newFolder: NewFolder): Promise<Base> {
  const history = recordHistory(newFolder);
  const data = join(realpathSync(newFolder('base')), 'data');
  await succeed('replay', history.record, '--data', data);
  const rows = await withStore(data, (store) => rowsOf(store, history.lateS, history.lastS));
  const ipvsadm = printingPair(newFolder('fake'), evenPair(services, readings));
  return { ...history, data, rows, ipvsadm, next: recordNext(newFolder, readings) };
}

/** A copy of its data folder, alone in a folder of its own. */
export function copyBase({ data }: Base, newFolder: NewFolder): string {
  const copy = join(realpathSync(newFolder('copy')), 'data');
  cpSync(data, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

/** Records reading number `n`, half a day ahead of now: later than whatever the test may collect. */
export function recordNext(newFolder: NewFolder, n: number): RecordingEntry {
  const folder = newFolder('next');
  const timeS = Math.ceil(Date.now() / 1000) + longAfterS;
  recordPair(folder, timeS, evenPair(services, n));
  return { timeS, statsPath: statsPath(folder, timeS), tablePath: tablePath(folder, timeS) };
}

/** The one cycle that all archives end at; 0 where there are none. */
export async function newestCycle(store: Store): Promise<number> {
  const [lastS = 0, ...others] = new Set((await store.list()).map((archive) => archive.lastS));
  expect(others, 'another cycle than that of the other archives').toEqual([]);
  return lastS;
}

/** Stores the next reading: collecting can resume. */
export async function goOn(store: Store, next: RecordingEntry): Promise<void> {
  await store.append(interpret(await store.latest(), readRecording(next).snapshot));
  expect(await newestCycle(store)).toBe(next.timeS);
}
