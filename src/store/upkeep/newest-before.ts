// The newest reading up to a time, where the newer ones are about to go: from the sealed and the recent readings, or from the rows of days that
// outlive them.

import { kindOf } from '../../model/kinds/registry.js';
import { type ArchiveRecord, columnCountOf, firstKnownS, type State } from '../layout/directory.js';
import { idOfKey, timedRange, timeOfKey } from '../layout/keys.js';
import type { Database } from '../leveldb/database.js';
import { decodeSheet } from '../packing/sheet.js';
import { loadReadings } from '../rows/load.js';
import { dayOf, dayS, type Grid, slotOf, windowOf } from '../rows/slot.js';

/** The time of the newest reading up to `untilS`; when no reading is left, the end of the newest day row. */
export async function newestBefore(
  database: Database,
  { state, kept, untilS }: { state: State; kept: ReadonlyMap<string, ArchiveRecord>; untilS: number },
): Promise<number> {
  // Every cycle that reads anything reads one of these archives.
  const read = [...kept].filter(([, { about }]) => kindOf(about).level === kindOf(about).source.witness);
  const places = read.map(([, record]) => {
    return { get: database.get, state, id: record.id, columns: columnCountOf(record) };
  });
  const { grid } = state;
  const last = slotOf(grid, untilS);
  const newest = windowOf(grid, last);
  for (let window = newest; window >= newest - grid.readingsKeptS / grid.windowS; window -= 1) {
    const slot = window * grid.slotsPerWindow + 1;
    const times = places.flatMap((place) =>
      loadReadings(place, { first: slot, last: slot }).flatMap(({ timesS }) => [...timesS]),
    );
    const before = times.filter((timeS) => timeS <= untilS);
    if (before.length > 0) return Math.max(...before);
  }
  const day = await newestKeptDay(database, { grid, kept, beforeDay: dayOf(grid, last) });
  if (day !== null) return (day + 1) * dayS;
  return Math.max(...[...kept.values()].map((record) => firstKnownS(record) ?? 0));
}

/** The newest day before `beforeDay` of which any archive has rows; null when there is none. */
async function newestKeptDay(
  database: Database,
  { grid, kept, beforeDay }: { grid: Grid; kept: ReadonlyMap<string, ArchiveRecord>; beforeDay: number },
): Promise<number | null> {
  const rra = grid.coarse.at(-1);
  if (rra === undefined) return null;
  const columnsOf = new Map([...kept.values()].map((record) => [record.id, columnCountOf(record)]));
  const keys = await database.keys(timedRange(rra.kind, 0, Math.floor((beforeDay - 1) / rra.daysPerSheet) + 1));
  const sheets = [...new Set(keys.map(timeOfKey))].reverse();
  for (const sheet of sheets) {
    const days = (await database.entries(timedRange(rra.kind, sheet, sheet + 1))).flatMap(([key, stored]) => {
      const columns = columnsOf.get(idOfKey(key));
      return columns === undefined ? [] : decodeSheet(stored, { sheet, rra, columns }).days;
    });
    const before = days.filter((day) => day < beforeDay);
    if (before.length > 0) return Math.max(...before);
  }
  return null;
}
