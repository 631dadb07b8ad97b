// The sources in a table that have no form of their own (`KnownState.others`): what concerns the archives of any source does them in one go,
// without knowing which they are.

import type { KnownArchive, KnownOther, KnownState } from '../cycle.js';
import type { KnownCounters } from '../kinds/kind.js';
import { identify } from '../names/parse-name.js';

/** A source of which nothing was read. */
const unknownOther: KnownOther = { archives: new Map(), timeS: null, failure: null };

/** A source of a table. */
export function otherIn({ others }: Pick<KnownState, 'others'>, name: string): KnownOther {
  return others?.get(name) ?? unknownOther;
}

/** The table with another state of a source. One that was never read has no place in it. */
export function withOther(table: KnownState, name: string, known: KnownOther): KnownState {
  return known === unknownOther ? table : { ...table, others: new Map(table.others).set(name, known) };
}

/** The field with every source changed; no field if there are none. */
export function changedOthers(
  { others }: Pick<KnownState, 'others'>,
  change: (known: KnownOther) => KnownOther,
): Pick<KnownState, 'others'> {
  return others === undefined ? {} : { others: new Map([...others].map(([name, known]) => [name, change(known)])) };
}

/** The field without the archives that do not stay; no field if there are no sources. */
export function othersWith(
  table: Pick<KnownState, 'others'>,
  stays: (archive: string) => boolean,
): Pick<KnownState, 'others'> {
  return changedOthers(table, (known) => ({
    ...known,
    archives: new Map([...known.archives].filter(([name]) => stays(name))),
  }));
}

/** The counters of an archive as its source knows them; undefined if none does. */
export function countersIn(table: KnownState, name: string): KnownCounters | undefined {
  const own = identify(name);
  return own?.kind.countedIn?.(table, own.parts) ?? otherArchives(table).get(name);
}

/** All of their archives, by name. */
export function otherArchives({ others }: Pick<KnownState, 'others'>): ReadonlyMap<string, KnownArchive> {
  return new Map([...(others?.values() ?? [])].flatMap(({ archives }) => [...archives]));
}
