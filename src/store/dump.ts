// Dumps an archive like `rrdtool dump`: the rows of every round-robin archive, and the open data points and rows, so that rrdtool can
// resume from here (rrd_update.c: pdp_prep, cdp_prep, last_ds).

import { type Cf, cfs, xff } from '../model/archive.js';
import { emptyState, type KnownService } from '../model/cycle.js';
import type { Dump, DumpPrep, DumpRra, DumpSource } from '../model/dump.js';
import type { KnownCounters } from '../model/kinds/kind.js';
import { directorName } from '../model/names/name.js';
import { type KeptSpans, wholeSpan } from '../model/rows/choose-rra.js';
import type { Rows } from '../model/rows/consolidate.js';
import { countersIn } from '../model/table/other-sources.js';
import { type FoundArchive, findArchive, momentOf, rowsIn } from './fetch.js';
import { metaKey } from './layout/keys.js';
import { parseTable } from './layout/table-bytes.js';
import type { Get } from './leveldb/database.js';
import { loadReadings } from './rows/load.js';
import { derivePdps } from './rows/pdp.js';
import { slotOf } from './rows/slot.js';

/** Dumps a whole archive. Throws `no-such-archive`. */
export function dumpArchive(get: Get, name: string): Dump {
  const archive = findArchive(momentOf(get), name);
  const { lastS, retention } = archive.kept;
  const { stepS, rras } = retention;
  const all = rras.map((rra) => ({ rra, rows: rowsIn(archive, wholeSpan(rra, archive.kept)) }));
  const finest = all.find(({ rra }) => rra.pdpPerRow === 1)?.rows.AVERAGE ?? [];
  const rrasFor = (cf: Cf): DumpRra[] =>
    all.map(({ rra: { pdpPerRow }, rows }) => {
      const open = finest.map((column) => column.subarray(column.length - openPdps(lastS, { pdpPerRow, stepS })));
      return { cf, pdpPerRow, xff, preps: open.map((pdps) => prepOf(pdps, cf)), columns: copiedColumns(rows, cf) };
    });
  return { stepS, lastS, sources: sourcesOf(archive, lastOf(get, name, archive.kept)), rras: cfs.flatMap(rrasFor) };
}

/** Copies, because sending a view would send the whole buffer that it shares. */
function copiedColumns(rows: Rows, cf: Cf): readonly Float64Array[] {
  return rows[cf].map((column) => column.slice());
}

/** Whole data points since the end of the newest row. */
function openPdps(lastS: number, { pdpPerRow, stepS }: { readonly pdpPerRow: number; readonly stepS: number }): number {
  return Math.floor((lastS % (pdpPerRow * stepS)) / stepS);
}

function prepOf(pdps: Float64Array, cf: Cf): DumpPrep {
  const known = pdps.filter((value) => !Number.isNaN(value));
  const unknownPdps = pdps.length - known.length;
  if (known.length === 0) return { value: Number.NaN, unknownPdps };
  const value = cf === 'AVERAGE' ? known.reduce((sum, pdp) => sum + pdp, 0) : Math.max(...known);
  return { value, unknownPdps };
}

function sourcesOf({ place, sources, kept }: FoundArchive, counters: Counters): DumpSource[] {
  const { lastS, retention } = kept;
  const { stepS } = retention;
  const slot = slotOf(retention, lastS);
  const runs = loadReadings(place, { first: slot, last: slot });
  const { open } = derivePdps(runs, sources, { stepS, firstSlot: slot, count: 1 });
  // For imported rows, the data points that were open at their end are unknown.
  const isCollected = runs.some(({ timesS }) => timesS.at(-1) === lastS);
  const counterSources = sources.filter(({ kind }) => kind === 'DERIVE');
  return sources.map(({ name, kind, heartbeatS }, i): DumpSource => {
    const { value, unknownS } = (isCollected ? open[i] : undefined) ?? { value: 0, unknownS: lastS % stepS };
    const counter = kind === 'DERIVE' ? counters[counterSources.findIndex((one) => one.name === name)] : undefined;
    const min = kind === 'DERIVE' ? 0 : Number.NaN;
    return { name, kind, heartbeatS, min, max: Number.NaN, lastDs: counter?.toString() ?? 'U', value, unknownS };
  });
}

/** The last raw counters, from the table; empty when they must not be compared. */
function lastOf(get: Get, name: string, { lastS, retention }: KeptSpans): Counters {
  const [table, gone] = [get(metaKey('table')), get(metaKey('gone'))];
  const all = table === undefined ? emptyState : parseTable(table, gone?.toString() ?? '[]', retention);
  const { services } = all.director;
  if (name === directorName) return sumOf([...services.values()].filter((service) => service.lastS === lastS));
  return currentOf(countersIn(all, name), lastS);
}

type Counters = KnownCounters['counters'];

function currentOf(known: KnownCounters | undefined, lastS: number): Counters {
  return known === undefined || known.lastS !== lastS ? [] : known.counters;
}

/** The sum that feeds the director's archive; empty when one of its parts must not be compared. */
function sumOf(services: readonly KnownService[]): Counters {
  if (services.length === 0 || services.some(({ counters }) => counters.length === 0)) return [];
  const [first, ...rest] = services.map(({ counters }) => counters);
  return rest.reduce((sum, counters) => sum.map((value, i) => value + (counters[i] ?? 0n)), first ?? []);
}
