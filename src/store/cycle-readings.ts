// The readings of a cycle with the numbers of their archives, and the records that they become: one for each block of archives.

import type { Cycle, Reading } from '../model/cycle.js';
import { KnownTable } from '../model/table/known-table.js';
import { type RowReadings, valuesPerRow } from '../model/table/row-readings.js';
import { realServerNameAt, rowsOf, serviceCount, serviceNameAt } from '../model/table/table-columns.js';
import type { ArchiveRecord } from './layout/directory.js';
import { timedKey } from './layout/keys.js';
import { archivesPerBlock, BlockWriter, type SlotPlace } from './layout/recent.js';
import type { Operation } from './leveldb/database.js';

/** Readings and the numbers of their archives. */
export interface NumberedReadings {
  readonly others: readonly Reading[];
  readonly rows: RowReadings | null;
  /** Numbers of the archives of `rows`, plus 1. */
  readonly archives: Uint32Array;
  /** Numbers of the archives of `others`, then of `rows`. */
  readonly numbers: Float64Array;
}

/** Numbers the readings of a cycle. `recordOf` is asked for the archives whose numbers its table does not know. */
export function numberReadings(cycle: Cycle, recordOf: (name: string) => ArchiveRecord): NumberedReadings {
  const { rows, others } = cycle.columns ?? { rows: null, others: cycle.readings };
  const archives = rows === null ? new Uint32Array(0) : archiveNumbers(cycle, rows);
  const numbers = new Float64Array(others.length + archives.length);
  for (let i = 0; i < others.length; i += 1) numbers[i] = recordOf(others[i]?.archive ?? '').id;
  if (rows !== null && archives.includes(0)) numberRows(rows, archives, recordOf);
  for (let row = 0; row < archives.length; row += 1) numbers[others.length + row] = (archives[row] ?? 0) - 1;
  return { others, rows, archives, numbers };
}

/** The numbers plus 1 that the table has handed on, as a copy. */
function archiveNumbers({ table }: Cycle, { columns, sinceS }: RowReadings): Uint32Array {
  const known = KnownTable.of(table.director.services).rows;
  return known.columns === columns ? known.archives.slice() : new Uint32Array(sinceS.length);
}

function numberRows({ columns }: RowReadings, archives: Uint32Array, recordOf: (name: string) => ArchiveRecord): void {
  for (let service = 0; service < serviceCount(columns); service += 1) {
    const [start, end] = rowsOf(columns, service);
    for (let row = start; row < end; row += 1) {
      if (archives[row] !== 0) continue;
      const name = serviceNameAt(columns, service);
      archives[row] = 1 + recordOf(row === start ? name : `${name}/${realServerNameAt(columns, row)}`).id;
    }
  }
}

/** The table of a cycle with the numbers of its archives, for the next cycle. */
export function numberedTable({ table }: Cycle, { rows, archives }: NumberedReadings): Cycle['table'] {
  const { services } = table.director;
  if (rows === null || !(services instanceof KnownTable) || services.rows.columns !== rows.columns) return table;
  const numbered = new KnownTable({ ...services.rows, archives });
  return { ...table, director: { ...table.director, services: numbered } };
}

/** The records of a slot that has no readings yet, in the order of their keys. */
export function slotOperations({ others, rows, numbers }: NumberedReadings, place: SlotPlace): Operation[] {
  const operations: Operation[] = [];
  const writer = new BlockWriter(place);
  let block = -1;
  const endBlock = (): void => {
    if (block >= 0) operations.push({ type: 'put', key: timedKey('r', place.slot, block), value: writer.end() });
  };
  for (const i of inOrderOf(numbers)) {
    const number = numbers[i] ?? 0;
    if (Math.floor(number / archivesPerBlock) !== block) {
      endBlock();
      block = Math.floor(number / archivesPerBlock);
    }
    const row = i - others.length;
    const reading = others[i];
    if (reading !== undefined) {
      const { sinceS, timeS, values } = reading;
      writer.add(number % archivesPerBlock, { sinceS, timeS, values, from: 0, to: values.length });
    } else if (rows !== null) {
      const { timeS, sinceS, values } = rows;
      const [from, to] = [row * valuesPerRow, (row + 1) * valuesPerRow];
      writer.add(number % archivesPerBlock, { sinceS: sinceS[row] ?? timeS, timeS, values, from, to });
    }
  }
  endBlock();
  return operations;
}

/** The places of numbers in ascending order. They may be so already: a table lists its entries in an order that seldom changes. */
function inOrderOf(numbers: Float64Array): Iterable<number> {
  const count = numbers.length;
  // A number with its place is a whole number below 2^53: these sort several times faster than places that are compared by their numbers.
  const keys = new Float64Array(count);
  let isInOrder = true;
  for (let i = 0; i < count; i += 1) {
    keys[i] = (numbers[i] ?? 0) * count + i;
    isInOrder &&= i === 0 || (keys[i] ?? 0) > (keys[i - 1] ?? 0);
  }
  if (!isInOrder) keys.sort();
  for (let i = 0; i < count; i += 1) keys[i] = (keys[i] ?? 0) % count;
  return keys;
}
