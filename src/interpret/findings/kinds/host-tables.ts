// A table of the kernel that is nearly full: when it is, new neighbours or new connections are refused, whatever ip_vs does.

import type { FindingKind } from '../../../model/finding/finding.js';
import type { Thresholds } from '../../../model/finding/thresholds.js';
import { directorName } from '../../../model/names/name.js';
import type { HostTable } from '../../../model/table/host-table.js';
import { type Reducer, reducer, type Sign, thresholdFor } from '../reducer.js';

/** The part of a limit from which it is an emergency, found at once. */
const almostFull = 0.95;

interface FullTable {
  readonly kind: FindingKind;
  readonly isOwn: (table: HostTable) => boolean;
  readonly thresholdOf: (thresholds: Thresholds) => number;
}

const neighbours: FullTable = {
  kind: 'neighbours-full',
  isOwn: ({ name }) => name !== 'conntrack',
  thresholdOf: ({ neighbourPart }) => neighbourPart,
};

const conntrack: FullTable = {
  kind: 'conntrack-full',
  isOwn: ({ name }) => name === 'conntrack',
  thresholdOf: ({ conntrackPart }) => conntrackPart,
};

/** The reducers. */
export const hostTableReducers: readonly Reducer[] = [neighbours, conntrack].map(reducerOf);

function reducerOf({ kind, isOwn, thresholdOf }: FullTable): Reducer {
  return reducer({
    kind,
    severity: 'warning',
    signs: ({ table: { director } }, thresholds, known) => {
      if (director.hostTables === undefined) return { found: new Map(), isUnknown: () => true };
      const [fullest] = director.hostTables.filter(isOwn).toSorted((a, b) => partOf(b) - partOf(a));
      const least = thresholdFor(known, directorName, thresholdOf(thresholds));
      const isFull = fullest !== undefined && partOf(fullest) >= least;
      return { found: new Map(isFull ? [[directorName, signOf(fullest)]] : []) };
    },
  });
}

function partOf({ entries, limit }: HostTable): number {
  return entries / limit;
}

function signOf(table: HostTable): Sign {
  const { name, entries, limit } = table;
  const numbers = { table: name, entries, limit, part: partOf(table) };
  const own = { archives: [directorName], numbers };
  return numbers.part >= almostFull ? { ...own, severity: 'critical', openCycles: 1 } : own;
}
