// A recording after which the next cycle has every kind of work: readings of 105 days ago expire, windows are sealed, days get
// their rows. And that next cycle, stored as `collect` stores it. Midnight (UTC) falls between the same readings whatever the time
// of day.

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

/** Number of services in a history. */
export const services = 2;

/** Number of readings in a history. */
export const readings = 150;

/** The recording: its folder, and the times of the first and last of its later readings. */
export interface History {
  readonly record: string;
  readonly lateS: number;
  readonly lastS: number;
}

/** A data folder with a history, in its own folder. */
export interface Base extends History {
  readonly data: string;
  readonly rows: Rows;
  /** Prints the next reading. */
  readonly ipvsadm: string;
  readonly next: RecordingEntry;
}

const dayS = 86_400;
const [longAgoS, eveningS, longAfterS] = [105 * dayS, 8 * 3600, dayS / 2];

/** Records a third of the readings long ago, and the rest in the night before last. */
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

/** A copy of its data folder, in its own folder. */
export function copyBase({ data }: Base, newFolder: NewFolder): string {
  const copy = join(realpathSync(newFolder('copy')), 'data');
  cpSync(data, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

/** Records reading number `n`, half a day ahead, so that it is later than anything the test collects. */
export function recordNext(newFolder: NewFolder, n: number): RecordingEntry {
  const folder = newFolder('next');
  const timeS = Math.ceil(Date.now() / 1000) + longAfterS;
  recordPair(folder, timeS, evenPair(services, n));
  return { timeS, statsPath: statsPath(folder, timeS), tablePath: tablePath(folder, timeS) };
}

/** Time of the last cycle, which must be the same for all archives; 0 without archives. */
export async function newestCycle(store: Store): Promise<number> {
  const [lastS = 0, ...others] = new Set((await store.list()).map((archive) => archive.lastS));
  expect(others, 'another cycle than that of the other archives').toEqual([]);
  return lastS;
}

/** Stores the next reading, which proves that collection can resume. */
export async function storeNext(store: Store, next: RecordingEntry): Promise<void> {
  await store.append(interpret(await store.latest(), readRecording(next).snapshot));
  expect(await newestCycle(store)).toBe(next.timeS);
}
