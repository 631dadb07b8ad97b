// The connection table has far more entries than buckets, so that every packet walks a long chain. ip_vs recommends a size that is "not far
// less" than the number of connections (Kconfig, IP_VS_TAB_BITS); its own example has 1.2 connections to a bucket.

import { partName } from '../../../model/names/name.js';
import { reducer, type Sign, thresholdFor } from '../reducer.js';

/** An hour of standard steps. */
const cycles = 12;

/** The reducer. */
export const chainsLong = reducer({
  kind: 'chains-long',
  severity: 'warning',
  openCycles: cycles,
  closeCycles: cycles,
  signs: ({ parts }, { chainLength }, known) => {
    const archive = partName('table');
    const [size = Number.NaN, entries = Number.NaN] = parts.get(archive) ?? [];
    if (!(size > 0) || Number.isNaN(entries)) return { found: new Map(), isUnknown: () => true };
    const numbers = { entries, size, chain: entries / size };
    const found: [string, Sign][] =
      entries / size > thresholdFor(known, archive, chainLength) ? [[archive, { archives: [archive], numbers }]] : [];
    return { found: new Map(found) };
  },
});
