// The values of readings, cut from shared blocks: a typed array with its own memory takes three times as much, and a large
// table has 100,000 of them. All readings of a cycle live and die together, so no single one keeps a block alive for long.

import { ipvsDataSources } from '../../model/archive.js';

const columns = ipvsDataSources.length;
const rowsPerBlock = 1024;

let block = new Float64Array(0);
let used = 0;

/** Values of one reading, one per data source, all unknown so far. */
export function unknownValues(): Float64Array {
  if (used === block.length) {
    block = new Float64Array(rowsPerBlock * columns).fill(Number.NaN);
    used = 0;
  }
  used += columns;
  return block.subarray(used - columns, used);
}
