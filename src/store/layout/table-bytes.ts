// The known table as stored (docs/format.md, "Table"): a head in JSON (table-text.ts), then the services in their columns, so that a
// cycle neither parses nor formats a text per entry. Up to layout 6 all of it was JSON, which is still read.
//
//   table = 1:u8 0:u8[3] headBytes:u32 head pad[0..3] starts identities counters setUps weights archives wrapped

import { endianness } from 'node:os';
import type { KnownState } from '../../model/cycle.js';
import type { Retention } from '../../model/retention.js';
import { counterWords } from '../../model/table/counter-words.js';
import { identityWords } from '../../model/table/identity-words.js';
import { type KnownRows, KnownTable } from '../../model/table/known-table.js';
import { rowCount, serviceCount, serviceNameAt } from '../../model/table/table-columns.js';
import { type ServiceRow, serviceRow, servicesOfRows, type TableRow, tableOfRow, tableRow } from './table-text.js';

/** The first byte of the form; JSON begins with a brace. */
const form = 1;
const startBytes = 8;

/** The head: all that is not in columns. */
interface Head extends TableRow {
  readonly columns: {
    readonly services: number;
    readonly rows: number;
    readonly timeS: number;
    readonly texts: string[];
  };
  /** Services that are not as their columns show them, by place. */
  readonly odd: readonly (readonly [place: number, service: ServiceRow])[];
}

/** Formats a table, without the gone names. */
export function formatTable(known: KnownState): Buffer {
  const { rows } = KnownTable.of(known.director.services);
  const { columns, timeS, odd, missing, archives, wrapped } = rows;
  const head: Head = {
    ...tableRow(known, missing),
    columns: { services: serviceCount(columns), rows: rowCount(columns), timeS, texts: [...columns.texts] },
    odd: [...odd].map(([place, service]) => [place, serviceRow([serviceNameAt(columns, place), service])]),
  };
  const text = Buffer.from(JSON.stringify(head));
  const start = Buffer.alloc(startBytes);
  start.writeUInt8(form, 0);
  start.writeUInt32LE(text.length, 4);
  const { starts, identities, counters, setUps, weights } = columns;
  const words = [starts, identities, counters, setUps, weights, archives].map(wordBytes);
  return Buffer.concat([start, text, Buffer.alloc(paddingOf(text.length)), ...words, wrapped]);
}

/** Zeros up to the next word. */
function paddingOf(bytes: number): number {
  return (4 - (bytes % 4)) % 4;
}

/** The memory of words, on a machine of little-endian words as they are stored. */
function wordBytes(words: Uint32Array): Buffer {
  if (endianness() !== 'LE') throw new RangeError('tables need a machine whose words are little-endian');
  return Buffer.from(words.buffer, words.byteOffset, words.byteLength);
}

/** Parses a table in any form, which is trusted; `gone` is the text of the gone names. The retention comes separately. */
export function parseTable(stored: Buffer, gone: string, retention: Retention): KnownState {
  if (stored[0] !== form) {
    return tableOfRow(JSON.parse(stored.toString()) as TableRow, { services: null, gone, retention });
  }
  const headEnd = startBytes + stored.readUInt32LE(4);
  const { columns, odd, ...row } = JSON.parse(stored.toString('utf8', startBytes, headEnd)) as Head;
  const rows = parseColumns(stored.subarray(headEnd + paddingOf(headEnd)), { columns, odd, ...row });
  return tableOfRow(row, { services: new KnownTable(rows), gone, retention });
}

function parseColumns(
  bytes: Buffer,
  { columns: { services, rows, timeS, texts }, odd, services: missing }: Head,
): KnownRows {
  let at = 0;
  const words = (count: number): Uint32Array => {
    const own = bytes.subarray(at, at + 4 * count);
    if (own.length !== 4 * count) throw new RangeError('the table is cut off');
    at += own.length;
    const read = new Uint32Array(count);
    wordBytes(read).set(own);
    return read;
  };
  const columns = {
    starts: words(services + 1),
    identities: words(rows * identityWords),
    counters: words(rows * counterWords),
    setUps: words(rows),
    weights: words(rows),
  };
  const archives = words(rows);
  const wrapped = Uint8Array.from(bytes.subarray(at, at + rows));
  const kept = { texts, connections: new Uint32Array(2 * rows), lacks: new Map() };
  return {
    columns: { ...columns, ...kept },
    timeS,
    wrapped,
    archives,
    odd: new Map(odd.flatMap(([place, row]) => [...servicesOfRows([row]).values()].map((service) => [place, service]))),
    missing: servicesOfRows(missing),
  };
}
