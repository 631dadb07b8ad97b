// The values of readings, cut from shared blocks: a typed array with memory of its own takes three times as much, and a large
// table has 100,000 of them. All readings of a cycle live and go together, so a block is not kept by a single one for long.

import { ipvsDataSources } from '../../model/archive.js';

const columns = ipvsDataSources.length;
const rowsPerBlock = 1024;

let block = new Float64Array(0);
let used = 0;

/** Values of one reading, a column a data source, all unknown as yet. */
export function unknownValues(): Float64Array {
  if (used === block.length) {
    block = new Float64Array(rowsPerBlock * columns).fill(Number.NaN);
    used = 0;
  }
  used += columns;
  return block.subarray(used - columns, used);
}
