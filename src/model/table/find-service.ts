// Finds the entries of one table in another: at the same place, as long as nothing came or went, else by a hash of their identities.

import { identityWords, isSameEntry } from './identity-words.js';
import { rowsOf, serviceCount, type TableColumns } from './table-columns.js';

const none = 0xffff_ffff;

/** Finds rows by identity: open addressing, with room for twice the entries. */
class RowIndex {
  readonly #identities: Uint32Array;
  readonly #slots: Uint32Array;

  constructor(identities: Uint32Array, entries: number) {
    this.#identities = identities;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * entries + 2))).fill(none);
  }

  /** Adds a row unless there is one of its identity; returns the row that is in the index. */
  add(row: number): number {
    const slot = this.#slotOf(this.#identities, row);
    const known = this.#slots[slot] ?? none;
    if (known === none) this.#slots[slot] = row;
    return known === none ? row : known;
  }

  /** The row with the identity of a row of another table; -1 if there is none. */
  find(identities: Uint32Array, row: number): number {
    const found = this.#slots[this.#slotOf(identities, row)] ?? none;
    return found === none ? -1 : found;
  }

  #slotOf(identities: Uint32Array, row: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(identities, row) & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot] ?? none;
      if (known === none || isSameEntry(this.#identities, known, identities, row)) return slot;
    }
  }
}

function hashOf(identities: Uint32Array, row: number): number {
  let hash = 0;
  for (let i = row * identityWords; i < (row + 1) * identityWords; i += 1) {
    hash = Math.imul(hash ^ (identities[i] ?? 0), 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

/** Is an entry listed twice: a service, or a real server of the same one? */
export function hasRepeated(columns: Pick<TableColumns, 'starts' | 'identities'>): boolean {
  const { starts, identities } = columns;
  const services = serviceCount(columns);
  const index = new RowIndex(identities, services);
  for (let service = 0; service < services; service += 1) {
    const [start, end] = rowsOf({ starts }, service);
    if (index.add(start) !== start || hasRepeatedServer(identities, start + 1, end)) return true;
  }
  return false;
}

/** Real servers that are compared with each other one by one; more are hashed. */
const few = 16;

function hasRepeatedServer(identities: Uint32Array, start: number, end: number): boolean {
  if (end - start > few) {
    const index = new RowIndex(identities, end - start);
    for (let row = start; row < end; row += 1) if (index.add(row) !== row) return true;
    return false;
  }
  for (let row = start + 1; row < end; row += 1) {
    for (let other = start; other < row; other += 1) {
      if (isSameEntry(identities, row, identities, other)) return true;
    }
  }
  return false;
}

/** Finds services of `now` in `before`, called in the order of `now`. */
export function serviceFinder(before: TableColumns, now: TableColumns): (service: number) => number {
  let next = 0;
  let byRow: { readonly index: RowIndex; readonly serviceOf: ReadonlyMap<number, number> } | null = null;
  return (service) => {
    const [row] = rowsOf(now, service);
    if (next < serviceCount(before) && isSameEntry(before.identities, rowsOf(before, next)[0], now.identities, row)) {
      next += 1;
      return next - 1;
    }
    byRow ??= indexOf(before);
    const found = byRow.serviceOf.get(byRow.index.find(now.identities, row)) ?? -1;
    if (found >= 0) next = found + 1;
    return found;
  };
}

function indexOf(columns: TableColumns): { readonly index: RowIndex; readonly serviceOf: ReadonlyMap<number, number> } {
  const index = new RowIndex(columns.identities, serviceCount(columns));
  const serviceOf = new Map<number, number>();
  for (let service = 0; service < serviceCount(columns); service += 1) {
    const [row] = rowsOf(columns, service);
    index.add(row);
    serviceOf.set(row, service);
  }
  return { index, serviceOf };
}

/** Has a service the same real servers in both tables, in the same order? */
export function hasSameServers(before: TableColumns, was: number, now: TableColumns, is: number): boolean {
  const [[start, end], [from, to]] = [rowsOf(before, was), rowsOf(now, is)];
  if (end - start !== to - from) return false;
  for (let i = 1; i < end - start; i += 1) {
    if (!isSameEntry(before.identities, start + i, now.identities, from + i)) return false;
  }
  return true;
}
