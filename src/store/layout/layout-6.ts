// The packed forms of layout 6, which migration reads: integers of 53 bits, chunks without the lengths of their columns, and one record of
// rows a day, kept rows as doubles and imported ones as columns. docs/format.md, "Layout 6", has the grammar.

import { type Cf, cfs } from '../../model/archive.js';
import type { Rows } from '../../model/rows/consolidate.js';
import { BitReader } from '../packing/bits.js';
import type { WindowPlace } from '../packing/chunk.js';
import { readCodes, readDouble, unzigzag } from '../packing/rice-codes.js';
import type { ReadingColumns } from './readings.js';

const forms = ['zero', 'same', 'plain', 'steps', 'exact'] as const;
const valueBits = 53;
const countBits = 16;

/** Reads a column of `count` values. Throws a `RangeError` when the bits are no column. */
function readColumn6(bits: BitReader, count: number): Float64Array {
  const form = forms[bits.read(3)];
  if (form === undefined) throw new RangeError('unknown form of column');
  if (bits.read(1) === 0) return readBody6(bits, form, count);
  const values = Float64Array.from({ length: count }, () => (bits.read(1) === 1 ? 0 : Number.NaN));
  const known = readBody6(bits, form, values.filter((value) => value === 0).length);
  let next = 0;
  return values.map((value) => (Number.isNaN(value) ? value : (known[next++] ?? Number.NaN)));
}

function readBody6(bits: BitReader, form: (typeof forms)[number], count: number): Float64Array {
  const values = new Float64Array(count);
  if (count === 0 || form === 'zero') return values;
  if (form === 'same') return values.fill(bits.read(valueBits));
  if (form === 'exact') return values.map(() => readDouble(bits));
  if (form === 'plain') {
    readCodes(bits, values);
    return values;
  }
  let value = bits.read(valueBits);
  const steps = new Float64Array(count - 1);
  readCodes(bits, steps);
  values[0] = value;
  for (const [i, code] of steps.entries()) {
    value += unzigzag(code);
    values[i + 1] = value;
  }
  return values;
}

/** Unpacks a chunk of an archive with `columns` data sources. */
export function decodeChunk6(bytes: Uint8Array, { window, windowS }: WindowPlace, columns: number): ReadingColumns {
  const bits = new BitReader(bytes);
  const count = bits.read(countBits);
  const [lengths, starts] = [readColumn6(bits, count), readColumn6(bits, count)];
  const timesS = new Float64Array(count);
  let timeS = window * windowS;
  const sinceS = starts.map((startS, i) => {
    const since = timeS - startS;
    timeS += lengths[i] ?? 0;
    timesS[i] = timeS;
    return since;
  });
  const values = Array.from({ length: columns }, () => readColumn6(bits, count));
  const unknownS = new Map<number, Float64Array>();
  for (let left = bits.read(countBits); left > 0; left -= 1) {
    const index = bits.read(countBits);
    unknownS.set(
      index,
      new Float64Array(columns).map(() => bits.read(countBits)),
    );
  }
  return { timesS, sinceS, values, unknownS };
}

/** Unpacks the kept rows of a day. Throws a `RangeError` when there are not `rowsPerDay` of each. */
export function decodeKeptDay6(bytes: Buffer, rowsPerDay: number, columns: number): Rows {
  if (bytes.length !== cfs.length * columns * rowsPerDay * 8) throw new RangeError('cut rows');
  const read = (cf: Cf): readonly Float64Array[] =>
    Array.from({ length: columns }, (_, column) => {
      const from = (cfs.indexOf(cf) * columns + column) * rowsPerDay;
      return Float64Array.from({ length: rowsPerDay }, (_, row) => bytes.readDoubleLE((from + row) * 8));
    });
  return { AVERAGE: read('AVERAGE'), MAX: read('MAX') };
}

/** Unpacks the imported rows of a day. */
export function decodeImportedDay6(bytes: Uint8Array, rowsPerDay: number, columns: number): Rows {
  const bits = new BitReader(bytes);
  const isSame = bits.read(1) === 1;
  const read = (): Float64Array[] => Array.from({ length: columns }, () => readColumn6(bits, rowsPerDay));
  const average = read();
  return { AVERAGE: average, MAX: isSame ? average : read() };
}
