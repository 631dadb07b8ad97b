// Finds services whose counters may have restarted and climbed past their old values, so that none of their counters shows it.
// The kernel's totals reveal it: they continue when a service is deleted and added again, when it is zeroed alone, and when the
// table is cleared. So they grow by more than the services together. Each service that had counted no more than the missing
// amount is a suspect.
//
// Undetectable: a restart of a service that had counted less than the whole director counts in some 5 s; one beside a service
// that was seen to restart or to go, while others count on; and any restart if the totals cannot be read (another machine's
// table, a recording).

import type { DirectorBefore } from '../../model/cycle.js';
import type { Snapshot } from '../../model/snapshot.js';
import { columnsOf } from '../../model/table/column-snapshot.js';
import { counterListAt, hasCounted } from '../../model/table/counter-words.js';
import { serviceFinder } from '../../model/table/find-service.js';
import { type KnownHead, KnownTable } from '../../model/table/known-table.js';
import { rowsOf, serviceCount, serviceNameAt } from '../../model/table/table-columns.js';
import { counterList, growthOf } from './growth.js';
import { allowance, isFrozen, isLacking, restartOf } from './restart.js';

/** The services under suspicion, by name. */
export interface Suspects {
  readonly names: ReadonlySet<string>;
  /** True if all services that had counted anything are among them, or were seen to restart, and the missing amount covers all. */
  readonly isWholeTable: boolean;
}

/** No suspects. */
const none: Suspects = { names: new Set(), isWholeTable: false };

/** The services that may have restarted unseen since the previous reading. Pure. */
export function suspectsOf(previous: DirectorBefore, snapshot: Snapshot): Suspects {
  const account = accountOf(previous, snapshot);
  if (account === null) return none;
  const { missing, candidates, hasStoodStill, isExplained, kernel, growth, lengthS } = account;
  const allowed = allowance({ kernel, growth, lengthS });
  const found = candidates.filter(({ before }) => isLacking(before, missing, allowed));
  if (found.length === 0) return none;
  const together = found.reduce((sum, { before }) => sum.map((value, i) => value + (before[i] ?? 0n)), zeros);
  const isWholeTable = !hasStoodStill && found.length === candidates.length && isLacking(together, missing, allowed);
  if (isExplained && !isWholeTable) return none;
  return { names: new Set(found.map(({ name }) => name())), isWholeTable };
}

/**
 * Would the counters of a later refresh reveal a restart? True if the missing amount exceeds what refreshes of the mean rate
 * explain at the interval's beginning, so that only a burst at its end can still explain it.
 */
export function mayHideRestart(previous: DirectorBefore, snapshot: Snapshot): boolean {
  if (restartOf(previous, snapshot) !== null || suspectsOf(previous, snapshot).names.size > 0) return false;
  const account = accountOf(previous, snapshot);
  if (account === null || account.isExplained) return false;
  const { missing, candidates, kernel, growth, lengthS } = account;
  const { totals } = kernel;
  const still = { ...kernel, earlier: { totals, processors: kernel.processors } };
  const least = allowance({ kernel: still, growth, lengthS });
  return candidates.some(({ before }) => isLacking(before, missing, least));
}

const zeros: readonly bigint[] = [0n, 0n, 0n, 0n, 0n];

interface Candidate {
  readonly name: () => string;
  readonly before: readonly bigint[];
}

interface SumOfServices {
  /** The excess of the totals' growth over that of all services, by counter. */
  readonly missing: readonly number[];
  /** Services that grew, and had counted before. */
  readonly candidates: readonly Candidate[];
  /** Whether another service that had counted stands at its old value. */
  readonly hasStoodStill: boolean;
  /** Whether another was seen to restart or to go: its old counts may explain everything that is missing. */
  readonly isExplained: boolean;
  readonly kernel: NonNullable<Snapshot['kernel']>;
  /** Growth of the totals. */
  readonly growth: readonly bigint[];
  readonly lengthS: number;
}

/** The services' growth compared with the totals'; null if the two cannot be compared. */
function accountOf(previous: DirectorBefore, snapshot: Snapshot): SumOfServices | null {
  const { kernel, timeS, unread } = snapshot;
  const known = previous.kernel.parts.get('total');
  if (kernel === undefined || kernel.totals === null || known === undefined || known.absentS !== null) return null;
  if ((unread?.size ?? 0) > 0 || isFrozen(previous, kernel)) return null;
  const growth = growthOf(known.counters, counterList(kernel.earlier?.totals ?? kernel.totals));
  if (growth === null) return null;
  const sum = [0n, 0n, 0n, 0n, 0n];
  const candidates: Candidate[] = [];
  let hasStoodStill = false;
  let isExplained = false;
  let busyThere = 0;
  for (const { name, now, before } of pairsOf(previous, snapshot)) {
    if (before !== undefined && isOfOtherInterval(before, known.lastS)) return null;
    // A service that the previous reading surely did not find has counted from zero, like a new one.
    const hasContinued = before !== undefined && before.absentS === null;
    const own = hasContinued ? growthOf(before.counters, now) : null;
    if (hasContinued && isSome(before.counters)) busyThere += 1;
    isExplained ||= hasContinued && own === null;
    // A new service, or one that was seen to restart, has counted at least this much.
    const counted = own ?? now;
    for (const [i, value] of counted.entries()) sum[i] = (sum[i] ?? 0n) + value;
    if (own === null || !hasContinued || !isSome(before.counters)) continue;
    if (isSome(own)) candidates.push({ name, before: before.counters });
    else hasStoodStill = true;
  }
  isExplained ||= busyThere < busyServices(previous);
  const missing = growth.map((value, i) => Number(value - (sum[i] ?? 0n)));
  return { missing, candidates, hasStoodStill, isExplained, kernel, growth, lengthS: timeS - known.lastS };
}

interface Pair {
  readonly name: () => string;
  readonly now: readonly bigint[];
  readonly before: KnownHead | undefined;
}

/** The services of a table, and what was known of each. */
function* pairsOf(previous: DirectorBefore, snapshot: Snapshot): Generator<Pair> {
  const columns = columnsOf(snapshot);
  const table = KnownTable.of(previous.services);
  const find = serviceFinder(table.rows.columns, columns);
  for (let service = 0; service < serviceCount(columns); service += 1) {
    const was = find(service);
    const name = (): string => serviceNameAt(columns, service);
    const before = was >= 0 ? table.headAt(was) : table.rows.missing.get(name());
    yield { name, now: counterListAt(columns.counters, rowsOf(columns, service)[0]), before };
  }
}

/** Services of the previous reading that had counted anything. Only these may have counted more before they went. */
function busyServices(previous: DirectorBefore): number {
  const { columns, missing } = KnownTable.of(previous.services).rows;
  let count = 0;
  for (let service = 0; service < serviceCount(columns); service += 1) {
    if (hasCounted(columns.counters, rowsOf(columns, service)[0])) count += 1;
  }
  for (const { counters, absentS } of missing.values()) if (absentS === null && isSome(counters)) count += 1;
  return count;
}

/** Growth since a reading earlier than the totals', which may have been torn, is not part of theirs. */
function isOfOtherInterval({ lastS, isAbsenceSure, absentS }: KnownHead, totalsS: number): boolean {
  return absentS === null ? lastS !== totalsS : isAbsenceSure !== true;
}

function isSome(counters: readonly bigint[]): boolean {
  return counters.some((value) => value > 0n);
}
