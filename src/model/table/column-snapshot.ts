// Snapshots whose services are in columns, and become objects only when somebody asks for them.

import type { ServiceReading, Snapshot } from '../snapshot.js';
import { columnsFrom, servicesFrom, type TableColumns } from './table-columns.js';

/** Services in columns. */
export type ColumnServices = Pick<Snapshot, 'services' | 'columns'>;

/** Columns, and the services made of them on demand. A copy by spreading has the services alone: it may change them. */
export function columnServices(columns: TableColumns): ColumnServices {
  let made: readonly ServiceReading[] | null = null;
  const lazy: ColumnServices = {
    get services() {
      made ??= servicesFrom(columns);
      return made;
    },
  };
  return Object.defineProperty(lazy, 'columns', { value: columns });
}

/** A snapshot, or a part of one, with more properties; its services stay in columns. */
export function changedSnapshot<T extends ColumnServices, M extends object>(snapshot: T, more: M): T & M {
  return Object.create(Object.prototype, {
    ...Object.getOwnPropertyDescriptors(snapshot),
    ...Object.getOwnPropertyDescriptors(more),
  });
}

/** The services of a snapshot in columns. */
export function columnsOf(snapshot: ColumnServices): TableColumns {
  return snapshot.columns ?? columnsFrom(snapshot.services);
}
