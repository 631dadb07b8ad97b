// The flat form of a table, for storage and the socket. It never changes, so other versions of the program can read it: the director's
// fields sit beside those of the table, and `lvs` has the time of its newest reading only when that differs from the table's.

import type { KnownDirector, KnownHaproxy, KnownState } from '../../model/cycle.js';

/** The flat form. */
export type StoredTable = Omit<KnownState, 'director' | 'haproxy'> &
  Omit<KnownDirector, 'timeS' | 'host'> & {
    readonly lvs?: Pick<KnownDirector, 'timeS' | 'host'>;
    readonly haproxy: Omit<KnownHaproxy, 'timeS'> & { readonly lastS: number | null };
  };

/** Flattens a table. */
export function storedTable({ director, haproxy, ...table }: KnownState): StoredTable {
  const { timeS, host, ...ofDirector } = director;
  const { timeS: lastS, ...ofHaproxy } = haproxy;
  return {
    ...table,
    ...ofDirector,
    ...(timeS !== table.timeS && { lvs: { timeS, host } }),
    haproxy: { ...ofHaproxy, lastS },
  };
}

/** Restores a table from its flat form. */
export function tableFrom(stored: StoredTable): KnownState {
  const { services, kernel, books, sumIncompleteS, failure, lvs, haproxy, ...table } = stored;
  const { timeS, host } = lvs ?? table;
  const { lastS, ...ofHaproxy } = haproxy;
  const sum = sumIncompleteS === undefined ? {} : { sumIncompleteS };
  return {
    ...table,
    director: { timeS, host, services, kernel, books, ...sum, failure },
    haproxy: { ...ofHaproxy, timeS: lastS },
  };
}
