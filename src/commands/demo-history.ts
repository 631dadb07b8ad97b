// The history of a simulated director, into archives: in bulk up to some hours ago, cycle by cycle from there.

import type { Director } from '../demo/director.js';
import type { ArchiveChange, Table } from '../model/cycle.js';
import { interpret } from '../model/interpret.js';
import type { ArchiveHistory } from '../store/backfill.js';
import type { Store } from '../store/store.js';
import { createProgress } from './progress.js';

/** A history is loaded in bulk up to the end of a window of sealed readings: 8 hours. */
const windowS = 8 * 3600;

/** The end of the last whole window before a time. */
export function windowEndS(nowS: number): number {
  return nowS - (nowS % windowS);
}

/** Loads a history into an empty store: in bulk up to `endS`, cycle by cycle up to `nowS`; the table it led to. */
export async function loadHistory(
  store: Store,
  director: Director,
  { endS, nowS }: { endS: number; nowS: number },
): Promise<Table> {
  const past = director.past(endS, createProgress('virtual servers', director.characters.length));
  await store.backfill({ histories: histories(director, past.archives, endS), table: past.table, events: past.events });
  let { table } = past;
  for (const timeS of director.readingTimes(endS, nowS)) {
    const cycle = interpret(table, director.snapshotAt(timeS));
    await store.append(cycle, false);
    table = cycle.table;
  }
  return table;
}

function* histories(
  director: Director,
  archives: ReadonlyMap<string, ArchiveChange>,
  endS: number,
): Generator<ArchiveHistory> {
  const progress = createProgress('archives', archives.size);
  let done = 0;
  for (const { name, timesS, sinceS, columns } of director.history(0, endS)) {
    const change = archives.get(name);
    if (change === undefined || timesS.length === 0) continue;
    const { about, lastS, goneS } = change;
    yield { name, about, lastS, goneS, readings: { timesS, sinceS, values: columns } };
    done += 1;
    progress(done);
  }
}
