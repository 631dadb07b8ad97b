// What counts as broken in a report: findings that opened, and cycles, counters, sources and databases that failed.

import { isOfFinding, type LedgerEvent } from '../model/ledger-event.js';

/** Does an event say that something broke? A lack of spare is part of the outlook. */
export function isBreakage({ kind, to }: LedgerEvent): boolean {
  if (isOfFinding(kind)) return kind === 'finding-opened' && to !== 'spare-lacking' && to !== 'redundancy-lacking';
  return breakages.has(kind);
}

const breakages: ReadonlySet<LedgerEvent['kind']> = new Set([
  ...(['cycle-failed', 'cycle-missed', 'counters-frozen', 'books-unbalanced', 'haproxy-failed'] as const),
  'database-repaired',
]);
