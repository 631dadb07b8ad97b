// The services as known from the newest reading, in the columns of that reading. Most are as the listing shows them: present, with all
// their real servers. The odd ones (real servers that left a moment ago, or were unread) are objects beside the columns, and so are those
// that the listing lacks. To readers it is a map by name, whose values are made on demand.

import type { KnownRealServer, KnownService, KnownState } from '../cycle.js';
import { counterListAt } from './counter-words.js';
import {
  emptyColumns,
  forwardingAt,
  realServerNameAt,
  rowCount,
  rowsOf,
  serviceCount,
  serviceNameAt,
  setUpAt,
  type TableColumns,
} from './table-columns.js';

/** The parts of a known table. */
export interface KnownRows {
  readonly columns: TableColumns;
  /** Time of the reading. */
  readonly timeS: number;
  /** By row: 1 if the counters have wrapped (`KnownRealServer`). */
  readonly wrapped: Uint8Array;
  /** By row: the number of its archive plus 1, as the archives know it; 0 where it has to be looked up. Judges hand them on. */
  readonly archives: Uint32Array;
  /** Services that are not as the columns show them, by their place. */
  readonly odd: ReadonlyMap<number, KnownService>;
  /** Services that the listing lacks, by name; they follow the others. */
  readonly missing: ReadonlyMap<string, KnownService>;
}

/** The part of a service that is known without its real servers. */
export type KnownHead = Pick<KnownService, 'counters' | 'lastS' | 'absentS' | 'isAbsenceSure'>;

/** A known table. */
export class KnownTable implements ReadonlyMap<string, KnownService> {
  // Not enumerable: two tables are equal when their entries are.
  readonly #rows: KnownRows;
  #places: ReadonlyMap<string, number> | null = null;

  constructor(rows: KnownRows) {
    this.#rows = rows;
  }

  /** The table of a map of any services; all of them are objects. */
  static of(services: ReadonlyMap<string, KnownService>): KnownTable {
    if (services instanceof KnownTable) return services;
    const nothing = { wrapped: new Uint8Array(0), archives: new Uint32Array(0) };
    return new KnownTable({ columns: emptyColumns, timeS: 0, ...nothing, odd: new Map(), missing: services });
  }

  get rows(): KnownRows {
    return this.#rows;
  }

  get size(): number {
    return serviceCount(this.#rows.columns) + this.#rows.missing.size;
  }

  /** The service at a place of the columns. */
  at(place: number): KnownService {
    const { columns, timeS, odd } = this.#rows;
    const [start, end] = rowsOf(columns, place);
    const realServers = new Map<string, KnownRealServer>();
    const own = odd.get(place);
    if (own !== undefined) return own;
    for (let row = start + 1; row < end; row += 1) realServers.set(realServerNameAt(columns, row), this.#serverAt(row));
    const counters = counterListAt(columns.counters, start);
    return { counters, ...setUpAt(columns, start), lastS: timeS, absentS: null, realServers };
  }

  /** The same without its real servers. */
  headAt(place: number): KnownHead {
    const { columns, timeS, odd } = this.#rows;
    return (
      odd.get(place) ?? {
        counters: counterListAt(columns.counters, rowsOf(columns, place)[0]),
        lastS: timeS,
        absentS: null,
      }
    );
  }

  get(name: string): KnownService | undefined {
    const place = this.#placeOf(name);
    return place === undefined ? this.#rows.missing.get(name) : this.at(place);
  }

  has(name: string): boolean {
    return this.#placeOf(name) !== undefined || this.#rows.missing.has(name);
  }

  forEach(visit: (service: KnownService, name: string, table: ReadonlyMap<string, KnownService>) => void): void {
    for (const [name, service] of this.entries()) visit(service, name, this);
  }

  *entries(): MapIterator<[string, KnownService]> {
    const { columns, missing } = this.#rows;
    for (let place = 0; place < serviceCount(columns); place += 1) {
      yield [serviceNameAt(columns, place), this.at(place)];
    }
    yield* missing.entries();
  }

  *keys(): MapIterator<string> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): MapIterator<KnownService> {
    for (const [, service] of this.entries()) yield service;
  }

  [Symbol.iterator](): MapIterator<[string, KnownService]> {
    return this.entries();
  }

  #serverAt(row: number): KnownRealServer {
    const { columns, timeS, wrapped } = this.#rows;
    const counters = counterListAt(columns.counters, row);
    const known = { counters, ...forwardingAt(columns, row), lastS: timeS, absentS: null };
    return wrapped[row] === 1 ? { ...known, hasWrapped: true } : known;
  }

  #placeOf(name: string): number | undefined {
    const { columns } = this.#rows;
    this.#places ??= new Map(
      Array.from({ length: serviceCount(columns) }, (_, place) => [serviceNameAt(columns, place), place]),
    );
    return this.#places.get(name);
  }
}

/** Arrays for the rows of a table of which nothing more is known. */
export function newKnownRows(columns: TableColumns): Pick<KnownRows, 'wrapped' | 'archives'> {
  return { wrapped: new Uint8Array(rowCount(columns)), archives: new Uint32Array(rowCount(columns)) };
}

/** A state whose services are plain objects: it can be cloned, as between threads. */
export function cloneable<T extends Pick<KnownState, 'director'>>(state: T): T {
  return { ...state, director: { ...state.director, services: new Map(state.director.services) } };
}
