// The flat form of a table, for storage and the socket. It never changes, so other versions of the program can read it: the director's
// fields sit beside those of the table, and `lvs` has the time of its newest reading only when that differs from the table's. On the socket
// the services are sent in their columns.

import type { KnownDirector, KnownHaproxy, KnownState } from '../../model/cycle.js';
import { type KnownRows, KnownTable } from '../../model/table/known-table.js';

/** The flat form. */
export type StoredTable = Omit<KnownState, 'director' | 'haproxy'> &
  Omit<KnownDirector, 'timeS' | 'host'> & {
    readonly lvs?: Pick<KnownDirector, 'timeS' | 'host'>;
    readonly haproxy: Omit<KnownHaproxy, 'timeS'> & { readonly lastS: number | null };
  };

/** The flat form on the socket. */
export type SentTable = Omit<StoredTable, 'services'> & { readonly services: StoredTable['services'] | KnownRows };

/** Flattens a table. */
export function storedTable({ director, haproxy, ...table }: KnownState): StoredTable {
  const { timeS, host, ...directorFields } = director;
  const { timeS: lastS, ...haproxyFields } = haproxy;
  return {
    ...table,
    ...directorFields,
    ...(timeS !== table.timeS && { lvs: { timeS, host } }),
    haproxy: { ...haproxyFields, lastS },
  };
}

/** Flattens a table for the socket. */
export function sentTable(table: KnownState): SentTable {
  const { services } = table.director;
  return { ...storedTable(table), services: services instanceof KnownTable ? services.rows : services };
}

/** Restores a table from its flat form. */
export function tableFrom(stored: SentTable): KnownState {
  const { services: sent, kernel, books, sumIncompleteS, hostTables, failure, lvs, haproxy, ...table } = stored;
  const { timeS, host } = lvs ?? table;
  const { lastS, ...haproxyFields } = haproxy;
  const sum = sumIncompleteS === undefined ? {} : { sumIncompleteS };
  const tables = hostTables === undefined ? {} : { hostTables };
  const services = 'columns' in sent ? new KnownTable(sent) : sent;
  return {
    ...table,
    director: { timeS, host, services, kernel, books, ...sum, ...tables, failure },
    haproxy: { ...haproxyFields, timeS: lastS },
  };
}
